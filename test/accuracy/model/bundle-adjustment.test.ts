import { describe, expect, it } from '@jest/globals';
import { connectedImages, connectedPart } from '../../../accuracy/model/block-connection.ts';
import { adjustBlock } from '../../../accuracy/model/bundle-adjustment.ts';
import type { BundleBlock } from '../../../accuracy/model/bundle-block.ts';
import { reportBundle } from '../../../accuracy/model/bundle-doubts.ts';
import { gimbalRotation, multiply, type Vector3 } from '../../../maths/rotation.ts';
import { rotationAngle, rotationFromVector } from '../../../maths/rotation-vector.ts';
import { add, length, scale, subtract } from '../../../maths/vector.ts';
import {
  generateFlight,
  type GeneratedFlight,
  normal,
  randomNumbers,
} from '../generated-flight.ts';

const DEGREE = Math.PI / 180;

/** A block as it would be recorded: positions to 0.2 m, attitudes to a degree, focal length 1 % short. */
function record(
  flight: GeneratedFlight,
  change: { turned?: (index: number) => boolean; focal?: number; surveyed?: number } = {},
): BundleBlock {
  const { turned = () => false, focal = 0.99, surveyed = 0 } = change;
  const random = randomNumbers(77);
  const noise = (size: number): Vector3 => [
    size * normal(random),
    size * normal(random),
    size * normal(random),
  ];
  const numbers = new Map(flight.images.map(({ name }, index) => [name, index]));
  const camera = {
    ...flight.camera,
    focalX: flight.camera.focalX * focal,
    focalY: flight.camera.focalY * focal,
  };
  const images = flight.images.map(({ name, pose }, index) => {
    const upright = multiply(pose.rotation, rotationFromVector(noise(DEGREE)));
    const rotation = turned(index)
      ? multiply(upright, rotationFromVector([0, 0, Math.PI * 0.999]))
      : upright;
    return {
      name,
      pose: { center: add(pose.center, noise(0.2)), rotation },
      sdPosition: [0.2, 0.2, 0.2] as const,
      sdAttitudeDegrees: 3,
    };
  });
  const byPoint = new Map<string, BundleBlock['tiePoints'][number]['observations'][number][]>();
  for (const { point, image, pixel } of flight.observations) {
    byPoint.set(point, [...(byPoint.get(point) ?? []), { image: numbers.get(image)!, pixel }]);
  }
  const positions = new Map(flight.points.map(({ name, position }) => [name, position]));
  const tiePoints = [...byPoint]
    .filter(([, observations]) => observations.length >= 2)
    .map(([name, observations], index) => ({
      observations,
      ...(index < surveyed && {
        surveyed: { position: positions.get(name)!, sd: [0.02, 0.02, 0.02] as const },
      }),
    }));
  return { camera, images, tiePoints };
}

const wanted = { seed: 9, lines: 3, imagesPerLine: 6, points: 350, pixelNoise: 0.3 };
const flight = generateFlight(wanted);

