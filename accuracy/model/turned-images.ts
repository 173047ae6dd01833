import type { Pixel } from '../../maths/camera.ts';

/**
 * Where a pixel of a turned image lay in the raster as the camera took it. Turning the pixels back, not
 * the pose, keeps the camera in its mount as in all other images.
 *
 * @param turnDegrees as found: added to the recorded yaw, it would fit the pixels.
 * @throws {RangeError} for a quarter turn of an image that is not square, or another angle.
 *
 * @example
 * turnBack({ columns: 1280, rows: 720 }, [0, 0], 180); // [1279, 719]
 */
export function turnBack(
  { columns, rows }: { columns: number; rows: number },
  [u, v]: Pixel,
  turnDegrees: number,
): Pixel {
  const isQuarter = Math.abs(turnDegrees) === 90;
  if (!(turnDegrees === 0 || turnDegrees === 180 || (isQuarter && columns === rows))) {
    throw new RangeError(
      `Cannot turn an image of ${columns} x ${rows} pixels back as 0, 180 or, of a square, +-90 degrees are needed: found ${turnDegrees}`,
    );
  }
  const last = columns - 1;
  if (turnDegrees === 180) return [last - u, rows - 1 - v];
  if (turnDegrees === 90) return [last - v, u];
  return turnDegrees === -90 ? [v, last - u] : [u, v];
}
