import { type GimbalAttitude, yawPitchRollOf } from './gimbal-attitude.ts';
import { type Matrix3, multiply, NED_TO_ENU, rotationX, rotationY, rotationZ } from './rotation.ts';
import { transpose } from './vector.ts';

/** Camera axes (x right, y down, z forward) to those of a body that looks down when level. */
const CAMERA_TO_LEVEL_BODY: Matrix3 = [
  [0, -1, 0],
  [1, 0, 0],
  [0, 0, 1],
];

/**
 * Rotation from the camera (x right, y down, z forward) to east, north, up, from an attitude whose pitch
 * is 0 at nadir, as `geo.txt` of OpenDroneMap and the XMP tags `Camera:*` (Parrot, senseFly, MicaSense,
 * Sentera) have it.
 *
 * Equal to a gimbal record with pitch - 90 as long as roll is 0; otherwise roll here turns about the axis
 * of flight, there about the axis of the lens. senseFly writes roll with the opposite sign: turn it first.
 *
 * @param attitude degrees: yaw clockwise from true north, pitch 0 at nadir and 90 at the horizon, roll.
 *
 * @example
 * nadirRotation({ yaw: 0, pitch: 0, roll: 0 }); // [[1,0,0],[0,-1,0],[0,0,-1]]
 */
export function nadirRotation(attitude: GimbalAttitude): Matrix3 {
  const radians = Math.PI / 180;
  const body = multiply(
    multiply(rotationZ(attitude.yaw * radians), rotationY(attitude.pitch * radians)),
    rotationX(attitude.roll * radians),
  );
  return multiply(multiply(NED_TO_ENU, body), CAMERA_TO_LEVEL_BODY);
}

/**
 * The attitude that `nadirRotation` turns into this rotation, degrees: yaw and roll in (-180, 180], pitch
 * in [-90, 90]. Roll is 0 where the camera looks at the horizon and yaw and roll are one.
 */
export function nadirAttitudeOf(rotation: Matrix3): GimbalAttitude {
  return yawPitchRollOf(multiply(multiply(NED_TO_ENU, rotation), transpose(CAMERA_TO_LEVEL_BODY)));
}
