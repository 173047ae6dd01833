import type { Raster } from '../../../maths/raster.ts';
import { resampleFinely } from '../../../maths/fine-resample.ts';
import { reduceRaster } from '../../../maths/resample.ts';
import { type Geotransform, toMap } from '../affine.ts';
import { asMatrix, inverse } from './corrected-geotransform.ts';

/** Between pixels that differ more in size there is too little in common to compare. */
const MAX_GSD_RATIO = 8;

/** A raster and where it lies. */
export interface PlacedRaster {
  raster: Raster;
  /** Corner-based, see `Geotransform`. */
  transform: Geotransform;
}

/** From the map of the reference to that of the target; null where there is no way. */
export type BetweenMaps = (x: number, y: number) => readonly [x: number, y: number] | null;

/**
 * Brings two rasters of other pixels, directions or reference systems onto one grid: that of the
 * reference, reduced by a whole factor when the target is coarser. Finer targets are averaged first, so
 * that what their pixels show is not lost between those of the grid, and then read between them.
 *
 * @param betweenMaps when both name different systems.
 * @returns `fault`, the rest of a sentence, when pixels differ in size by more than 8 times.
 */
export function ontoCommonGrid(
  reference: PlacedRaster,
  target: PlacedRaster,
  betweenMaps: BetweenMaps = (x, y) => [x, y],
): { reference: PlacedRaster; target: Raster } | { fault: string } {
  const ratio = pixelRatio(reference, target, betweenMaps);
  if (ratio === null)
    return { fault: 'the middle of the reference has no place in the map of the target' };
  if (!(ratio <= MAX_GSD_RATIO && ratio >= 1 / MAX_GSD_RATIO)) {
    const times = ratio > 1 ? ratio : 1 / ratio;
    return {
      fault: `their pixels may differ in size by ${MAX_GSD_RATIO} times at most: found ${times.toPrecision(3)}`,
    };
  }
  const grid = reduced(reference, Math.max(1, Math.round(ratio)));
  const source = reduced(target, Math.max(1, Math.floor(1 / ratio)));
  const [a, b, c, d, e, f] = inverse(asMatrix(source.transform));
  const seen = resampleFinely(source.raster, grid.raster, (x, y) => {
    const place = betweenMaps(...toMap(grid.transform, x + 0.5, y + 0.5));
    if (place === null) return { x: Number.NaN, y: Number.NaN };
    const [mapX, mapY] = place;
    return { x: a * mapX + b * mapY + c - 0.5, y: d * mapX + e * mapY + f - 0.5 };
  });
  return { reference: grid, target: seen };
}

function reduced({ raster, transform }: PlacedRaster, factor: number): PlacedRaster {
  if (factor === 1) return { raster, transform };
  const [x, perColumn, perRow, y, downColumn, downRow] = transform;
  return {
    raster: reduceRaster(raster, factor),
    transform: [x, perColumn * factor, perRow * factor, y, downColumn * factor, downRow * factor],
  };
}

/** Size of the target's pixels, in those of the reference, at its middle. */
function pixelRatio(
  { raster, transform }: PlacedRaster,
  target: PlacedRaster,
  betweenMaps: BetweenMaps,
): number | null {
  const [column, row] = [raster.width / 2, raster.height / 2];
  const middle = betweenMaps(...toMap(transform, column, row));
  const right = betweenMaps(...toMap(transform, column + 1, row));
  const below = betweenMaps(...toMap(transform, column, row + 1));
  if (middle === null || right === null || below === null) return null;
  const area = Math.abs(
    (right[0] - middle[0]) * (below[1] - middle[1]) -
      (right[1] - middle[1]) * (below[0] - middle[0]),
  );
  const [, g1, g2, , g4, g5] = target.transform;
  return Math.sqrt(Math.abs(g1 * g5 - g2 * g4) / area);
}
