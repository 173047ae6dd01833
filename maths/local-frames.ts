import { type Enu, enuToEcef, type GeodeticPosition } from './geodesy.ts';
import type { Matrix3, Vector3 } from './rotation.ts';
import { dot, scale, subtract } from './vector.ts';

/** Meters. */
const LONG_STEP = 1e7;

/**
 * The rotation from the east, north, up of one place to those of another. An attitude is recorded in the
 * level plane at the camera; over 100 m that plane and the origin's differ by a thousandth of a degree,
 * over 2 km by 0.02 degrees.
 *
 * @example
 * // A camera's rotation, brought to the frame of the flight:
 * multiply(frameTurn(cameraPosition, origin), gimbalRotation(attitude));
 */
export function frameTurn(from: GeodeticPosition, to: GeodeticPosition): Matrix3 {
  const [fromAxes, toAxes] = [axesOf(from), axesOf(to)];
  const row = (axis: Vector3): Vector3 => [
    dot(axis, fromAxes[0]),
    dot(axis, fromAxes[1]),
    dot(axis, fromAxes[2]),
  ];
  return [row(toAxes[0]), row(toAxes[1]), row(toAxes[2])];
}

/** East, north and up at a place, in earth-centered coordinates. */
function axesOf(place: GeodeticPosition): Matrix3 {
  const center = enuToEcef([0, 0, 0], place);
  // Long steps: of a meter, the difference of two places would keep nine digits only.
  const along = (step: Enu): Vector3 =>
    scale(subtract(enuToEcef(step, place), center), 1 / LONG_STEP);
  return [along([LONG_STEP, 0, 0]), along([0, LONG_STEP, 0]), along([0, 0, LONG_STEP])];
}
