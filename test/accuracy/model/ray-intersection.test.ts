import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { intersectRays, isIntersection } from '../../../accuracy/model/ray-intersection.ts';
import { project, simpleCamera } from '../../../maths/camera.ts';
import { projectWithSlope } from '../../../maths/projection-slope.ts';
import { rotationFromVector } from '../../../maths/rotation-vector.ts';
import { gimbalRotation, multiply, type Vector3 } from '../../../maths/rotation.ts';
import { add, length, subtract } from '../../../maths/vector.ts';

const camera = simpleCamera({
  columns: 640,
  rows: 480,
  focalPixels: 560,
  distortion: { k1: -0.05, k2: 0.01, k3: 0, p1: 0.001, p2: -0.0005 },
});
const poseAt = (east: number, yaw: number) => ({
  center: [east, -5, 80] as const,
  rotation: gimbalRotation({ yaw, pitch: -88.7, roll: 0.4 }),
});
const raysTo = (point: Vector3, ...easts: number[]) =>
  easts.map((east) => {
    const pose = poseAt(east, east * 3);
    return { camera, pose, pixel: project(camera, pose, point)! };
  });

describe('intersectRays()', () => {
  it('finds the point that two or more images see', () => {
    const side = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(side, side, side, (east, north, up) => {
        const met = intersectRays(raysTo([east, north, up], -10, 10, 25));
        if (!isIntersection(met)) throw new Error(met.reason);
        expect(length(subtract(met.point, [east, north, up]))).toBeLessThan(1e-7);
        expect(met.rmsPixels).toBeLessThan(1e-7);
        // The height is less certain than the place.
        expect(met.covariance[2][2]).toBeGreaterThan(met.covariance[0][0]);
      }),
    );
  });

  it('says how certain the pointing leaves the point', () => {
    const met = intersectRays(raysTo([0, 0, 0], -20, 20), 1);
    if (!isIntersection(met)) throw new Error(met.reason);
    // Two rays over a base of 40 m from 80 m: height is 80 / 40 times a pixel of 80 / 560 m, over root 2 twice.
    expect(Math.sqrt(met.covariance[2][2])).toBeCloseTo((80 / 560) * Math.SQRT2 * 2, 1);
  });

  it('gives a reason where the geometry is weak', () => {
    expect(intersectRays(raysTo([0, 0, 0], 10))).toMatchObject({
      reason: 'two rays are needed: found 1',
    });
    const close = intersectRays(raysTo([0, 0, 0], 10, 11));
    expect(close).toMatchObject({ reason: expect.stringContaining('must differ by 5 degrees') });
    const apart = [
      { camera, pose: poseAt(-50, 0), pixel: [0, 240] as const },
      { camera, pose: poseAt(50, 0), pixel: [639, 240] as const },
    ];
    expect(intersectRays(apart)).toMatchObject({ reason: expect.stringContaining('do not meet') });
  });
});

describe('projectWithSlope()', () => {
  const pose = poseAt(10, 32);
  const point: Vector3 = [18, 3, 1.5];
  const shown = projectWithSlope(camera, pose, point)!;
  const step = 1e-5;
  const axes: Vector3[] = [
    [step, 0, 0],
    [0, step, 0],
    [0, 0, step],
  ];

  it('shows the point where project() does', () => {
    expect(shown.pixel).toEqual(project(camera, pose, point));
    expect(projectWithSlope(camera, pose, [0, 0, 100])).toBeNull();
  });

  it('has the slopes that small steps show', () => {
    axes.forEach((axis, index) => {
      const back = axis.map((value) => -value) as unknown as Vector3;
      const moved = (by: Vector3) => project(camera, pose, add(point, by))!;
      const turned = (by: Vector3) =>
        project(
          camera,
          { ...pose, rotation: multiply(pose.rotation, rotationFromVector(by)) },
          point,
        )!;
      const slope = (at: (by: Vector3) => [number, number], part: 0 | 1) =>
        (at(axis)[part] - at(back)[part]) / (2 * step);
      expect(shown.uByPoint[index]).toBeCloseTo(slope(moved, 0), 5);
      expect(shown.vByPoint[index]).toBeCloseTo(slope(moved, 1), 5);
      expect(shown.uByRotation[index]).toBeCloseTo(slope(turned, 0), 3);
      expect(shown.vByRotation[index]).toBeCloseTo(slope(turned, 1), 3);
    });
  });
});
