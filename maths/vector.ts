import type { Matrix3, Vector3 } from './rotation.ts';

/** The rotation that turns nothing. */
export const IDENTITY: Matrix3 = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Sum, axis by axis. */
export function add(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** From `b` to `a`. */
export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** Every axis times one factor. */
export function scale(a: Vector3, factor: number): Vector3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

/** Scalar product: the length of one along the other, times the other's. */
export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Euclidean, in the unit of the axes. */
export function length(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** Vector product: right-handed, at right angles to both. */
export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Angle between two vectors, radians; unlike the arc cosine it keeps its digits at small angles. */
export function angleBetween(a: Vector3, b: Vector3): number {
  return Math.atan2(length(cross(a, b)), dot(a, b));
}

/** Of a rotation this is also its inverse. */
export function transpose(m: Matrix3): Matrix3 {
  return [
    [m[0][0], m[1][0], m[2][0]],
    [m[0][1], m[1][1], m[2][1]],
    [m[0][2], m[1][2], m[2][2]],
  ];
}

/** The product of the transpose of `m` with `v`: a vector seen from inside the rotated frame. */
export function transformBack(m: Matrix3, v: Vector3): Vector3 {
  return [
    m[0][0] * v[0] + m[1][0] * v[1] + m[2][0] * v[2],
    m[0][1] * v[0] + m[1][1] * v[1] + m[2][1] * v[2],
    m[0][2] * v[0] + m[1][2] * v[1] + m[2][2] * v[2],
  ];
}

/** Inverse by cofactors; null when the determinant is zero or not finite. */
export function invert(m: Matrix3): Matrix3 | null {
  const [first, second, third] = [cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])];
  const determinant = dot(m[0], first);
  if (determinant === 0 || !Number.isFinite(determinant)) return null;
  return transpose([
    scale(first, 1 / determinant),
    scale(second, 1 / determinant),
    scale(third, 1 / determinant),
  ]);
}
