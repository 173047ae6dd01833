import type { LocalPoint } from './local-frame.ts';

/** A camera without distortion; its principal point is the middle of the image. Pixels. */
export interface Camera {
  width: number;
  height: number;
  focal: number;
}

/** Degrees in the order of a DJI gimbal: yaw clockwise from true north, pitch -90 at nadir, roll. */
export interface Attitude {
  yaw: number;
  pitch: number;
  roll: number;
}

/** Where the camera is, and how it is turned. */
export interface Pose extends LocalPoint, Attitude {}

/** Pixels right and down; (0, 0) is the center of the upper left pixel. */
export interface PixelPoint {
  u: number;
  v: number;
}

/** Nine numbers, row-major: turns a camera vector (right, down, forward) into east, north, up. */
export type Rotation = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/**
 * E Rz(yaw) Ry(pitch) Rx(roll) P, multiplied out: the columns of the body's rotation in north, east,
 * down are forward, right and down, and the camera's right, down and forward are those in turn.
 *
 * Written apart from the product's own rotations, so that the sample can contradict them.
 */
export function cameraRotation(attitude: Attitude): Rotation {
  const radians = Math.PI / 180;
  const [cy, sy] = [Math.cos(attitude.yaw * radians), Math.sin(attitude.yaw * radians)];
  const [cp, sp] = [Math.cos(attitude.pitch * radians), Math.sin(attitude.pitch * radians)];
  const [cr, sr] = [Math.cos(attitude.roll * radians), Math.sin(attitude.roll * radians)];
  return [
    sy * sp * sr + cy * cr,
    sy * sp * cr - cy * sr,
    sy * cp,
    cy * sp * sr - sy * cr,
    cy * sp * cr + sy * sr,
    cy * cp,
    -cp * sr,
    -cp * cr,
    sp,
  ];
}

/** Where a ground point falls in the image; undefined when it is outside or behind the camera. */
export function projectPoint(
  camera: Camera,
  pose: Pose,
  point: LocalPoint,
): PixelPoint | undefined {
  const r = cameraRotation(pose);
  const [e, n, h] = [point.east - pose.east, point.north - pose.north, point.up - pose.up];
  const forward = r[2] * e + r[5] * n + r[8] * h;
  if (forward <= 0) return undefined;
  const u = (camera.width - 1) / 2 + (camera.focal * (r[0] * e + r[3] * n + r[6] * h)) / forward;
  const v = (camera.height - 1) / 2 + (camera.focal * (r[1] * e + r[4] * n + r[7] * h)) / forward;
  const isInside = u >= -0.5 && v >= -0.5 && u < camera.width - 0.5 && v < camera.height - 0.5;
  return isInside ? { u, v } : undefined;
}
