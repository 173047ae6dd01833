import type { Geotransform } from '../affine.ts';
import type { RasterPlace } from '../scene-geometry.ts';

/** Between pixels that differ more in size there is too little in common to compare. */
const MAX_GSD_RATIO = 8;

/** The part of the reference that a scene is compared on. */
export interface RegistrationGrid {
  transform: Geotransform;
  width: number;
  height: number;
  /** Pixels of the reference that make one of the grid, along each axis. */
  reduction: number;
  /** Pixel of the reference at which the grid starts. */
  origin: { x: number; y: number };
}

/**
 * The grid of a reference, reduced by a whole factor when the scene is coarser, cut to what the scene
 * covers. The reference's own pixels are kept as they are, so that it needs no resampling.
 *
 * @param outline points of the scene's outline in the reference, from the outer corner of its first pixel.
 * @param extent columns and rows of all references together, in pixels of the first.
 * @param gsdRatio size of the scene's pixels in those of the reference.
 * @returns the rest of the sentence `Reference and target cannot be compared as ...` when there is none.
 */
export function registrationGrid(
  transform: Geotransform,
  outline: readonly RasterPlace[],
  extent: { west: number; north: number; east: number; south: number },
  gsdRatio: number,
): RegistrationGrid | string {
  if (!(gsdRatio <= MAX_GSD_RATIO && gsdRatio >= 1 / MAX_GSD_RATIO)) {
    const times = gsdRatio > 1 ? gsdRatio : 1 / gsdRatio;
    return `their pixels may differ in size by ${MAX_GSD_RATIO} times at most: found ${times.toPrecision(3)}`;
  }
  const reduction = Math.max(1, Math.round(gsdRatio));
  const [columns, rows] = [outline.map(({ column }) => column), outline.map(({ row }) => row)];
  const west = Math.floor(Math.max(extent.west, Math.min(...columns)));
  const north = Math.floor(Math.max(extent.north, Math.min(...rows)));
  const width = Math.floor((Math.min(extent.east, Math.max(...columns)) - west) / reduction);
  const height = Math.floor((Math.min(extent.south, Math.max(...rows)) - north) / reduction);
  if (!(width > 0 && height > 0)) return 'they share no part of the ground';
  const [x, perColumn, perRow, y, downColumn, downRow] = transform;
  return {
    transform: [
      x + west * perColumn + north * perRow,
      perColumn * reduction,
      perRow * reduction,
      y + west * downColumn + north * downRow,
      downColumn * reduction,
      downRow * reduction,
    ],
    width,
    height,
    reduction,
    origin: { x: west, y: north },
  };
}
