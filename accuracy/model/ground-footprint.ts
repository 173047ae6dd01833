import { type Matrix3, transform, type Vector3 } from '../../maths/rotation.ts';

/** A pinhole camera over a plane; the ground is at up = 0 below the camera's center. */
export interface CameraOverPlane {
  /** Camera to east, north, up. */
  rotation: Matrix3;
  /** Of the camera's center above the plane, meters. */
  height: number;
  focalPixels: number;
  columns: number;
  rows: number;
}

/** A ray this flat meets the ground far away or never: sine of its dip. */
const HORIZON = 0.05;

/**
 * The outer corners of an image on the ground, meters east and north of the camera, in the order upper
 * left, upper right, lower right, lower left of the image. Pixel coordinates count from the center of
 * the upper-left pixel, so the outline runs through half pixels; lens distortion is not applied.
 *
 * @returns null when a corner looks at or above the horizon.
 */
export function groundFootprint(camera: CameraOverPlane): [number, number][] | null {
  const { columns, rows } = camera;
  const corners: [number, number][] = [];
  for (const [u, v] of [
    [-0.5, -0.5],
    [columns - 0.5, -0.5],
    [columns - 0.5, rows - 0.5],
    [-0.5, rows - 0.5],
  ] as const) {
    const point = groundPoint(camera, u, v);
    if (point === null) return null;
    corners.push(point);
  }
  return corners;
}

/** Where the ray through pixel (u, v) meets the plane, meters east and north of the camera; null at the horizon. */
export function groundPoint(
  camera: CameraOverPlane,
  u: number,
  v: number,
): [number, number] | null {
  const { rotation, height, focalPixels, columns, rows } = camera;
  const ray: Vector3 = [
    (u - (columns - 1) / 2) / focalPixels,
    (v - (rows - 1) / 2) / focalPixels,
    1,
  ];
  const [east, north, up] = transform(rotation, ray);
  if (up >= -HORIZON * Math.hypot(east, north, up)) return null;
  const reach = -height / up;
  return [reach * east, reach * north];
}

/** Area of a polygon without crossings, square meters, by the shoelace formula. */
export function polygonArea(points: readonly (readonly [number, number])[]): number {
  let twice = 0;
  points.forEach(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length]!;
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice) / 2;
}

/** Angle between the optical axis and the plumb line, degrees. */
export function tiltDegrees(rotation: Matrix3): number {
  const down = -rotation[2][2];
  return (Math.acos(Math.min(1, Math.max(-1, down))) * 180) / Math.PI;
}
