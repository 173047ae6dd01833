import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chipOffset, shiftOrigin } from '../../../../geolocalization/model/rpc/chip-offset.ts';
import { locateOnTerrain } from '../../../../geolocalization/model/rpc/locate-on-terrain.ts';
import { locatePixel } from '../../../../geolocalization/model/rpc/locate-pixel.ts';
import {
  isExtrapolated,
  projectGround,
} from '../../../../geolocalization/model/rpc/project-ground.ts';
import { plainRpc } from './model.ts';

const center = { longitudeDegrees: 10, latitudeDegrees: 50, heightMeters: 300 };

describe('projectGround()', () => {
  it('gives what the model says by hand', () => {
    expect(projectGround(plainRpc, center)).toEqual({ sample: 100, line: 200 });
    const { sample, line } = projectGround(plainRpc, {
      longitudeDegrees: 10.25,
      latitudeDegrees: 49.9,
      heightMeters: 400,
    });
    expect(sample).toBeCloseTo(100 + 50 * 0.5 + 5, 10);
    expect(line).toBeCloseTo(200 + 80 * 0.25, 10);
  });

  it('takes the shorter way across the antimeridian', () => {
    const rpc = { ...plainRpc, longitude: { offset: 179.9, scale: 0.5 } };
    const east = projectGround(rpc, { ...center, longitudeDegrees: -179.9 });
    expect(east.sample).toBeCloseTo(100 + 50 * 0.4, 9);
  });

  it('refuses a place where a denominator vanishes', () => {
    const denominator = plainRpc.line.denominator.with(0, 0).with(1, 1);
    const rpc = { ...plainRpc, line: { ...plainRpc.line, denominator } };
    expect(() => projectGround(rpc, center)).toThrow(/denominator vanishes/);
    expect(locatePixel(rpc, { sample: 100, line: 200 }, 300)).toBeNull();
  });
});

describe('isExtrapolated()', () => {
  it('begins a tenth beyond the range of the model', () => {
    expect(isExtrapolated(plainRpc, { ...center, heightMeters: 409 })).toBe(false);
    expect(isExtrapolated(plainRpc, { ...center, heightMeters: 411 })).toBe(true);
    expect(isExtrapolated(plainRpc, { ...center, longitudeDegrees: 10.56 })).toBe(true);
  });
});

describe('locatePixel()', () => {
  it('undoes projectGround()', () => {
    const share = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (l, p, h) => {
        const ground = {
          longitudeDegrees: 10 + 0.5 * l,
          latitudeDegrees: 50 + 0.4 * p,
          heightMeters: 300 + 100 * h,
        };
        const pixel = projectGround(plainRpc, ground);
        const back = locatePixel(plainRpc, pixel, ground.heightMeters)!;
        expect(Math.abs(back.longitudeDegrees - ground.longitudeDegrees)).toBeLessThan(1e-9);
        expect(Math.abs(back.latitudeDegrees - ground.latitudeDegrees)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('locateOnTerrain()', () => {
  const pixel = { sample: 100, line: 200 };

  it('meets a slope where it meets the line of sight', () => {
    // 100 m up move a pixel's place 0.05 degree west; the slope rises 400 m a degree to the east.
    const slope = (longitude: number) => 300 + 400 * (longitude - 9.9);
    const place = locateOnTerrain(plainRpc, pixel, slope)!;
    expect(place.isOnTerrain).toBe(true);
    expect(place.heightMeters).toBeCloseTo(300 + 40 / 1.2, 2);
    expect(projectGround(plainRpc, place).sample).toBeCloseTo(100, 9);
  });

  it('halves when the slope is steeper than the line of sight and the heights swing', () => {
    const steep = (longitude: number) =>
      Math.min(400, Math.max(200, 300 + 4000 * (longitude - 9.99)));
    const place = locateOnTerrain(plainRpc, pixel, steep)!;
    expect(place.isOnTerrain).toBe(true);
    expect(steep(place.longitudeDegrees)).toBeCloseTo(place.heightMeters, 1);
  });

  it('stays at the height that it has where the terrain has no value', () => {
    expect(locateOnTerrain(plainRpc, pixel, () => null)).toMatchObject({
      isOnTerrain: false,
      heightMeters: 300,
    });
    expect(locateOnTerrain(plainRpc, pixel, () => null, 250)).toMatchObject({ heightMeters: 250 });
  });
});

describe('chipOffset() and shiftOrigin()', () => {
  it('take a chip for a part of its scene', () => {
    const chip = shiftOrigin(plainRpc, chipOffset([40, 1, 0, 60, 0, 1]));
    expect(projectGround(chip, center)).toEqual({ sample: 60, line: 140 });
  });

  it.each([
    ['no transform', null],
    ['a map', [40, 2, 0, 60, 0, -2] as const],
    ['rows that count backwards', [40, 1, 0, 60, 0, -1] as const],
  ])('see no chip in %s', (_, transform) => {
    expect(chipOffset(transform)).toEqual({ sample: 0, line: 0 });
  });
});
