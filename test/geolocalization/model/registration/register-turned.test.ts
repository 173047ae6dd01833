import { describe, expect, it } from '@jest/globals';
import { registerTurned } from '../../../../geolocalization/model/registration/register-turned.ts';
import { turnAndScaleCandidates } from '../../../../geolocalization/model/registration/turn-and-scale.ts';
import { cutRaster } from '../../../../maths/raster.ts';
import { resampleRaster } from '../../../../maths/resample.ts';
import { ground } from './ground.ts';

const size = { width: 256, height: 256 };
const land = ground('land', 768);
const reference = cutRaster(land, { x: 256, y: 256, ...size });
const MIDDLE = 127.5;

/** Where pixel (x, y) of the reference lies in a target turned by `degrees`, scaled and moved. */
const inTarget = (degrees: number, scale: number, x: number, y: number) => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [u, v] = [x - MIDDLE, y - MIDDLE];
  return { x: MIDDLE + scale * (c * u - s * v) + 12, y: MIDDLE + scale * (s * u + c * v) - 9 };
};

const turned = (degrees: number, scale: number) => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return resampleRaster(land, size, (x, y) => {
    const [u, v] = [(x - MIDDLE - 12) / scale, (y - MIDDLE + 9) / scale];
    return { x: 256 + MIDDLE + c * u + s * v, y: 256 + MIDDLE - s * u + c * v };
  });
};

const cases = [
  [30, 1.2],
  [-75, 0.85],
  [170, 1],
] as const;

describe('turnAndScaleCandidates()', () => {
  it.each(cases)(
    'gives a turn of %d degrees and a scale of %d, and the opposite',
    (degrees, scale) => {
      const [first, second] = turnAndScaleCandidates(reference, turned(degrees, scale));
      const angles = [first!, second!].map(({ angleRadians }) => (angleRadians * 180) / Math.PI);
      expect(Math.min(...angles.map((angle) => Math.abs(angle - degrees)))).toBeLessThan(1);
      expect(Math.abs(angles[0]! - angles[1]!)).toBeCloseTo(180, 9);
      expect(Math.abs(first!.scale / scale - 1)).toBeLessThan(0.02);
    },
  );

  it('has none for a target that is too small', () => {
    const small = cutRaster(land, { x: 0, y: 0, width: 40, height: 300 });
    expect(turnAndScaleCandidates(reference, small)).toEqual([]);
  });
});

describe('registerTurned()', () => {
  it.each(cases)('places a target turned by %d degrees and scaled by %d', (degrees, scale) => {
    const { registration, matrix } = registerTurned(reference, turned(degrees, scale), {
      seed: 'test',
    });
    expect(registration.status).toBe('LOCATED');
    const [a, b, c, d, e, f] = matrix!;
    for (const [x, y] of [
      [100, 100],
      [150, 110],
      [128, 160],
    ] as const) {
      const known = inTarget(degrees, scale, x, y);
      expect(Math.hypot(a * x + b * y + c - known.x, d * x + e * y + f - known.y)).toBeLessThan(
        0.3,
      );
    }
  });

  it('does not place other ground, nor a target that is too small', () => {
    const other = cutRaster(ground('sea', 300), { x: 20, y: 20, ...size });
    const found = registerTurned(reference, other, { seed: 'test' });
    expect(found.matrix).toBeNull();
    expect(found.registration.status).toBe('UNLOCATED');
    const small = cutRaster(land, { x: 0, y: 0, width: 40, height: 300 });
    expect(registerTurned(reference, small, { seed: 'test' }).registration.reason).toMatch(
      /no turn and scale brings it near/,
    );
  });
});
