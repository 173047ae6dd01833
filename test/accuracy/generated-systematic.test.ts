import { describe, expect, it } from '@jest/globals';
import type { JudgedObservation } from '../../accuracy/model/control-block.ts';
import { flightBoresight } from '../../accuracy/model/flight-boresight.ts';
import { isResidual, residualOf } from '../../accuracy/model/observation-residual.ts';
import type { GroundAccuracy } from '../../contracts/ground-accuracy.ts';
import { multiply, type Vector3 } from '../../maths/rotation.ts';
import { rotationFromVector } from '../../maths/rotation-vector.ts';
import { add, scale } from '../../maths/vector.ts';
import { generateFlight } from './generated-flight.ts';

const DEGREE = Math.PI / 180;
const nothing: Vector3 = [0, 0, 0];

/** 200 images in ten lines to and fro over hilly ground, recorded with a constant error. */
function recordedWith({
  bias = nothing,
  turnDegrees = nothing,
  focal = 1,
}: {
  bias?: Vector3;
  turnDegrees?: Vector3;
  focal?: number;
}): Exclude<GroundAccuracy['boresight'], { reason: string }> {
  const flight = generateFlight({
    seed: 21,
    lines: 10,
    imagesPerLine: 20,
    points: 24,
    relief: 25,
    pixelNoise: 0.3,
  });
  expect(flight.images).toHaveLength(200);
  const camera = {
    ...flight.camera,
    focalX: flight.camera.focalX * focal,
    focalY: flight.camera.focalY * focal,
  };
  // The true rotation is the recorded one times the boresight.
  const undo = rotationFromVector(scale(turnDegrees, -DEGREE));
  const poses = new Map(
    flight.images.map(({ name, pose }) => [
      name,
      { center: add(pose.center, bias), rotation: multiply(pose.rotation, undo) },
    ]),
  );
  const points = new Map(
    flight.points.map(({ name, position }) => [
      name,
      { name, position, isHeightKnown: true, role: 'control' as const },
    ]),
  );
  const observations = flight.observations.flatMap((seen): JudgedObservation[] => {
    const point = points.get(seen.point)!;
    const pose = poses.get(seen.image)!;
    const residual = residualOf(seen, point, camera, pose);
    return isResidual(residual) ? [{ residual, point, camera, pose, pixel: seen.pixel }] : [];
  });
  const found = flightBoresight(observations, { horizontal: 0.01, isDerived: false });
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

describe('the systematic error of a flight of 200 images', () => {
  it('is its bias, to five centimeters', () => {
    const { bias, isWorthwhile, significant } = recordedWith({ bias: [0.4, -0.25, 0.7] });
    expect(isWorthwhile).toBe(true);
    [0.4, -0.25, 0.7].forEach((value, axis) => {
      expect(Math.abs(bias[axis]! - value)).toBeLessThan(0.05);
    });
    expect(significant.join()).toContain('too far east');
  });

  it('is its boresight, to a twentieth of a degree', () => {
    const { turnDegrees, checkRmseBefore, checkRmseAfter } = recordedWith({
      turnDegrees: [1.5, -1.2, 0.6],
    });
    [1.5, -1.2, 0.6].forEach((value, axis) => {
      expect(Math.abs(turnDegrees[axis]! - value)).toBeLessThan(0.05);
    });
    // Points that were held back tell that it helps.
    expect(checkRmseBefore!).toBeGreaterThan(2);
    expect(checkRmseAfter!).toBeLessThan(0.15);
  });

  it('is a focal length that is 2 % wrong, and named so', () => {
    const { significant, focalScale } = recordedWith({ focal: 1 / 1.02 });
    expect(Math.abs(focalScale - 0.02)).toBeLessThan(0.002);
    expect(significant).toContain('the focal length is 2.0 % longer than assumed');
  });

  it('is nothing where the records are right', () => {
    expect(recordedWith({})).toMatchObject({ isWorthwhile: false, significant: [] });
  });
});
