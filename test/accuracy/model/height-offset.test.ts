import { describe, expect, it } from '@jest/globals';
import { estimateHeightOffset } from '../../../accuracy/model/height-offset.ts';
import { intersectRays, isIntersection } from '../../../accuracy/model/ray-intersection.ts';
import { generateFlight } from '../generated-flight.ts';

describe('estimateHeightOffset()', () => {
  it('gives the values worked out by hand, and nothing of two points', () => {
    const offset = estimateHeightOffset([{ up: 45.1 }, { up: 44.9 }, { up: 45 }, { up: null }])!;
    expect(offset.meters).toBe(45);
    expect(offset.nmad).toBeCloseTo(0.14826, 9);
    expect(offset.points).toBe(3);
    expect(estimateHeightOffset([{ up: 1 }, { up: 2 }])).toBeNull();
  });

  it('finds the undulation of the geoid in a flight whose control has heights above the sea', () => {
    const undulation = 45.7;
    const flight = generateFlight({ seed: 3, lines: 2, imagesPerLine: 5, points: 12 });
    const points = flight.points.flatMap(({ name, position }) => {
      const rays = flight.observations
        .filter(({ point }) => point === name)
        .map(({ image, pixel }) => {
          const { pose } = flight.images.find((one) => one.name === image)!;
          return { camera: flight.camera, pose, pixel };
        });
      const met = intersectRays(rays);
      return isIntersection(met) ? [{ up: met.point[2] - (position[2] - undulation) }] : [];
    });
    expect(estimateHeightOffset(points)!.meters).toBeCloseTo(undulation, 6);
  });
});
