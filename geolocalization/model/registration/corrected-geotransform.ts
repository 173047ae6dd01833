import type { Geotransform } from '../affine.ts';
import {
  type AffineMatrix,
  chain,
  displacementAt,
  matrixOf,
  type Point,
  type ShiftModel,
} from './shift-model.ts';

/**
 * The transform of the target that puts its content where the reference has it; pixels are not touched.
 *
 * By the target's own transform, content at r of the reference's grid lies at D r. A pixel p of the target
 * is by its own transform at s = reference^-1 target p on that grid, and belongs at D^-1 s, so that the
 * corrected transform is reference D^-1 reference^-1 target. For a translation that is the transform
 * itself, moved back by the displacement.
 *
 * Both transforms are of the same reference system, corner-based; D counts from the center of pixels.
 *
 * @returns null for a polynomial model, which no transform can hold.
 */
export function correctedGeotransform(
  reference: Geotransform,
  target: Geotransform,
  model: ShiftModel,
): Geotransform | null {
  const centered = matrixOf(model);
  if (centered === null) return null;
  const [a, b, c, d, e, f] = centered;
  // The same map for coordinates that are larger by half a pixel.
  const cornered: AffineMatrix = [a, b, c + (1 - a - b) / 2, d, e, f + (1 - d - e) / 2];
  const grid = asMatrix(reference);
  const corrected = chain(grid, chain(inverse(cornered), chain(inverse(grid), asMatrix(target))));
  return [corrected[2], corrected[0], corrected[1], corrected[5], corrected[3], corrected[4]];
}

/** Map units, toward increasing X and Y of the reference's system, by which content lies off at a place. */
export function mapDisplacement(reference: Geotransform, model: ShiftModel, at: Point): Point {
  const { x, y } = displacementAt(model, at);
  return { x: reference[1] * x + reference[2] * y, y: reference[4] * x + reference[5] * y };
}

/**
 * How the grid of the target lies in that of the reference when both have the same pixels: pixel (x, y) of
 * the reference is (x + offset.x, y + offset.y) of the target.
 *
 * @returns null when the pixels differ in size or direction by more than a hundredth of a pixel over
 * `extent` pixels: then the target has to be resampled first.
 */
export function gridOffset(
  reference: Geotransform,
  target: Geotransform,
  extent: number,
): Point | null {
  const [a, b, c, d, e, f] = chain(inverse(asMatrix(target)), asMatrix(reference));
  const drift = Math.max(Math.abs(a - 1), Math.abs(b), Math.abs(d), Math.abs(e - 1)) * extent;
  return drift <= 0.01 ? { x: c, y: f } : null;
}

/** The corner-based matrix from column and row to the map. */
export function asMatrix(g: Geotransform): AffineMatrix {
  return [g[1], g[2], g[0], g[4], g[5], g[3]];
}

/** The way back through a matrix with area. */
export function inverse([a, b, c, d, e, f]: AffineMatrix): AffineMatrix {
  const determinant = a * e - b * d;
  return [
    e / determinant,
    -b / determinant,
    (b * f - c * e) / determinant,
    -d / determinant,
    a / determinant,
    (c * d - a * f) / determinant,
  ];
}
