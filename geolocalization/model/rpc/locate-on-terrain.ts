import type { GeodeticPosition } from '../../../maths/geodesy.ts';
import { locatePixel } from './locate-pixel.ts';
import type { ImagePoint } from './project-ground.ts';
import type { RationalPolynomials } from './rational-polynomials.ts';

/** Meters above the ellipsoid, not above the sea; null where the model has no value. */
export type Terrain = (longitudeDegrees: number, latitudeDegrees: number) => number | null;

export interface TerrainLocation extends GeodeticPosition {
  /** False where the terrain has no value, so that the height is that of the start. */
  isOnTerrain: boolean;
}

const CONVERGED_METERS = 1e-3;
const MAX_STEPS = 50;

/**
 * The place on the terrain that a pixel shows: the height of the terrain at the place of the last height,
 * again and again. Where that swings between two slopes, as it does when the terrain is steeper than the
 * line of sight, the interval between the heights it saw is halved instead; of several places on the line
 * of sight this gives one, not necessarily the one that the sensor saw.
 *
 * @param startMeters where to start, by default the middle of the model's heights.
 * @returns null when the pixel cannot be located at one of the heights.
 */
export function locateOnTerrain(
  rpc: RationalPolynomials,
  pixel: ImagePoint,
  terrain: Terrain,
  startMeters: number = rpc.height.offset,
): TerrainLocation | null {
  let height = startMeters;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let step = 0; step < MAX_STEPS; step++) {
    const place = locatePixel(rpc, pixel, height);
    if (place === null) return null;
    const found = terrain(place.longitudeDegrees, place.latitudeDegrees);
    if (found === null) return { ...place, isOnTerrain: false };
    if (Math.abs(found - height) < CONVERGED_METERS) return { ...place, isOnTerrain: true };
    [lowest, highest] = [Math.min(lowest, found), Math.max(highest, found)];
    height = found;
  }
  return halve(rpc, pixel, terrain, [lowest, highest]);
}

function halve(
  rpc: RationalPolynomials,
  pixel: ImagePoint,
  terrain: Terrain,
  [lowest, highest]: [number, number],
): TerrainLocation | null {
  let [low, high] = [lowest - CONVERGED_METERS, highest + CONVERGED_METERS];
  for (;;) {
    const middle = (low + high) / 2;
    const place = locatePixel(rpc, pixel, middle);
    if (place === null) return null;
    const found = terrain(place.longitudeDegrees, place.latitudeDegrees);
    if (found === null) return { ...place, isOnTerrain: false };
    if (high - low < CONVERGED_METERS) return { ...place, isOnTerrain: true };
    if (found > middle) low = middle;
    else high = middle;
  }
}
