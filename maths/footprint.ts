import { type Camera, type Pixel, type Pose, rayThrough } from './camera.ts';
import type { Ground, GroundPoint } from './ground.ts';
import { signedArea } from './polygon.ts';
import type { Matrix3, Vector3 } from './rotation.ts';
import { subtract } from './vector.ts';

/** Points between two corners: distortion bends the edges. */
const POINTS_PER_EDGE = 3;

/**
 * The outline of an image on the ground: its outer corners, half a pixel beyond the centers of the corner
 * pixels, and three points on every edge, in the order upper left, upper right, lower right, lower left of
 * the image. Of a camera that looks down it runs clockwise on the map.
 *
 * @returns null when a part of the edge looks at the horizon or lies outside the lens model.
 */
export function footprintOf(camera: Camera, pose: Pose, ground: Ground): Vector3[] | null {
  const outline: Vector3[] = [];
  for (const pixel of outlinePixels(camera)) {
    const met = meetGround(camera, pose, pixel, ground);
    if (met === null) return null;
    outline.push(met.point);
  }
  return outline;
}

/** Where a pixel lies on the ground; null at the horizon and outside the lens model. */
export function meetGround(
  camera: Camera,
  pose: Pose,
  pixel: Pixel,
  ground: Ground,
): GroundPoint | null {
  const ray = rayThrough(camera, pose, pixel);
  return ray === null ? null : ground(pose.center, ray);
}

function outlinePixels({ columns, rows }: Camera): Pixel[] {
  const [left, top, right, bottom] = [-0.5, -0.5, columns - 0.5, rows - 0.5];
  const corners: Pixel[] = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
  return corners.flatMap(([u, v], index) => {
    const [nextU, nextV] = corners[(index + 1) % 4]!;
    return Array.from({ length: POINTS_PER_EDGE + 1 }, (_, step): Pixel => {
      const share = step / (POINTS_PER_EDGE + 1);
      return [u + share * (nextU - u), v + share * (nextV - v)];
    });
  });
}

/** Angle between the optical axis and the plumb line, degrees: 0 at nadir, 90 at the horizon. */
export function tiltOf(rotation: Matrix3): number {
  const sideways = Math.hypot(rotation[0][2], rotation[1][2]);
  return (Math.atan2(sideways, -rotation[2][2]) * 180) / Math.PI;
}

/** Ground sample distance, meters a pixel. What looks at the horizon is null. */
export interface GroundSampleDistances {
  /** Height above ground over the focal length, as of a level camera. */
  nominal: number;
  /** Square root of the footprint's area over the number of pixels. */
  mean: number | null;
  /** Square root of the ground area of the pixel at the principal point. */
  principal: number | null;
  /** The same of the corner pixel where it is largest. */
  maximum: number | null;
}

/**
 * Ground sample distances of an image.
 *
 * @param heightAboveGround of the camera's center, meters.
 *
 * @example
 * // The camera in `project`'s example on the plane at 0:
 * groundSampleDistances(camera, pose, planeGround(0), 80); // nominal 0.142857, mean 0.142926
 */
export function groundSampleDistances(
  camera: Camera,
  pose: Pose,
  ground: Ground,
  heightAboveGround: number,
): GroundSampleDistances {
  const { columns, rows } = camera;
  const outline = footprintOf(camera, pose, ground);
  const area = outline === null ? null : areaOf(outline);
  const corners = [
    [0, 0],
    [columns - 1, 0],
    [columns - 1, rows - 1],
    [0, rows - 1],
  ].map(([u, v]) => pixelSize(camera, pose, ground, [u!, v!]));
  return {
    nominal: heightAboveGround / Math.sqrt(camera.focalX * camera.focalY),
    mean: area === null ? null : Math.sqrt(area / (columns * rows)),
    principal: pixelSize(camera, pose, ground, [camera.centerX, camera.centerY]),
    maximum: corners.includes(null) ? null : Math.max(...corners.map((size) => size!)),
  };
}

/** Square root of the ground area of one pixel, from its two diagonals. */
function pixelSize(camera: Camera, pose: Pose, ground: Ground, [u, v]: Pixel): number | null {
  const corner = (du: number, dv: number) => meetGround(camera, pose, [u + du, v + dv], ground);
  const [a, b, c, d] = [corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)];
  if (a === null || b === null || c === null || d === null) return null;
  const first = subtract(c.point, a.point);
  const second = subtract(d.point, b.point);
  return Math.sqrt(Math.abs(first[0] * second[1] - first[1] * second[0]) / 2);
}

/** Area of an outline on the map, square meters. */
export function areaOf(outline: readonly Vector3[]): number {
  return Math.abs(signedArea(outline.map(([east, north]) => [east, north])));
}
