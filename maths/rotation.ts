/** 3 x 3, row-major. */
export type Matrix3 = readonly [Vector3, Vector3, Vector3];
export type Vector3 = readonly [number, number, number];

/** North, east, down to east, north, up; its own inverse. */
export const NED_TO_ENU: Matrix3 = [
  [0, 1, 0],
  [1, 0, 0],
  [0, 0, -1],
];
/** Camera axes (x right, y down, z forward) to body axes (x forward, y right, z down). */
const CAMERA_TO_BODY: Matrix3 = [
  [0, 0, 1],
  [1, 0, 0],
  [0, 1, 0],
];

/** Right-handed rotation about x by `angle` radians. */
export function rotationX(angle: number): Matrix3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [
    [1, 0, 0],
    [0, c, -s],
    [0, s, c],
  ];
}

/** Right-handed rotation about y by `angle` radians. */
export function rotationY(angle: number): Matrix3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [
    [c, 0, s],
    [0, 1, 0],
    [-s, 0, c],
  ];
}

/** Right-handed rotation about z by `angle` radians. */
export function rotationZ(angle: number): Matrix3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [
    [c, -s, 0],
    [s, c, 0],
    [0, 0, 1],
  ];
}

export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const row = (r: Vector3): Vector3 => [
    r[0] * b[0][0] + r[1] * b[1][0] + r[2] * b[2][0],
    r[0] * b[0][1] + r[1] * b[1][1] + r[2] * b[2][1],
    r[0] * b[0][2] + r[1] * b[1][2] + r[2] * b[2][2],
  ];
  return [row(a[0]), row(a[1]), row(a[2])];
}

export function transform(m: Matrix3, v: Vector3): Vector3 {
  const dot = (r: Vector3) => r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
  return [dot(m[0]), dot(m[1]), dot(m[2])];
}

/**
 * Rotation from the camera (x right, y down, z forward) to east, north, up, from a gimbal record.
 *
 * @param attitude degrees: yaw clockwise from true north, pitch -90 at nadir, roll.
 *
 * @example
 * gimbalRotation({ yaw: 0, pitch: -90, roll: 0 }); // [[1,0,0],[0,-1,0],[0,0,-1]]
 */
export function gimbalRotation(attitude: { yaw: number; pitch: number; roll: number }): Matrix3 {
  const radians = Math.PI / 180;
  const body = multiply(
    multiply(rotationZ(attitude.yaw * radians), rotationY(attitude.pitch * radians)),
    rotationX(attitude.roll * radians),
  );
  return multiply(multiply(NED_TO_ENU, body), CAMERA_TO_BODY);
}
