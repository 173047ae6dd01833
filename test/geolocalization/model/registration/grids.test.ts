import { describe, expect, it } from '@jest/globals';
import { type Geotransform, toMap } from '../../../../geolocalization/model/affine.ts';
import {
  correctedGeotransform,
  gridOffset,
  mapDisplacement,
} from '../../../../geolocalization/model/registration/corrected-geotransform.ts';
import {
  displacementAt,
  fitShiftModel,
} from '../../../../geolocalization/model/registration/shift-model.ts';
import {
  sharedPart,
  windowGrid,
} from '../../../../geolocalization/model/registration/window-grid.ts';

const reference: Geotransform = [485902, 5, 0, 5209248, 0, -5];
const target: Geotransform = [485900.6, 5, 0, 5209246.2, 0, -5];
const shifted = (x: number, y: number) =>
  fitShiftModel([{ at: { x: 100, y: 100 }, shift: { x, y } }], 'translation')!;

describe('gridOffset()', () => {
  it('keeps the fraction of a pixel', () => {
    const { x, y } = gridOffset(reference, target, 1000)!;
    expect(x).toBeCloseTo(0.28, 9);
    expect(y).toBeCloseTo(-0.36, 9);
  });

  it('refuses pixels of another size or direction', () => {
    expect(gridOffset(reference, [0, 5.1, 0, 0, 0, -5], 1000)).toBeNull();
    expect(gridOffset(reference, [0, 5, 0, 0, 0, 5], 1000)).toBeNull();
  });
});

describe('correctedGeotransform()', () => {
  it('moves the origin back by a translation', () => {
    const corrected = correctedGeotransform(reference, target, shifted(0.1, -0.06))!;
    const known = [485900.6 - 0.5, 5, 0, 5209246.2 - 0.3, 0, -5];
    corrected.forEach((value, index) => expect(value).toBeCloseTo(known[index]!, 8));
    const off = mapDisplacement(reference, shifted(0.1, -0.06), { x: 0, y: 0 });
    expect(off.x).toBeCloseTo(0.5, 10);
    expect(off.y).toBeCloseTo(0.3, 10);
  });

  it('puts content where the reference has it, also turned and under an affine model', () => {
    const turned: Geotransform = [1000, 3, 1, 5000, 1, -3];
    const displacements = [
      [10, 10],
      [200, 20],
      [30, 180],
      [150, 150],
    ].map(([x = 0, y = 0]) => ({
      at: { x, y },
      shift: { x: 0.01 * x - 0.02 * y + 3, y: 0.005 * x + 0.01 * y - 2 },
    }));
    const model = fitShiftModel(displacements, 'affine')!;
    const corrected = correctedGeotransform(turned, turned, model)!;
    for (const { at } of displacements) {
      const { x, y } = displacementAt(model, at);
      // Pixel centers lie half a pixel from the corner that transforms count from.
      const found = toMap(corrected, at.x + x + 0.5, at.y + y + 0.5);
      const known = toMap(turned, at.x + 0.5, at.y + 0.5);
      expect(found[0]).toBeCloseTo(known[0], 8);
      expect(found[1]).toBeCloseTo(known[1], 8);
    }
  });

  it('has no transform for a polynomial', () => {
    const bent = Array.from({ length: 9 }, (_, index) => ({
      at: { x: (index % 3) * 10, y: Math.floor(index / 3) * 10 },
      shift: { x: index ** 2, y: 0 },
    }));
    const model = fitShiftModel(bent, 'polynomial')!;
    expect(correctedGeotransform(reference, target, model)).toBeNull();
  });
});

describe('windowGrid()', () => {
  const size = (width: number, height: number) => ({ width, height });
  const still = { x: 0, y: 0 };

  it('covers what both share, evenly and inside', () => {
    const grid = windowGrid(size(934, 724), size(934, 723), { x: 0.28, y: -0.36 })!;
    expect(grid.side).toBe(128);
    expect(grid.windows.length).toBeGreaterThan(60);
    for (const { x, y, width, height } of grid.windows) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(934);
      expect(y + height).toBeLessThanOrEqual(724);
    }
  });

  it.each([
    [180, 138, 64],
    [60, 60, 32],
    [30_000, 30_000, 128],
  ])('takes windows that suit %d x %d', (width, height, side) => {
    const grid = windowGrid(size(width, height), size(width, height), still)!;
    expect(grid.side).toBe(side);
    expect(grid.windows.length).toBeGreaterThan(0);
    expect(grid.windows.length).toBeLessThanOrEqual(400);
    expect(grid.overlap).toBeGreaterThanOrEqual(1);
  });

  it('has none for a part that is too small or not shared', () => {
    expect(windowGrid(size(20, 500), size(20, 500), still)).toBeNull();
    expect(windowGrid(size(100, 100), size(100, 100), { x: 90, y: 0 })).toBeNull();
  });
});

describe('sharedPart()', () => {
  it('is what the target covers too', () => {
    const found = sharedPart(
      { width: 100, height: 80 },
      { width: 50, height: 200 },
      { x: -20.5, y: 30 },
    );
    expect(found).toEqual({ x: 21, y: 0, width: 49, height: 80 });
  });
});
