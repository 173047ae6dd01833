import { describe, expect, it } from '@jest/globals';
import type { CoarseShift } from '../../../../geolocalization/model/registration/coarse-shift.ts';
import type { Registration } from '../../../../geolocalization/model/registration/conclude-registration.ts';
import {
  isWithoutRivals,
  likenessAround,
  patchAround,
  rivalryOf,
  verdictAmongRivals,
  windowsWithRivals,
} from '../../../../geolocalization/model/registration/rival-places.ts';
import { cutRaster } from '../../../../maths/raster.ts';
import { ground } from './ground.ts';

const land = ground('rivals', 240);
const window = { x: 88, y: 88, width: 64, height: 64 };
const at = { x: 119.5, y: 119.5 };

describe('likenessAround()', () => {
  it('is highest in the middle for a window that is where the model says', () => {
    const model = { kind: 'translation', center: at, radius: 1, x: [2.2], y: [-3.4] } as const;
    const patch = patchAround({ window, at }, model, { x: -2, y: 3 });
    expect(patch).toEqual({ x: 24, y: 24, width: 192, height: 192 });
    const likeness = likenessAround(cutRaster(land, window), cutRaster(land, patch));
    const side = Math.sqrt(likeness.length);
    expect(likeness.indexOf(Math.max(...likeness))).toBe((likeness.length - 1) / 2);
    expect(side).toBe(2 * 60 + 1);
    expect(rivalryOf([likeness]).ratio).toBeGreaterThan(3);
  });
});

describe('rivalryOf()', () => {
  const plane = (places: Record<number, number>) =>
    Float64Array.from({ length: 41 * 41 }, (_, place) => places[place] ?? 0);
  const middle = 20 * 41 + 20;

  it('sums what windows have in common, and does not take the peak itself for its rival', () => {
    const first = plane({ [middle]: 2, [middle + 2]: 9, [middle + 8]: 1, [middle - 41 * 9]: 3 });
    const second = plane({ [middle + 41]: 2, [middle + 8]: 2.5 });
    expect(rivalryOf([first])).toEqual({ ratio: 2 / 3, distance: 9 });
    expect(rivalryOf([first, second])).toEqual({ ratio: 2 / 3.5, distance: 8 });
  });
});

describe('verdictAmongRivals()', () => {
  const found = { status: 'LOCATED', agreeing: 8, compared: 90, falseAlarms: 1e-9 } as Registration;

  it('leaves a place that is twice as alike as any around it', () => {
    expect(verdictAmongRivals(found, { ratio: 2, distance: 40 })).toBe(found);
    const lost = { ...found, status: 'NO_MATCH' } as const;
    expect(verdictAmongRivals(lost, { ratio: 0.9, distance: 40 })).toBe(lost);
  });

  it.each([
    [1.9, 'nearly as much alike'],
    [0.9, 'as much alike'],
  ])('is WEAK where it is %d times as alike, in words', (ratio, words) => {
    const verdict = verdictAmongRivals(found, { ratio, distance: 39.6 });
    expect(verdict).toMatchObject({ status: 'WEAK', falseAlarms: 1 });
    expect(verdict.reason).toBe(
      `Ground that repeats itself, such as fields or streets, may have been taken for the same: 8 of 90 windows agree, but 40 px from there they look ${words}`,
    );
  });
});

describe('isWithoutRivals()', () => {
  const look = { isDecisive: true, factor: 2 } as CoarseShift;

  it('takes the word of the first look alone, and not when it was reduced by more than four', () => {
    expect(isWithoutRivals([look])).toBe(true);
    expect(isWithoutRivals([{ ...look, factor: 5 }])).toBe(false);
    expect(isWithoutRivals([{ ...look, isDecisive: false }, look])).toBe(false);
    expect(isWithoutRivals([])).toBe(false);
  });
});

describe('windowsWithRivals()', () => {
  it('are twelve at most of those that agree', () => {
    const points = Array.from({ length: 100 }, (_, index) => ({ isInlier: index % 2 === 0 }));
    expect(windowsWithRivals(points).length).toBeLessThanOrEqual(12);
    expect(windowsWithRivals(points).every(({ isInlier }) => isInlier)).toBe(true);
  });
});
