import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coverageOf } from '../../maths/coverage.ts';
import { overlapOf, overlapsOf } from '../../maths/overlap.ts';
import {
  centroid,
  clip,
  convexHull,
  isInside,
  type Place,
  type Polygon,
  signedArea,
} from '../../maths/polygon.ts';

const rectangle = (west: number, south: number, width: number, height: number): Polygon => [
  [west, south],
  [west + width, south],
  [west + width, south + height],
  [west, south + height],
];
const square = rectangle(0, 0, 1, 1);
const places = fc.array(
  fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })),
  { minLength: 3, maxLength: 12 },
);

describe('clip()', () => {
  it('gives the common part', () => {
    expect(signedArea(clip(square, rectangle(0.5, 0, 1, 1)))).toBeCloseTo(0.5, 12);
    expect(signedArea(clip(square, rectangle(0.25, 0.25, 0.5, 0.5)))).toBeCloseTo(0.25, 12);
    expect(clip(square, rectangle(2, 2, 1, 1))).toEqual([]);
    expect(clip(square, [square[0]!, square[2]!])).toEqual([]);
    const diamond: Polygon = [
      [0.5, -0.5],
      [1.5, 0.5],
      [0.5, 1.5],
      [-0.5, 0.5],
    ];
    expect(Math.abs(signedArea(clip(diamond, square)))).toBeCloseTo(1, 12);
  });

  it('does not mind which polygon cuts which, nor their order of corners', () => {
    fc.assert(
      fc.property(places, places, (some, others) => {
        const [a, b] = [convexHull(some), convexHull(others)];
        const area = signedArea(clip(a, b));
        expect(signedArea(clip(b, a))).toBeCloseTo(area, 6);
        expect(signedArea(clip(a, b.toReversed()))).toBeCloseTo(area, 6);
        expect(area).toBeLessThanOrEqual(Math.min(signedArea(a), signedArea(b)) + 1e-6);
      }),
    );
  });
});

describe('convexHull()', () => {
  it('holds every place and turns left at every corner', () => {
    fc.assert(
      fc.property(places, (some) => {
        const hull = convexHull(some);
        const middle = centroid(hull);
        if (middle === null) return;
        expect(signedArea(hull)).toBeGreaterThan(0);
        for (const [x, y] of some) {
          // A hair towards the middle, as places on the outline may count as outside.
          const inner: Place = [x + 1e-6 * (middle[0] - x), y + 1e-6 * (middle[1] - y)];
          expect(isInside(hull, inner)).toBe(true);
        }
      }),
    );
  });
});

describe('centroid()', () => {
  it('is the middle of a rectangle far from the origin', () => {
    expect(centroid(rectangle(686121, 5330438, 4, 2))).toEqual([686123, 5330439]);
    expect(centroid([square[0]!, square[1]!])).toBeNull();
  });
});

describe('overlapOf()', () => {
  it('is the share of the smaller footprint', () => {
    expect(overlapOf(square, rectangle(0.25, 0, 1, 1))).toBeCloseTo(0.75, 12);
    expect(overlapOf(square, rectangle(-1, -1, 3, 3))).toBe(1);
    expect(overlapOf(square, [])).toBeNull();
  });
});

describe('overlapsOf()', () => {
  it('gives the next of the strip and the best of the neighboring strips', () => {
    const strip = (south: number) =>
      [0, 1, 2].map((place) => ({
        name: `${south}/${place}`,
        footprint: rectangle(place * 0.2, south, 1, 1),
      }));
    const overlaps = overlapsOf([strip(0), strip(0.4), strip(0.9)]);
    expect(overlaps).toHaveLength(9);
    expect(overlaps[0]!.forward).toBeCloseTo(0.8, 12);
    expect(overlaps[0]!.side).toBeCloseTo(0.6, 12);
    expect(overlaps[2]!.forward).toBeNull();
    expect(overlaps[8]!.side).toBeCloseTo(0.5, 12);
    expect(overlapsOf([strip(0)])[0]!.side).toBeNull();
  });
});

describe('coverageOf()', () => {
  it('counts the images over each cell', () => {
    const left = rectangle(0, 0, 60, 40);
    const coverage = coverageOf([left, left, rectangle(30, 0, 70, 40)], 2)!;
    expect([coverage.cell, coverage.columns, coverage.rows]).toEqual([10, 10, 4]);
    expect([...coverage.counts.subarray(0, 10)]).toEqual([2, 2, 2, 3, 3, 3, 1, 1, 1, 1]);
    expect(coverage.shares).toEqual([
      { images: 2, share: 0.6 },
      { images: 3, share: 0.3 },
      { images: 5, share: 0 },
      { images: 9, share: 0 },
    ]);
  });

  it('makes at most 1000 cells a side, and none of nothing', () => {
    const coverage = coverageOf([rectangle(0, 0, 5000, 100)], 0.01)!;
    expect(coverage.columns).toBe(1000);
    expect(coverageOf([], 1)).toBeNull();
  });
});
