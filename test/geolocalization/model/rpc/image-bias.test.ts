import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  applyBias,
  estimateBias,
  type GroundObservation,
  removeBias,
} from '../../../../geolocalization/model/rpc/image-bias.ts';
import { projectGround } from '../../../../geolocalization/model/rpc/project-ground.ts';
import { plainRpc } from './model.ts';

const grid = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => ({
  longitudeDegrees: 9.7 + 0.08 * index,
  latitudeDegrees: 49.8 + 0.1 * ((index * 3) % 5),
  heightMeters: 300,
}));

const seen = (shift: (index: number) => readonly [number, number]): GroundObservation[] =>
  grid.map((ground, index) => {
    const { sample, line } = projectGround(plainRpc, ground);
    const [x, y] = shift(index);
    return { ground, observed: { sample: sample + x, line: line + y } };
  });

describe('estimateBias()', () => {
  it('finds a shift, and says what is left', () => {
    const estimate = estimateBias(
      plainRpc,
      seen(() => [3, -4]),
    );
    expect(estimate.bias.sample[0]).toBeCloseTo(3, 10);
    expect(estimate.bias.line[0]).toBeCloseTo(-4, 10);
    expect(estimate.rmsBefore).toBeCloseTo(5, 10);
    expect(estimate.rmsAfter).toBeCloseTo(0, 10);
    expect(estimate.rmsLeaveOneOut).toBeCloseTo(0, 10);
  });

  it('does not follow one blunder by the median', () => {
    const points = seen((index) => (index === 4 ? [90, 90] : [3, -4]));
    const { bias } = estimateBias(plainRpc, points, 'median');
    expect(bias.sample[0]).toBeCloseTo(3, 10);
    expect(bias.line[0]).toBeCloseTo(-4, 10);
  });

  it('finds a drift with an affine model', () => {
    const drift = { sample: [1, 0.01, -0.002], line: [2, 0.003, 0.004] } as const;
    const points = grid.map((ground) => ({
      ground,
      observed: applyBias(drift, projectGround(plainRpc, ground)),
    }));
    const estimate = estimateBias(plainRpc, points, 'affine');
    expect(estimate.bias.sample[1]).toBeCloseTo(0.01, 10);
    expect(estimate.bias.line[2]).toBeCloseTo(0.004, 10);
    expect(estimate.rmsLeaveOneOut).toBeLessThan(1e-9);
  });

  it('has nothing to leave out of a single point', () => {
    expect(estimateBias(plainRpc, seen(() => [1, 1]).slice(0, 1)).rmsLeaveOneOut).toBeNull();
  });

  it('refuses too few points, and points on a line for a drift', () => {
    expect(() => estimateBias(plainRpc, [])).toThrow(/1 ground points are needed: found 0/);
    expect(() => estimateBias(plainRpc, seen(() => [1, 1]).slice(0, 5), 'affine')).toThrow(
      /found 5/,
    );
    const onLine = Array.from({ length: 7 }, () => seen(() => [1, 1])[0]!);
    expect(() => estimateBias(plainRpc, onLine, 'affine')).toThrow(/on one line/);
  });
});

describe('removeBias()', () => {
  it('undoes applyBias()', () => {
    const small = fc.double({ min: -0.1, max: 0.1, noNaN: true });
    const pixel = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(small, small, small, small, pixel, pixel, (a, b, c, d, sample, line) => {
        const bias = { sample: [5, a, b], line: [-7, c, d] } as const;
        const back = removeBias(bias, applyBias(bias, { sample, line }));
        expect(Math.hypot(back.sample - sample, back.line - line)).toBeLessThan(1e-8);
      }),
    );
  });
});
