import { groundDistanceMeters } from '../../maths/geodesy.ts';
import { type Geotransform, toMap } from './affine.ts';
import type { Position, ToGround } from '../../maths/map-projection.ts';

/**
 * Ground distance of one pixel step in column and in row, meters, centered on a point of the raster.
 *
 * It differs from the pixel size of the map by the scale of the projection: 300.04 m of UTM at its
 * central meridian are 300.16 m on the ground.
 *
 * @returns null where the projection does not reach the ground, or a step has no length.
 */
export function groundSampleDistance(
  transform: Geotransform,
  column: number,
  row: number,
  toGround: ToGround,
): { column: number; row: number } | null {
  return sampleDistanceThrough(column, row, (c, r) => toGround(...toMap(transform, c, r)));
}

/** The same of a raster whose pixels reach the ground in any way, from columns and rows. */
export function sampleDistanceThrough(
  column: number,
  row: number,
  toGround: (column: number, row: number) => Position | null,
): { column: number; row: number } | null {
  const alongColumn = distance(toGround(column - 0.5, row), toGround(column + 0.5, row));
  const alongRow = distance(toGround(column, row - 0.5), toGround(column, row + 0.5));
  if (alongColumn === null || alongRow === null) return null;
  return { column: alongColumn, row: alongRow };
}

function distance(from: Position | null, to: Position | null): number | null {
  if (from === null || to === null) return null;
  const meters = groundDistanceMeters(from, to);
  return Number.isFinite(meters) && meters > 0 ? meters : null;
}
