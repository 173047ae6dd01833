import { type Matrix3, multiply, type Vector3 } from './rotation.ts';
import { length, scale, transpose } from './vector.ts';

/**
 * The rotation about the direction of `w` by its length in radians: exp([w]x).
 *
 * Source: O. Rodrigues, "Des lois géométriques qui régissent les déplacements d'un système solide",
 * 1840. Small angles take the series, so that derivatives at zero are exact.
 *
 * @example
 * rotationFromVector([0, 0, Math.PI / 2]); // a quarter turn about z: [[0,-1,0],[1,0,0],[0,0,1]]
 */
export function rotationFromVector(w: Vector3): Matrix3 {
  const angle = length(w);
  const a = angle < 1e-6 ? 1 - angle ** 2 / 6 : Math.sin(angle) / angle;
  const b = angle < 1e-6 ? 0.5 - angle ** 2 / 24 : (1 - Math.cos(angle)) / angle ** 2;
  const [x, y, z] = w;
  return [
    [1 - b * (y * y + z * z), b * x * y - a * z, b * x * z + a * y],
    [b * x * y + a * z, 1 - b * (x * x + z * z), b * y * z - a * x],
    [b * x * z - a * y, b * y * z + a * x, 1 - b * (x * x + y * y)],
  ];
}

/**
 * The vector that `rotationFromVector` turns into this rotation, for angles below 179 degrees: nearer to
 * half a turn its direction fades.
 */
export function vectorOfRotation(m: Matrix3): Vector3 {
  const axis: Vector3 = [m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]];
  const sine = length(axis) / 2;
  const angle = Math.atan2(sine, (m[0][0] + m[1][1] + m[2][2] - 1) / 2);
  return scale(axis, sine < 1e-9 ? 0.5 : angle / (2 * sine));
}

/** Angle of the rotation that leads from `a` to `b`, radians, 0 to pi. */
export function rotationAngle(a: Matrix3, b: Matrix3): number {
  const m = multiply(transpose(a), b);
  const sine = Math.hypot(m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]) / 2;
  return Math.atan2(sine, (m[0][0] + m[1][1] + m[2][2] - 1) / 2);
}
