import { describe, expect, it } from '@jest/globals';
import { PointGrid } from '../../maths/point-grid.ts';
import type { Place } from '../../maths/polygon.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';

describe('PointGrid', () => {
  it('finds what a look at every place finds', () => {
    const random = randomNumbers('places');
    const places = Array.from({ length: 500 }, (): Place => [
      200 * random() - 100,
      200 * random() - 100,
    ]);
    const grid = new PointGrid(places, 12);
    for (const [radius, center] of [
      [0, places[3]!],
      [12, [0, 0]],
      [31, [-70, 55]],
      [500, [9, 9]],
    ] as [number, Place][]) {
      const expected = places.flatMap(([x, y], index) =>
        Math.hypot(x - center[0], y - center[1]) <= radius ? [index] : [],
      );
      expect(grid.within(center, radius)).toEqual(expected);
    }
  });

  it('refuses cells without a size', () => {
    expect(() => new PointGrid([], 0)).toThrow(/cells need a side above 0/);
  });
});
