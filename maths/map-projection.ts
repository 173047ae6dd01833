import { WGS84_E2 } from './geodesy.ts';

/** Longitude and latitude, WGS84, degrees. */
export type Position = [longitude: number, latitude: number];

/** From the map to the ground; null where the projection has no answer. */
export type ToGround = (x: number, y: number) => Position | null;

/** How a reference system reaches the ground, or why not: the rest of a sentence that begins with what states it. */
export type Ground = { toGround: ToGround; warnings: string[] } | { fault: string };

const DEGREE = Math.PI / 180;
/** Of the coordinates' own unit, meters or degrees: small enough that no projection bends over it. */
const STEP = { projected: 10, geographic: 1e-4 };

/**
 * Grid convergence at a place of a map, degrees: true azimuth minus grid azimuth of the map's north, so
 * positive east of the central meridian in the north: there the map's north points east of true north. Taken from the projection itself by a small step,
 * so that it holds for every kind of projection, to some 1e-5 degrees.
 *
 * @returns null where the projection means nothing.
 */
export function convergenceAt(
  toGround: ToGround,
  x: number,
  y: number,
  isGeographic: boolean,
): number | null {
  const step = isGeographic ? STEP.geographic : STEP.projected;
  const [south, north] = [toGround(x, y - step), toGround(x, y + step)];
  if (south === null || north === null) return null;
  const latitude = ((south[1] + north[1]) / 2) * DEGREE;
  // Radius of the parallel over that of the meridian: a degree of either is not the same length.
  const flattening = (1 - WGS84_E2 * Math.sin(latitude) ** 2) / (1 - WGS84_E2);
  const east = (north[0] - south[0]) * Math.cos(latitude) * flattening;
  return Math.atan2(east, north[1] - south[1]) / DEGREE;
}
