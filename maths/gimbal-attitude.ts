import { type Matrix3, multiply, NED_TO_ENU } from './rotation.ts';

/** Degrees: yaw clockwise from true north, pitch -90 at nadir and 0 at the horizon, roll. */
export interface GimbalAttitude {
  yaw: number;
  pitch: number;
  roll: number;
}

const DEGREE = Math.PI / 180;

/** Cosine of the pitch below which yaw and roll turn about the same axis. */
const GIMBAL_LOCK = 1e-9;

/** Body axes (x forward, y right, z down) to camera axes (x right, y down, z forward). */
const BODY_TO_CAMERA: Matrix3 = [
  [0, 1, 0],
  [0, 0, 1],
  [1, 0, 0],
];

/**
 * The gimbal record that `gimbalRotation` turns into this rotation: yaw and roll in (-180, 180], pitch
 * in [-90, 90].
 *
 * At exact nadir or zenith only the sum or difference of yaw and roll is defined: roll is then 0, and
 * yaw says where the top of the image points. A gimbal swung backwards (roll 180) comes out upright.
 *
 * @param rotation camera (x right, y down, z forward) to east, north, up.
 *
 * @example
 * gimbalAttitudeOf(gimbalRotation({ yaw: -132, pitch: -90, roll: 180 })); // yaw 48, pitch -90, roll 0
 */
export function gimbalAttitudeOf(rotation: Matrix3): GimbalAttitude {
  const body = multiply(multiply(NED_TO_ENU, rotation), BODY_TO_CAMERA);
  return yawPitchRollOf(body);
}

/**
 * Yaw, pitch and roll, degrees, of Rz(yaw) Ry(pitch) Rx(roll), with roll 0 where pitch is +-90.
 *
 * @param body a rotation: the product above, not yet changed to other axes.
 */
export function yawPitchRollOf(body: Matrix3): GimbalAttitude {
  const level = Math.hypot(body[0][0], body[1][0]);
  const pitch = Math.atan2(-body[2][0], level) / DEGREE;
  if (level < GIMBAL_LOCK) {
    return { yaw: Math.atan2(-body[0][1], body[1][1]) / DEGREE, pitch, roll: 0 };
  }
  return {
    yaw: Math.atan2(body[1][0], body[0][0]) / DEGREE,
    pitch,
    roll: Math.atan2(body[2][1], body[2][2]) / DEGREE,
  };
}
