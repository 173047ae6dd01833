import { describe, expect, it } from '@jest/globals';
import {
  type BoresightEstimate,
  estimateBoresight,
  isEstimate,
} from '../../../accuracy/model/boresight.ts';
import { snoopBoresight } from '../../../accuracy/model/data-snooping.ts';
import type { BoresightObservation } from '../../../accuracy/model/boresight-equations.ts';
import { correctCamera, correctPose } from '../../../accuracy/model/systematic-error.ts';
import { residualOf } from '../../../accuracy/model/observation-residual.ts';
import type { Pose } from '../../../maths/camera.ts';
import { multiply, type Vector3 } from '../../../maths/rotation.ts';
import { rotationFromVector } from '../../../maths/rotation-vector.ts';
import { add, length, scale, subtract, transpose } from '../../../maths/vector.ts';
import { generateFlight, type GeneratedFlight } from '../generated-flight.ts';

const DEGREE = Math.PI / 180;

/** The flight as a receiver and gimbal with a constant error would have recorded it. */
function record(
  flight: GeneratedFlight,
  { bias = [0, 0, 0], boresight = [0, 0, 0] }: { bias?: Vector3; boresight?: Vector3 },
): BoresightObservation[] {
  const back = transpose(rotationFromVector(scale(boresight, DEGREE)));
  const poses = new Map(
    flight.images.map(({ name, pose }): [string, Pose] => [
      name,
      { center: add(pose.center, bias), rotation: multiply(pose.rotation, back) },
    ]),
  );
  const positions = new Map(flight.points.map(({ name, position }) => [name, position]));
  return flight.observations.map((observation) => ({
    ...observation,
    camera: flight.camera,
    pose: poses.get(observation.image)!,
    position: positions.get(observation.point)!,
  }));
}

function estimate(observations: BoresightObservation[]): BoresightEstimate {
  const result = estimateBoresight(observations);
  if (!isEstimate(result)) throw new Error(result.reason);
  return result;
}

const flight = generateFlight({ seed: 5, lines: 10, imagesPerLine: 20, points: 60 });

describe('estimateBoresight()', () => {
  it('recovers a pure bias within 0.05 m', () => {
    const { error, rmsPixelsBefore, isWorthwhile } = estimate(
      record(flight, { bias: [0.4, -0.25, 0.7] }),
    );
    expect(length(subtract(error.bias, [0.4, -0.25, 0.7]))).toBeLessThan(0.05);
    expect(length(error.boresight) / DEGREE).toBeLessThan(0.05);
    expect(rmsPixelsBefore).toBeGreaterThan(1);
    expect(isWorthwhile).toBe(true);
  });

  it('recovers a pure boresight within 0.05 degrees', () => {
    const { error } = estimate(record(flight, { boresight: [1.5, -1.2, 0.6] }));
    const found = scale(error.boresight, 1 / DEGREE);
    expect(length(subtract(found, [1.5, -1.2, 0.6]))).toBeLessThan(0.05);
    expect(length(error.bias)).toBeLessThan(0.05);
  });

  it('names a focal length that is 2 % wrong', () => {
    const camera = correctCamera(flight.camera, {
      boresight: [0, 0, 0],
      bias: [0, 0, 0],
      focalScale: 1 / 1.02 - 1,
    });
    const hilly = generateFlight({ seed: 6, lines: 6, imagesPerLine: 8, points: 80, relief: 15 });
    const observations = record(hilly, {}).map((observation) => ({ ...observation, camera }));
    const { error } = estimate(observations);
    expect(error.focalScale).toBeCloseTo(0.02, 3);
  });

  it('makes the residuals of points that took no part vanish', () => {
    const observations = record(flight, {
      bias: [0.4, -0.25, 0.7],
      boresight: [1.5, -1.2, 0.6],
    });
    const { error } = estimate(observations.filter(({ point }) => point.length < 3));
    for (const { point, image, pixel, position, camera, pose } of observations) {
      const residual = residualOf(
        { point, image, pixel },
        { name: point, position, isHeightKnown: true },
        correctCamera(camera, error),
        correctPose(pose, error),
      );
      expect(residual).toMatchObject({ radial: expect.any(Number) });
      expect('radial' in residual ? residual.radial : Infinity).toBeLessThan(0.2);
    }
  });

  it('is not led astray by a blunder', () => {
    const observations = record(flight, { bias: [0.4, -0.25, 0.7] });
    observations[0] = { ...observations[0]!, pixel: [0, 0] };
    expect(length(subtract(estimate(observations).error.bias, [0.4, -0.25, 0.7]))).toBeLessThan(
      0.1,
    );
  });

  it('finds blunders one by one, and only them', () => {
    const noisy = generateFlight({
      seed: 8,
      lines: 3,
      imagesPerLine: 6,
      points: 20,
      pixelNoise: 0.5,
    });
    const observations = record(noisy, { bias: [0.4, -0.25, 0.7] });
    const bad = [3, 40].map((index) => {
      const { pixel, point, image } = observations[index]!;
      observations[index] = { ...observations[index]!, pixel: [pixel[0] + 12, pixel[1] - 9] };
      return `${point} ${image}`;
    });
    const { snooped, result } = snoopBoresight(observations);
    const named = snooped.map(({ point, image }) => `${point} ${image}`);
    expect(named).toEqual(expect.arrayContaining(bad));
    expect(named.length).toBeLessThan(5);
    expect(isEstimate(result)).toBe(true);
  });

  it('finds nothing worthwhile in a flight without error', () => {
    const { error, isWorthwhile } = estimate(record(flight, {}));
    expect(isWorthwhile).toBe(false);
    expect(length(error.bias)).toBeLessThan(1e-6);
  });

  it('names what a single heading over flat ground does not tell apart', () => {
    const line = generateFlight({ seed: 7, lines: 1, imagesPerLine: 6, points: 20, relief: 0 });
    const { entangled, error } = estimate(record(line, { bias: [0.4, 0, 0] }));
    expect(entangled.length).toBeGreaterThan(0);
    for (const { correlation } of entangled) expect(Math.abs(correlation)).toBeGreaterThan(0.95);
    // The priors share the shift among bias and turn; together they explain it.
    expect(Math.abs(error.bias[0])).toBeLessThan(0.4);
  });

  it('gives a reason with too little control', () => {
    const few = record(flight, {}).filter(({ point }) => point === 'P1' || point === 'P2');
    expect(estimateBoresight(few)).toEqual({
      reason: expect.stringContaining('4 control points in 3 images are needed: found 2'),
    });
  });
});
