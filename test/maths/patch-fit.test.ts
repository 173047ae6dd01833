import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitPatch } from '../../maths/patch-fit.ts';
import type { SmoothImage } from '../../maths/smooth-image.ts';

/** A texture of waves, which has a value between pixels, too; blurred enough for bilinear sampling. */
function texture(x: number, y: number): number {
  return (
    40 * Math.sin(0.31 * x + 0.17 * y) +
    30 * Math.sin(0.23 * x - 0.29 * y + 1) +
    20 * Math.sin(0.45 * y + 0.05 * x + 2)
  );
}

/** An image of 80 x 80 pixels, each with the value at the place that `placeOf` gives. */
function imageOf(placeOf: (x: number, y: number) => readonly [number, number]): SmoothImage {
  const values = Float32Array.from({ length: 6400 }, (_, index) =>
    texture(...placeOf(index % 80, Math.floor(index / 80))),
  );
  return { width: 80, height: 80, values };
}

const reference = imageOf((x, y) => [x, y]);
const at = [40, 40] as const;
const upright = [1, 0, 0, 1] as const;

describe('fitPatch()', () => {
  it('finds a place again after any small move, bend and change of light', () => {
    const small = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    const change = fc.tuple(
      small(1.2),
      small(1.2),
      small(0.05),
      small(0.05),
      small(0.05),
      small(0.05),
    );
    fc.assert(
      fc.property(change, fc.double({ min: 0.5, max: 2, noNaN: true }), (moved, gain) => {
        const [moveX, moveY, e, f, g, h] = moved;
        const [a, b, c, d] = [1 + e, f, g, 1 + h];
        const determinant = a * d - b * c;
        // The target shows at u = at + move + A (x - at) what the reference shows at x.
        const target = imageOf((u, v) => {
          const [x, y] = [u - at[0] - moveX, v - at[1] - moveY];
          return [at[0] + (d * x - b * y) / determinant, at[1] + (a * y - c * x) / determinant];
        });
        const lit = { ...target, values: target.values.map((value) => gain * value + 17) };
        const fit = fitPatch(reference, at, lit, { place: at, shape: upright })!;
        expect(Math.hypot(fit.place[0] - at[0] - moveX, fit.place[1] - at[1] - moveY)).toBeLessThan(
          0.03,
        );
        [a, b, c, d].forEach((value, k) =>
          expect(Math.abs(fit.shape[k]! - value)).toBeLessThan(0.01),
        );
        expect(fit.correlation).toBeGreaterThan(0.99);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses level ground, the border, and what lies too far off', () => {
    const level = imageOf(() => [0, 0]);
    const start = { place: at, shape: upright };
    expect(fitPatch(level, at, reference, start)).toBeNull();
    expect(fitPatch(reference, at, level, start)).toBeNull();
    expect(fitPatch(reference, [10, 40], reference, start)).toBeNull();
    const far = imageOf((x, y) => [x - 9, y]);
    const fit = fitPatch(reference, at, far, start);
    // Where waves repeat it may settle on another crest, but not on that one.
    expect(fit === null || Math.abs(fit.place[0] - 40) <= 4).toBe(true);
  });
});
