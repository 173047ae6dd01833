import {
  distort,
  isInValidField,
  type LensDistortion,
  NO_DISTORTION,
  undistort,
} from './lens-distortion.ts';
import { type Matrix3, transform, type Vector3 } from './rotation.ts';
import { subtract, transformBack } from './vector.ts';

/**
 * A frame camera. Pixel coordinates are continuous, u right and v down; (0, 0) is the center of the
 * upper-left pixel of the raster as stored, with EXIF Orientation not applied.
 */
export interface Camera {
  columns: number;
  rows: number;
  /** Pixels. */
  focalX: number;
  focalY: number;
  /** The principal point, pixels. */
  centerX: number;
  centerY: number;
  distortion: LensDistortion;
}

/** Where a camera stood, meters, and how it was turned: camera (x right, y down, z forward) to the world. */
export interface Pose {
  center: Vector3;
  rotation: Matrix3;
}

/** Pixel coordinates: u right, v down from the center of the upper-left pixel. */
export type Pixel = readonly [u: number, v: number];

/**
 * A camera of which only the focal length is known: square pixels, the principal point in the middle,
 * an ideal lens unless one is given.
 */
export function simpleCamera(camera: {
  columns: number;
  rows: number;
  focalPixels: number;
  distortion?: LensDistortion;
}): Camera {
  const { columns, rows, focalPixels, distortion = NO_DISTORTION } = camera;
  return {
    columns,
    rows,
    focalX: focalPixels,
    focalY: focalPixels,
    centerX: (columns - 1) / 2,
    centerY: (rows - 1) / 2,
    distortion,
  };
}

/**
 * Where the camera shows a point of the world; it may lie outside the image.
 *
 * @returns null when the point is behind the camera or beyond the field in which the lens model holds.
 *
 * @example
 * // 640 x 480, f 560, at (10, -5, 80) with yaw 32, pitch -88.7, roll 0.4:
 * project(camera, pose, [18, 3, 1.5]); // [337.143347, 173.652161]
 */
export function project(camera: Camera, pose: Pose, point: Vector3): [number, number] | null {
  const [x, y, z] = transformBack(pose.rotation, subtract(point, pose.center));
  if (!(z > 0)) return null;
  const ideal = [x / z, y / z] as const;
  if (!isInValidField(camera.distortion, ideal)) return null;
  const [seenX, seenY] = distort(camera.distortion, ideal);
  return [camera.centerX + camera.focalX * seenX, camera.centerY + camera.focalY * seenY];
}

/** The direction that a pixel looks in, over the focal length, freed of distortion; null outside the lens model. */
export function directionInCamera(camera: Camera, [u, v]: Pixel): [number, number] | null {
  return undistort(camera.distortion, [
    (u - camera.centerX) / camera.focalX,
    (v - camera.centerY) / camera.focalY,
  ]);
}

/** The direction in the world that a pixel looks in, of no particular length; null outside the lens model. */
export function rayThrough(camera: Camera, { rotation }: Pose, pixel: Pixel): Vector3 | null {
  const ideal = directionInCamera(camera, pixel);
  return ideal === null ? null : transform(rotation, [ideal[0], ideal[1], 1]);
}

/** Whether a pixel lies in the raster, which reaches half a pixel beyond the outer centers. */
export function isInImage({ columns, rows }: Camera, [u, v]: Pixel): boolean {
  return u >= -0.5 && u <= columns - 0.5 && v >= -0.5 && v <= rows - 0.5;
}
