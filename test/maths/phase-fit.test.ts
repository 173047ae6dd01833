import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitPhases } from '../../maths/phase-fit.ts';
import type { Raster } from '../../maths/raster.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';
import { analyticImage } from './analytic-image.ts';

const SIDE = 128;
const STILL = { x: 0, y: 0 };
const reference = analyticImage();

const withValues = (raster: Raster, change: (value: number, index: number) => number): Raster => ({
  ...raster,
  values: raster.values.map(change),
});

/** Of about normal distribution, with a standard deviation of `size`. */
function noisy(raster: Raster, size: number, seed: string): Raster {
  const random = randomNumbers(seed);
  const normal = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value) - 6;
  return withValues(raster, (value) => value + size * normal());
}

describe('fitPhases()', () => {
  it.each([
    [0.37, -0.38],
    [0.25, 0.4],
    [0.1, 0],
    [-0.45, 0.02],
  ])('finds %d, %d within a thousandth of a pixel, from a tenth beside it', (dx, dy) => {
    const fit = fitPhases(reference, analyticImage(dx, dy), { x: dx + 0.07, y: dy - 0.07 })!;
    expect(Math.hypot(fit.x - dx, fit.y - dy)).toBeLessThan(0.002);
    expect(fit.standardError).toBeLessThan(0.001);
  });

  it('finds nothing off between equal images', () => {
    const fit = fitPhases(reference, reference, STILL)!;
    expect(fit.x).toBeCloseTo(0, 12);
    expect(fit.y).toBeCloseTo(0, 12);
  });

  it('does not see a constant, a factor, nor light and dark swapped', () => {
    const target = analyticImage(0.3, -0.2);
    const plain = fitPhases(reference, target, STILL)!;
    const size = fc.double({ min: 0.01, max: 1000, noNaN: true });
    const constant = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(size, constant, fc.boolean(), (factor, offset, isSwapped) => {
        const changed = withValues(
          target,
          (value) => (isSwapped ? -factor : factor) * value + offset,
        );
        const fit = fitPhases(reference, changed, STILL)!;
        expect(Math.hypot(fit.x - plain.x, fit.y - plain.y)).toBeLessThan(1e-4);
      }),
      { numRuns: 8 },
    );
  });

  it('is the opposite when reference and target are swapped', () => {
    const target = noisy(analyticImage(0.3, -0.2), 0.02, 'swap');
    const there = fitPhases(reference, target, { x: 0.3, y: -0.2 })!;
    const back = fitPhases(target, reference, { x: -0.3, y: 0.2 })!;
    expect(Math.hypot(there.x + back.x, there.y + back.y)).toBeLessThan(0.005);
  });

  it('states how far it may be off: as fits of many noises spread', () => {
    const truth = { x: 0.3, y: -0.2 };
    const target = analyticImage(truth.x, truth.y);
    const fits = Array.from({ length: 24 }, (_, seed) =>
      fitPhases(reference, noisy(target, 0.1, `noise ${seed}`), truth)!,
    );
    const squares = fits.reduce(
      (sum, { x, y }) => sum + (x - truth.x) ** 2 + (y - truth.y) ** 2,
      0,
    );
    const spread = Math.sqrt(squares / (2 * fits.length));
    const stated = fits.reduce((sum, { standardError }) => sum + standardError, 0) / fits.length;
    expect(stated / spread).toBeGreaterThan(0.6);
    expect(stated / spread).toBeLessThan(1.6);
  });

  it('is not sure of what images that show other things have in common', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const random = randomNumbers(seed);
      const noise = withValues(reference, () => random());
      expect(fitPhases(reference, noise, STILL)?.standardError ?? 1).toBeGreaterThan(0.06);
    }
  });

  it('leaves out what holds no data in either, and tells nothing without any', () => {
    const hole = new Uint8Array(SIDE * SIDE).fill(1);
    for (let y = 40; y < 70; y++) hole.fill(0, y * SIDE + 30, y * SIDE + 80);
    const target = withValues(analyticImage(0.3, -0.2), (value, pixel) =>
      hole[pixel] === 1 ? value : -50,
    );
    const fit = fitPhases(reference, { ...target, valid: hole }, { x: 0.3, y: -0.2 })!;
    expect(Math.hypot(fit.x - 0.3, fit.y + 0.2)).toBeLessThan(0.01);
    const nothing = { ...target, valid: new Uint8Array(SIDE * SIDE) };
    expect(fitPhases(reference, nothing, STILL)).toBeNull();
  });
});
