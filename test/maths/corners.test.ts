import { describe, expect, it } from '@jest/globals';
import { findCorners } from '../../maths/corners.ts';
import { DESCRIPTOR_SIZE, describeSurroundings, turnedByHalf } from '../../maths/descriptor.ts';
import { slopesOf, smoothImage } from '../../maths/smooth-image.ts';

const side = 96;

/** Dark and light squares of 24 pixels, whose corners lie between pixels 23 and 24, 47 and 48, ... */
const board = smoothImage({
  width: side,
  height: side,
  samples: Uint8Array.from({ length: side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side)];
    return (Math.floor(x / 24) + Math.floor(y / 24)) % 2 === 0 ? 40 : 200;
  }),
});

describe('findCorners()', () => {
  const wanted = { radius: 6, cell: 96, mostPerCell: 100 };

  it('finds the corners of a board, from top to bottom, and none along its edges', () => {
    const corners = findCorners(slopesOf(board), wanted);
    // Of pixels as good as each other around a corner, one or more are given.
    const places = new Set(corners.map(([x, y]) => `${Math.round(x / 24)} ${Math.round(y / 24)}`));
    expect(places).toEqual(
      new Set(['1 1', '2 1', '3 1', '1 2', '2 2', '3 2', '1 3', '2 3', '3 3']),
    );
    for (const [x, y] of corners) {
      const off = Math.hypot(
        x - (24 * Math.round(x / 24) - 0.5),
        y - (24 * Math.round(y / 24) - 0.5),
      );
      expect(off).toBeLessThan(1);
    }
    expect(corners.map(([, y]) => y)).toEqual(corners.map(([, y]) => y).toSorted((a, b) => a - b));
  });

  it('keeps the clearest of a cell only, and finds none on level ground', () => {
    expect(findCorners(slopesOf(board), { ...wanted, mostPerCell: 2 })).toHaveLength(2);
    const level = { ...board, values: board.values.map(() => 7) };
    expect(findCorners(slopesOf(level), wanted)).toEqual([]);
  });
});

describe('describeSurroundings()', () => {
  const slopes = slopesOf(board);
  const describeAt = (place: [number, number], axis: [number, number]) => {
    const out = new Uint8Array(DESCRIPTOR_SIZE);
    describeSurroundings(slopes, place, axis, 1, out);
    return out;
  };

  it('has the same numbers for what looks the same, and others for what does not', () => {
    const here = describeAt([48, 48], [1, 0]);
    const same = describeAt([48 - 24, 48 - 24], [1, 0]);
    const swapped = describeAt([48 + 24, 48], [1, 0]);
    const apart = (other: Uint8Array) =>
      here.reduce((sum, value, k) => sum + (value - other[k]!) ** 2, 0);
    expect(apart(same)).toBe(0);
    expect(apart(swapped)).toBeGreaterThan(10_000);
    const length = Math.sqrt(here.reduce((sum, value) => sum + value * value, 0));
    expect(Math.abs(length - 512)).toBeLessThan(8);
  });

  it('turned by half is what it is along the opposite axis', () => {
    const place: [number, number] = [44, 53];
    const turned = turnedByHalf(describeAt(place, [1, 0]));
    const opposite = describeAt(place, [-1, 0]);
    turned.forEach((value, k) => expect(Math.abs(value - opposite[k]!)).toBeLessThanOrEqual(1));
  });
});
