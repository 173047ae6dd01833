import { describe, expect, it } from '@jest/globals';
import { mapOutline } from '../../maths/map-outline.ts';
import { signedArea } from '../../maths/polygon.ts';

/** Clockwise, as footprints of a camera that looks down are. */
const outline = [
  [-50, 50, 0],
  [50, 50, 0],
  [50, -50, 0],
  [-50, -50, 0],
] as const;
const origin = { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 560 };

describe('mapOutline()', () => {
  it('gives one ring, closed and counter-clockwise', () => {
    const { coordinates } = mapOutline(outline, origin)!;
    expect(coordinates).toHaveLength(1);
    const ring = coordinates[0]![0]!;
    expect(ring).toHaveLength(5);
    expect(ring[0]).toEqual(ring[4]);
    expect(signedArea(ring.slice(1))).toBeGreaterThan(0);
    // 100 m are 0.001344 degrees of longitude and 0.000899 of latitude there.
    expect(signedArea(ring.slice(1)) / (0.001344 * 0.000899)).toBeCloseTo(1, 2);
  });

  it('is cut in two at the antimeridian, from either side', () => {
    for (const longitudeDegrees of [179.9998, -179.9998]) {
      const { coordinates } = mapOutline(outline, { ...origin, longitudeDegrees })!;
      expect(coordinates).toHaveLength(2);
      const areas = coordinates.map(([ring]) => signedArea(ring!.slice(1)));
      expect(Math.min(...areas)).toBeGreaterThan(0);
      expect((areas[0]! + areas[1]!) / (0.001344 * 0.000899)).toBeCloseTo(1, 2);
      for (const [longitude] of coordinates.flat(2)) {
        expect(Math.abs(longitude!)).toBeLessThanOrEqual(180);
        expect(Math.abs(longitude!)).toBeGreaterThan(179.99);
      }
    }
  });

  it('is null without area', () => {
    expect(mapOutline(outline.slice(0, 2), origin)).toBeNull();
  });
});
