import type { Geotransform } from '../affine.ts';
import type { RasterPlace } from '../scene-geometry.ts';

const TURN_DEGREES = 360;
/** Of the way round the earth: a map of so much has both of its edges at one place. */
const WHOLE = 0.99;

/**
 * Columns that make the way round the earth, in a raster in degrees that shows all of it: what lies across its
 * seam is torn to both of its edges. Null for every other raster.
 */
export function columnsAround([, perColumn, perRow]: Geotransform, width: number): number | null {
  const around = TURN_DEGREES / Math.abs(perColumn);
  return perRow === 0 && width >= WHOLE * around ? around : null;
}

/** Of places that a seam tears apart those on the side where most of them lie; all others as they are. */
export function onOneSide(places: RasterPlace[], around: number | null): RasterPlace[] {
  if (around === null || places.length === 0) return places;
  const columns = places.map(({ column }) => column).sort((a, b) => a - b);
  let [widest, cut] = [0, Infinity];
  for (const [index, column] of columns.entries()) {
    const before = columns[index - 1] ?? column;
    if (column - before > widest) [widest, cut] = [column - before, column];
  }
  if (widest <= around / 2) return places;
  const left = places.filter(({ column }) => column < cut);
  return 2 * left.length >= places.length ? left : places.filter(({ column }) => column >= cut);
}
