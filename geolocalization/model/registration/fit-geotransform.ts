import { mean } from '../../../maths/mean.ts';
import { solveLeastSquares } from '../../../maths/least-squares.ts';
import type { Geotransform } from '../affine.ts';
import type { RasterPlace } from '../scene-geometry.ts';

/** A place of a raster and where it belongs in a map. */
export interface MappedPlace {
  place: RasterPlace;
  x: number;
  y: number;
}

/**
 * The six numbers that fit places of a raster to a map best, and what they leave.
 *
 * @param size of the raster: coordinates are scaled by it, so that large ones cost no digits.
 * @returns null for fewer than three places, or all on a line; `rmsPixels` in pixels of the raster.
 */
export function fitGeotransform(
  places: readonly MappedPlace[],
  size: { width: number; height: number },
): { transform: Geotransform; rmsPixels: number } | null {
  if (places.length < 3) return null;
  const [originX, originY] = [mean(places.map(({ x }) => x)), mean(places.map(({ y }) => y))];
  const rows = places.map(({ place }) => [1, place.column / size.width, place.row / size.height]);
  const xs = solveLeastSquares(
    rows,
    places.map(({ x }) => x - originX),
  );
  const ys = solveLeastSquares(
    rows,
    places.map(({ y }) => y - originY),
  );
  if (xs === null || ys === null) return null;
  const transform: Geotransform = [
    xs[0]! + originX,
    xs[1]! / size.width,
    xs[2]! / size.height,
    ys[0]! + originY,
    ys[1]! / size.width,
    ys[2]! / size.height,
  ];
  const pixel = Math.sqrt(Math.abs(transform[1] * transform[5] - transform[2] * transform[4]));
  if (!(pixel > 0)) return null;
  const squares = places.map(({ place: { column, row }, x, y }) => {
    const offX = x - (transform[0] + transform[1] * column + transform[2] * row);
    const offY = y - (transform[3] + transform[4] * column + transform[5] * row);
    return offX * offX + offY * offY;
  });
  return { transform, rmsPixels: Math.sqrt(mean(squares)) / pixel };
}
