import { describe, expect, it } from '@jest/globals';
import type { Registration } from '../../../../geolocalization/model/registration/conclude-registration.ts';
import { verdictOnFound } from '../../../../geolocalization/model/registration/search-verdict.ts';
import { departureOf } from '../../../../geolocalization/model/registration/georeference-departure.ts';
import { likelyShifts } from '../../../../geolocalization/model/registration/search-shifts.ts';
import {
  searchTurns,
  searchWindows,
} from '../../../../geolocalization/model/registration/search-turns.ts';
import {
  foundBySearch,
  searchedInVain,
} from '../../../../geolocalization/model/registration/search-words.ts';
import { cutRaster } from '../../../../maths/raster.ts';
import { resampleRaster } from '../../../../maths/resample.ts';
import { ground } from './ground.ts';

const land = ground('land', 400);

describe('likelyShifts()', () => {
  it('finds where a part of a reference was cut, and stands out there', () => {
    const part = cutRaster(land, { x: 211, y: 37, width: 90, height: 70 });
    const [first, second] = likelyShifts(land, part);
    expect(first!.shift).toEqual({ x: 211, y: 37 });
    // Not 1: the weights follow what is level in all of each, and the highest frequencies are left out.
    expect(first!.correlation).toBeGreaterThan(0.9);
    expect(second!.correlation).toBeLessThan(first!.correlation / 2);
  });

  it('finds one that lies over the edge, and one whose light and dark are swapped', () => {
    const part = cutRaster(land, { x: -20, y: 100, width: 90, height: 90 });
    const swapped = { ...part, values: part.values.map((value) => 900 - 2 * value) };
    expect(likelyShifts(land, swapped)[0]!.shift).toEqual({ x: -20, y: 100 });
  });

  it('has nothing to say of what is level', () => {
    const level = { width: 60, height: 60, values: new Float64Array(3600).fill(7), valid: null };
    expect(likelyShifts(land, level)).toEqual([]);
  });
});

describe('searchWindows()', () => {
  it('covers the whole, halves and quarters, each window half over the next', () => {
    const windows = searchWindows({ width: 1024, height: 1024 });
    const sides = windows.map(({ width }) => width);
    expect([1024, 512, 256].map((side) => sides.filter((one) => one === side).length)).toEqual([
      1, 9, 49,
    ]);
  });

  it('covers a long reference by squares, to its very end', () => {
    const windows = searchWindows({ width: 700, height: 200 });
    expect(windows.every(({ width, height }) => width === height)).toBe(true);
    expect(Math.max(...windows.map(({ x, width }) => x + width))).toBe(700);
  });
});

describe('searchTurns()', () => {
  it('places a scene that is turned, smaller and off the middle, to a tenth of a pixel', () => {
    const [c, s] = [Math.cos(2.2), Math.sin(2.2)];
    const truth = (x: number, y: number) => ({
      x: 320 + 0.8 * (c * x - s * y),
      y: 190 + 0.8 * (s * x + c * y),
    });
    const wide = ground('wide', 512);
    const target = resampleRaster(wide, { width: 256, height: 256 }, truth);
    const { matrix, falseAlarms } = searchTurns(wide, target, {
      seed: 'test',
      beforeEach: () => undefined,
    });
    expect(falseAlarms).toBeLessThan(1e-4);
    const [a, b, e, d, f, g] = matrix!;
    for (const [x, y] of [
      [10, 10],
      [200, 40],
      [128, 240],
    ] as const) {
      const at = truth(x, y);
      expect(Math.abs(a * at.x + b * at.y + e - x)).toBeLessThan(0.15);
      expect(Math.abs(d * at.x + f * at.y + g - y)).toBeLessThan(0.15);
    }
  }, 60_000);
});

describe('departureOf()', () => {
  const size = { width: 1000, height: 800 };
  /** Around 11 E, 48 N: so many meters a degree there, to a thousandth. */
  const placed =
    (degrees: number, meters: number, rows = 1) =>
    (column: number, row: number) => {
      const angle = (degrees * Math.PI) / 180;
      const [x, y] = [meters * (column - 500), rows * meters * (row - 400)];
      const east = x * Math.cos(angle) - y * Math.sin(angle);
      const south = x * Math.sin(angle) + y * Math.cos(angle);
      return [11 + east / 74_625, 48 - south / 111_200] as [number, number];
    };

  it('is a turn clockwise, and how much larger the pixels are', () => {
    const { turnDegrees, scale, isMirrored } = departureOf(placed(170, 2), placed(-150, 3), size)!;
    expect(turnDegrees).toBeCloseTo(40, 1);
    expect(scale).toBeCloseTo(1.5, 3);
    expect(isMirrored).toBe(false);
  });

  it('tells a scene that is stated with its rows the wrong way', () => {
    expect(departureOf(placed(0, 2, -1), placed(0, 2), size)).toMatchObject({ isMirrored: true });
    expect(departureOf(() => null, placed(0, 2), size)).toBeNull();
  });
});

describe('verdictOnFound()', () => {
  const found = { status: 'LOCATED', agreeing: 20, compared: 100 } as Registration;

  it('needs a fifth of the windows where the scene does not state to lie', () => {
    expect(verdictOnFound(found)).toBe(found);
    const few = verdictOnFound({ ...found, agreeing: 19 });
    expect(few.status).toBe('WEAK');
    expect(few.reason).toMatch(/of 100 windows only 19 agree, .* 20 have to$/);
    const none = { ...found, status: 'NO_MATCH', agreeing: 0 } as Registration;
    expect(verdictOnFound(none)).toBe(none);
  });
});

describe('what is said of a search', () => {
  it('is that nothing was found, or why none was made', () => {
    const before = { reason: 'No place stands out' };
    expect(searchedInVain(before, { places: 41.7, fault: 'none stands out' })).toEqual({
      reason: 'No place stands out, and of 42 other places that were tried none stands out',
      search: { places: 41.7, isFound: false },
    });
    expect(searchedInVain(before, { places: 0, fault: 'nothing lies near it' }).search).toBeNull();
  });

  it('is how far off the scene was, and how sure its place is', () => {
    const evidence = { agreeing: 20, compared: 25, falseAlarms: 1e-9 };
    const displacement = { eastMeters: 3, northMeters: 4, lengthMeters: 5, azimuthDegrees: 37 };
    const search = { places: 9, stated: null };
    const departure = { turnDegrees: -12.34, scale: 1.5, isMirrored: false };
    expect(foundBySearch({ search }, evidence, { displacement, departure }).reason).toMatch(
      /^The scene lies 5.0 m from where it states, turned 12.3 degrees counterclockwise, with pixels 1.50 times as large: a search of 9 places found it, 20 of 25 windows agree/,
    );
    const moved = { ...departure, turnDegrees: 0.01, scale: 1.001 };
    const found = foundBySearch({ search }, evidence, { displacement, departure: moved });
    expect(found.reason).toMatch(/^The scene lies 5.0 m from where it states: a search of 9/);
    expect(found.findings).toEqual([
      {
        code: 'STATED_PLACE_WRONG',
        severity: 'error',
        message: 'its georeference is wrong: it lies 5.0 m from where it states',
      },
    ]);
    const bare = foundBySearch({ search }, evidence, null);
    expect(bare.reason).toMatch(/^The scene states no place:/);
    expect(bare.findings).toEqual([]);
  });
});
