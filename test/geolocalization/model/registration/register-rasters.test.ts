import { describe, expect, it } from '@jest/globals';
import { coarseShifts } from '../../../../geolocalization/model/registration/coarse-shift.ts';
import { concludeRegistration } from '../../../../geolocalization/model/registration/conclude-registration.ts';
import { registerRasters } from '../../../../geolocalization/model/registration/register-rasters.ts';
import { measureTiePoint } from '../../../../geolocalization/model/registration/tie-points.ts';
import { windowGrid } from '../../../../geolocalization/model/registration/window-grid.ts';
import { cutRaster } from '../../../../maths/raster.ts';
import { resampleRaster } from '../../../../maths/resample.ts';
import { ground } from './ground.ts';

const SIDE = 256;

const land = ground('land', 2 * SIDE);
const size = { width: SIDE, height: SIDE };
const reference = cutRaster(land, { x: 128, y: 128, ...size });

/** The same ground, its content (dx, dy) pixels farther. */
const shifted = (dx: number, dy: number) =>
  resampleRaster(land, size, (x, y) => ({ x: x + 128 - dx, y: y + 128 - dy }));

const still = { offset: { x: 0, y: 0 }, seed: 'test' };

describe('registerRasters()', () => {
  it.each([
    [0.3, -0.7],
    [-17.4, 9.2],
    [60.5, -58.25],
  ])('locates a target that lies off by %d, %d', (dx, dy) => {
    const found = registerRasters(reference, shifted(dx, dy), still);
    expect(found.status).toBe('LOCATED');
    expect(Math.hypot(found.shift!.x - dx, found.shift!.y - dy)).toBeLessThan(0.05);
    expect(found.falseAlarms).toBeLessThan(1e-4);
    expect(found.circularError90).toBeLessThan(0.3);
    expect(found.rmsBefore).toBeGreaterThan(found.rmsAfter!);
    expect(found.remaining).toBeLessThan(0.05);
    expect(found.similarityAfter).toBeGreaterThan(found.similarityBefore!);
  });

  it('says what lies off against what the georeference states, fraction and all', () => {
    const offset = { x: 4.28, y: -3.36 };
    const found = registerRasters(reference, shifted(5.28, -3.86), { ...still, offset });
    expect(found.shift!.x).toBeCloseTo(1, 1);
    expect(found.shift!.y).toBeCloseTo(-0.5, 1);
  });

  it('does not need the same light, nor all of the target', () => {
    const target = shifted(-6.5, 3.25);
    const cloudy = {
      ...target,
      values: target.values.map((value, pixel) => {
        const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
        return Math.hypot(x - 70, y - 60) < 55 ? 900 : 500 - 0.7 * value;
      }),
    };
    const found = registerRasters(reference, cloudy, still);
    expect(found.status).toBe('LOCATED');
    expect(Math.hypot(found.shift!.x + 6.5, found.shift!.y - 3.25)).toBeLessThan(0.3);
  });

  it.each(['sea', 'sky'])('finds no place on other ground: %s', (seed) => {
    const other = cutRaster(ground(seed, 2 * SIDE), { x: 99, y: 77, ...size });
    const found = registerRasters(reference, other, still);
    expect(found.status).toBe('NO_MATCH');
    expect(found.model).toBeNull();
    expect(found.shift).toBeNull();
  });

  it('says when there was nothing to compare', () => {
    const level = { ...reference, values: reference.values.map(() => 5) };
    expect(registerRasters(reference, level, still)).toMatchObject({
      status: 'NOT_COMPARABLE',
      falseAlarms: null,
    });
    const far = registerRasters(reference, reference, { ...still, offset: { x: 250, y: 0 } });
    expect(far.reason).toMatch(/share too small a part/);
  });
});

describe('concludeRegistration()', () => {
  it('does not depend on the order in which windows were measured', () => {
    const target = shifted(2.5, 1.5);
    const grid = windowGrid(reference, target, still.offset)!;
    const plan = { offset: still.offset, expected: still.offset, searchRadius: 12 };
    const measured = grid.windows.map((window) => measureTiePoint(reference, target, window, plan));
    const options = { seed: 'test', searchRadius: 12, overlap: grid.overlap };
    expect(concludeRegistration(measured.toReversed(), options)).toEqual(
      concludeRegistration(measured, options),
    );
  });
});

describe('concludeRegistration() on windows that overlap', () => {
  it('does not take neighbors for witnesses', () => {
    const target = shifted(2.5, 1.5);
    const plan = { offset: still.offset, expected: still.offset, searchRadius: 12 };
    const measured = [0, 8, 16, 24, 32, 40].map((x) =>
      measureTiePoint(reference, target, { x, y: 60, width: 128, height: 128 }, plan),
    );
    const found = concludeRegistration(measured, { seed: 'x', searchRadius: 12, overlap: 1 });
    expect(found.agreeing).toBe(6);
    expect(found.status).not.toBe('LOCATED');
    expect(found.falseAlarms).toBeCloseTo(1 / 144, 9);
  });
});

describe('coarseShifts()', () => {
  it('looks once when a peak stands out', () => {
    const looks = coarseShifts(reference, shifted(40, -20), still.offset);
    expect(looks).toHaveLength(1);
    expect(looks[0]!.isDecisive).toBe(true);
    expect(looks[0]!.shift.x).toBeCloseTo(40, 0);
  });
});
