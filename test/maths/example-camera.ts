import { expect } from '@jest/globals';
import { type Camera, type Pose, simpleCamera } from '../../maths/camera.ts';
import { gimbalRotation } from '../../maths/rotation.ts';

/** The camera whose figures were computed independently: 640 x 480 pixels, focal length 560, no distortion. */
export const exampleCamera: Camera = simpleCamera({ columns: 640, rows: 480, focalPixels: 560 });

/** It stands at (10, -5, 80) and looks down, a little off the plumb line. */
export const examplePose: Pose = {
  center: [10, -5, 80],
  rotation: gimbalRotation({ yaw: 32, pitch: -88.7, roll: 0.4 }),
};

/** Compares number by number, to half a unit of the last digit given. */
export function expectNumbers(
  found: readonly number[] | null,
  expected: readonly number[],
  digits: number,
): void {
  expect(found).toHaveLength(expected.length);
  found!.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, digits));
}