describe('adjustBlock()', () => {
  it('finds the poses behind their records', () => {
    const block = record(flight);
    const adjusted = adjustBlock(block);
    expect(adjusted.hasConverged).toBe(true);
    expect(adjusted.rmsPixels).toBeLessThan(0.45);
    const errors = flight.images.map(({ pose }, index) => {
      const found = adjusted.state.poses[index]!;
      return {
        meters: length(subtract(found.center, pose.center)),
        degrees: rotationAngle(found.rotation, pose.rotation) / DEGREE,
      };
    });
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    // Recorded to 0.35 m and 1.7 degrees. Over level ground, height and focal length stay entangled.
    expect(mean(errors.map(({ meters }) => meters))).toBeLessThan(0.25);
    expect(mean(errors.map(({ degrees }) => degrees))).toBeLessThan(0.35);
    expect(reportBundle(block, adjusted).doubts).toEqual([]);
  });

  it('leaves wrong matches out', () => {
    const block = record(flight);
    const tiePoints = block.tiePoints.map((tiePoint, index) =>
      index % 20 !== 0
        ? tiePoint
        : {
            observations: tiePoint.observations.map((observation, at) =>
              at === 0 ? { ...observation, pixel: [100, 100] as const } : observation,
            ),
          },
    );
    const adjusted = adjustBlock({ ...block, tiePoints });
    expect(adjusted.leftOut).toBeGreaterThan(tiePoints.length / 25);
    // Where only two images show a point, a wrong match near the right line can't be told.
    expect(adjusted.rmsPixels).toBeLessThan(1);
    const clean = adjustBlock(record(flight)).state.camera.focalX;
    expect(Math.abs(adjusted.state.camera.focalX / clean - 1)).toBeLessThan(0.01);
  });

  it('is held by control points, which also tell focal length from height', () => {
    const hilly = generateFlight({ ...wanted, relief: 20 });
    const block = record(hilly, { surveyed: 12 });
    const shifted = {
      ...block,
      images: block.images.map((image) => ({
        ...image,
        pose: { ...image.pose, center: add(image.pose.center, [3, -2, 1]) },
        sdPosition: [5, 5, 5] as const,
      })),
    };
    const { state } = adjustBlock(shifted);
    const errors = hilly.images.map(({ pose }, index) =>
      subtract(state.poses[index]!.center, pose.center),
    );
    const mean = scale(errors.reduce(add, [0, 0, 0]), 1 / errors.length);
    expect(length(mean)).toBeLessThan(0.3);
    expect(Math.abs(state.camera.focalX / hilly.camera.focalX - 1)).toBeLessThan(0.003);
  });
});

describe('reportBundle()', () => {
  it('does not believe a block in which a line was turned by half', () => {
    const block = record(flight, { turned: (index) => index >= 6 && index < 12 });
    const adjusted = adjustBlock(block);
    expect(reportBundle(block, adjusted).doubts.length).toBeGreaterThan(0);
  });

  it('names a focal length that was assumed 8 % too short', () => {
    const block = record(flight, { focal: 0.92 });
    const { doubts } = reportBundle(block, adjustBlock(block));
    expect(doubts.map(({ words }) => words).join()).toContain('focal length changed by');
  });
});

describe('connectedPart()', () => {
  const camera = flight.camera;
  const pose = {
    center: [0, 0, 80],
    rotation: gimbalRotation({ yaw: 0, pitch: -90, roll: 0 }),
  } as const;
  const images = ['A', 'B', 'C', 'D', 'E'].map((name) => ({
    name,
    pose,
    sdPosition: [1, 1, 1] as const,
    sdAttitudeDegrees: 3,
  }));
  const tie = (...seenBy: number[]) => ({
    observations: seenBy.map((image) => ({ image, pixel: [0, 0] as const })),
  });
  const ties = (count: number, ...seenBy: number[]) =>
    Array.from({ length: count }, () => tie(...seenBy));

  it('takes the largest group and names the rest', () => {
    const tiePoints = [...ties(6, 0, 2), ...ties(6, 2, 4), ...ties(5, 1, 2), tie(0, 1)];
    expect(connectedImages(5, tiePoints)).toEqual([[0, 2, 4], [1], [3]]);
    const part = connectedPart({ camera, images, tiePoints });
    if ('reason' in part) throw new Error(part.reason);
    expect(part.leftOut).toEqual(['B', 'D']);
    expect(part.block.images.map(({ name }) => name)).toEqual(['A', 'C', 'E']);
    expect(part.block.tiePoints).toHaveLength(12);
    expect(part.block.tiePoints[6]!.observations.map(({ image }) => image)).toEqual([1, 2]);
  });

  it('refuses a block that falls apart', () => {
    expect(connectedPart({ camera, images, tiePoints: ties(9, 0, 1) })).toEqual({
      reason:
        'the images fall apart into 4 groups: A and 1 more; C and 0 more; D and 0 more; E and 0 more',
    });
  });
});
