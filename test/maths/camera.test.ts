import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Camera,
  directionInCamera,
  isInImage,
  project,
  rayThrough,
  simpleCamera,
} from '../../maths/camera.ts';
import { meetPlane } from '../../maths/ground.ts';
import { distort, distortionSlope, undistort } from '../../maths/lens-distortion.ts';
import { gimbalRotation } from '../../maths/rotation.ts';
import { add, subtract, transformBack } from '../../maths/vector.ts';
import { exampleCamera, examplePose, expectNumbers } from './example-camera.ts';

/** The factory calibration of a Phantom 4 RTK. */
const lens = {
  k1: -0.267098,
  k2: 0.111977,
  k3: -0.0331614,
  p1: 0.000924881,
  p2: 0.0000882056,
};
const phantom: Camera = {
  columns: 5472,
  rows: 3648,
  focalX: 3657.02,
  focalY: 3650.62,
  centerX: 5471 / 2 - 4.03,
  centerY: 3647 / 2 + 23.1,
  distortion: lens,
};
const nadir = gimbalRotation({ yaw: 0, pitch: -90, roll: 0 });

describe('distort()', () => {
  it.each([
    [
      [0.1, -0.05],
      [0.099661489, -0.049818632],
      [3095.9341, 1664.7311],
    ],
    [
      [0.5, 0.4],
      [0.453964038, 0.3635215],
      [4391.6256, 3173.6789],
    ],
    [
      [-0.7, 0.45],
      [-0.600840024, 0.386934048],
      [534.186, 3259.1492],
    ],
  ] as const)('gives the published place of %j', (ideal, seen, pixel) => {
    expectNumbers(distort(lens, ideal), seen, 9);
    const pose = { center: [0, 0, 1], rotation: nadir } as const;
    expectNumbers(project(phantom, pose, [ideal[0], -ideal[1], 0]), pixel, 4);
  });

  it('has the slope that small steps show', () => {
    const at = [0.4, -0.3] as const;
    const slope = distortionSlope(lens, at);
    const step = 1e-6;
    const [rightX, rightY] = distort(lens, [at[0] + step, at[1]]);
    const [leftX, leftY] = distort(lens, [at[0] - step, at[1]]);
    const [downX, downY] = distort(lens, [at[0], at[1] + step]);
    const [upX, upY] = distort(lens, [at[0], at[1] - step]);
    const measured = [rightX - leftX, downX - upX, rightY - leftY, downY - upY];
    expectNumbers(
      slope,
      measured.map((value) => value / (2 * step)),
      8,
    );
  });
});

describe('undistort()', () => {
  it.each([
    [
      [0, 0],
      [-1.01080063, -0.686293328],
    ],
    [
      [5471, 3647],
      [0.993086237, 0.652171225],
    ],
    [
      [1000, 3000],
      [-0.519473216, 0.3462275],
    ],
  ] as const)('gives the published direction of pixel %j', (pixel, expected) => {
    expectNumbers(directionInCamera(phantom, pixel), expected, 9);
  });

  it('undoes distort() to 1e-10', () => {
    const side = fc.double({ min: -0.9, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(side, side, (x, y) => {
        const [backX, backY] = undistort(lens, distort(lens, [x, y]))!;
        expect(Math.hypot(backX - x, backY - y)).toBeLessThan(1e-10);
      }),
    );
  });

  it('refuses where the model folds back', () => {
    const barrel = { k1: -0.3, k2: 0, k3: 0, p1: 0, p2: 0 };
    // r (1 - 0.3 r2) is greatest at r = 1.054, with 0.703.
    expect(undistort(barrel, [0.7, 0])).not.toBeNull();
    expect(undistort(barrel, [0.71, 0])).toBeNull();
    const camera = simpleCamera({ columns: 640, rows: 480, focalPixels: 560, distortion: barrel });
    const pose = { center: [0, 0, 1], rotation: nadir } as const;
    expect(project(camera, pose, [1.05, 0, 0])).not.toBeNull();
    expect(project(camera, pose, [1.06, 0, 0])).toBeNull();
  });
});

describe('project()', () => {
  it('gives the published camera coordinates and pixel', () => {
    const point = [18, 3, 1.5] as const;
    const inCamera = transformBack(examplePose.rotation, subtract(point, examplePose.center));
    expectNumbers(inCamera, [2.480462, -9.257488, 78.729894], 6);
    expectNumbers(project(exampleCamera, examplePose, point), [337.143347, 173.652161], 6);
  });

  it('shows nothing that is behind the camera', () => {
    expect(project(exampleCamera, examplePose, [10, -5, 90])).toBeNull();
  });

  it('comes back from the ground to the same point within 1e-9 m', () => {
    const side = fc.double({ min: -30, max: 30, noNaN: true });
    fc.assert(
      fc.property(side, side, side, (east, north, up) => {
        const camera = { ...exampleCamera, distortion: lens };
        const pixel = project(camera, examplePose, [east, north, up])!;
        const ray = rayThrough(camera, examplePose, pixel)!;
        const back = meetPlane(examplePose.center, ray, up)!;
        expect(Math.hypot(back[0] - east, back[1] - north)).toBeLessThan(1e-9);
      }),
    );
  });

  it('does not change when the whole world moves', () => {
    const shift = [1000, -2000, 300] as const;
    const moved = { ...examplePose, center: add(examplePose.center, shift) };
    const there = project(exampleCamera, moved, add([18, 3, 1.5], shift))!;
    expectNumbers(there, project(exampleCamera, examplePose, [18, 3, 1.5])!, 9);
  });
});

describe('isInImage()', () => {
  it('reaches half a pixel beyond the outer centers', () => {
    expect(isInImage(exampleCamera, [-0.5, 479.5])).toBe(true);
    expect(isInImage(exampleCamera, [-0.51, 0])).toBe(false);
  });
});
