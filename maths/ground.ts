import type { Vector3 } from './rotation.ts';
import { length } from './vector.ts';

/** Where a ray met the ground, and what stood for the ground there. */
export interface GroundPoint {
  point: Vector3;
  source: 'plane' | 'terrain';
}

/** A model of the ground: where a ray from `center` first meets it; null when it does not. */
export type Ground = (center: Vector3, direction: Vector3) => GroundPoint | null;

/** Height of the terrain above a place, meters; null where it is not known. */
export type Terrain = (east: number, north: number) => number | null;

/** A ray this flat meets the ground far away or never: sine of its dip. */
const HORIZON = 0.05;

const MOST_STEPS = 50;
const CLOSE_ENOUGH = 0.001;

/**
 * Where a ray meets the level plane at height `up`.
 *
 * @returns null when the ray looks less than 2.9 degrees below the horizon, or starts below the plane.
 *
 * @example
 * // Pixel (100, 400) of the camera in `project`'s example, on the plane at 0:
 * meetPlane(pose.center, ray, 0); // [-27.564311, -6.006858, 0]
 */
export function meetPlane(center: Vector3, direction: Vector3, up: number): Vector3 | null {
  if (!(direction[2] < -HORIZON * length(direction))) return null;
  const reach = (up - center[2]) / direction[2];
  if (!(reach > 0)) return null;
  return [center[0] + reach * direction[0], center[1] + reach * direction[1], up];
}

/** Level ground at height `up`. */
export function planeGround(up: number): Ground {
  return (center, direction) => {
    const point = meetPlane(center, direction, up);
    return point === null ? null : { point, source: 'plane' };
  };
}

/**
 * Ground with relief. The ray is cut with the plane at the height found last, to 1 mm; where that
 * does not settle, on slopes steeper than the ray, the crossing is bisected between the highest and
 * the lowest ground.
 *
 * Where the height is not known, the plane at `mean` stands in, and the answer says so.
 *
 * @param heights of the terrain: least, mean and greatest, meters.
 */
export function terrainGround(
  terrain: Terrain,
  heights: { lowest: number; mean: number; highest: number },
): Ground {
  return (center, direction) => {
    const onPlane = meetPlane(center, direction, heights.mean);
    if (onPlane === null) return null;
    let point = onPlane;
    for (let step = 0; step < MOST_STEPS; step++) {
      const found = terrain(point[0], point[1]);
      if (found === null) return { point: onPlane, source: 'plane' };
      const settled = Math.abs(found - point[2]) < CLOSE_ENOUGH;
      const next = meetPlane(center, direction, found);
      // The ground found reaches above the camera: no crossing below it can be named this way.
      if (next === null) break;
      point = next;
      if (settled) return { point, source: 'terrain' };
    }
    return bisect(terrain, center, direction, heights) ?? { point: onPlane, source: 'plane' };
  };
}

function bisect(
  terrain: Terrain,
  center: Vector3,
  direction: Vector3,
  { lowest, highest }: { lowest: number; highest: number },
): GroundPoint | null {
  const at = (reach: number): Vector3 => [
    center[0] + reach * direction[0],
    center[1] + reach * direction[1],
    center[2] + reach * direction[2],
  ];
  let above = Math.max(0, (highest - center[2]) / direction[2]);
  let below = (lowest - center[2]) / direction[2];
  for (let step = 0; step < MOST_STEPS; step++) {
    const middle = at((above + below) / 2);
    const height = terrain(middle[0], middle[1]);
    if (height === null) return null;
    if (middle[2] > height) above = (above + below) / 2;
    else below = (above + below) / 2;
  }
  return { point: at((above + below) / 2), source: 'terrain' };
}

/**
 * How far a ground point moves when its height is raised by one meter, meters east and north: the lever
 * by which an error of the ground model becomes a horizontal one.
 *
 * @example
 * heightLeverage(ray); // [0.469554, 0.012586] for the ray in `meetPlane`'s example
 */
export function heightLeverage(direction: Vector3): [number, number] {
  return [direction[0] / direction[2], direction[1] / direction[2]];
}
