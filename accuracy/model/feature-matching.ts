import { DESCRIPTOR_SIZE, turnedByHalf } from '../../maths/descriptor.ts';
import type { TieImage } from './tie-features.ts';

/** A corner of one image and the corner of another that looks most like it. */
export interface FeatureMatch {
  first: number;
  second: number;
}

/** Where a corner of one image is looked for in another. */
export interface SearchArea {
  expected: (corner: readonly [number, number]) => readonly [number, number] | null;
  reach: number;
}

/** A match is this much more alike than the next best, as a share of the difference. */
const MOST_RATIO = 0.8;
/** Numbers that are compared before it is asked whether the rest can still matter. */
const PART = 32;

/**
 * Pairs of corners of which each is the clearly most alike of the other.
 *
 * Source: the test of the ratio is that of D. Lowe, 2004.
 *
 * @param near where a corner of the first image should be in the second, and how far from there along each
 * axis it is looked for, pixels; null looks everywhere.
 * @param isTurned compares as if the second image had been turned by half.
 */
export function matchFeatures(
  first: TieImage,
  second: TieImage,
  { near, isTurned }: { near: SearchArea | null; isTurned: boolean },
): FeatureMatch[] {
  const own = first.descriptors;
  const others = isTurned ? turnedByHalf(second.descriptors) : second.descriptors;
  const places = new CornerRows(second.corners);
  const matches: FeatureMatch[] = [];
  const back = new Int32Array(second.corners.length).fill(-1);
  const backLeast = new Int32Array(second.corners.length).fill(MOST_DIFFERENCE);
  first.corners.forEach((corner, index) => {
    const place = near === null ? corner : near.expected(corner);
    if (place === null) return;
    const count = places.find(place, near?.reach ?? Infinity);
    let [best, least, next] = [-1, MOST_DIFFERENCE, MOST_DIFFERENCE];
    for (let k = 0; k < count; k++) {
      const other = places.found[k]!;
      const known = backLeast[other]!;
      const difference = differenceOf(own, index, others, other, next > known ? next : known);
      if (difference < known) {
        backLeast[other] = difference;
        back[other] = index;
      }
      if (difference < least) {
        next = least;
        least = difference;
        best = other;
      } else if (difference < next) {
        next = difference;
      }
    }
    if (least < MOST_RATIO * MOST_RATIO * next) matches.push({ first: index, second: best });
  });
  return matches.filter((match) => back[match.second] === match.first);
}

/** No two descriptors differ by more. */
const MOST_DIFFERENCE = DESCRIPTOR_SIZE * 255 * 255;

/** Corners by place; they come sorted from top to bottom. */
class CornerRows {
  /** Indices of what was found last. */
  readonly found: Int32Array;
  private readonly x: Int32Array;
  private readonly y: Int32Array;

  constructor(corners: TieImage['corners']) {
    this.found = new Int32Array(corners.length);
    this.x = Int32Array.from(corners, ([x]) => x);
    this.y = Int32Array.from(corners, ([, y]) => y);
  }

  /** @returns how many corners lie within `reach` along each axis. */
  find([u, v]: readonly [number, number], reach: number): number {
    const { x, y, found } = this;
    const [left, right, bottom] = [u - reach, u + reach, v + reach];
    let count = 0;
    for (let k = firstFrom(y, v - reach); k < y.length && y[k]! <= bottom; k++) {
      if (x[k]! >= left && x[k]! <= right) found[count++] = k;
    }
    return count;
  }
}

/** Index of the first of ascending values that is not below a limit. */
function firstFrom(values: Int32Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sum of squared differences; once it is beyond `limit`, any value beyond it. */
function differenceOf(
  a: Uint8Array,
  first: number,
  b: Uint8Array,
  second: number,
  limit: number,
): number {
  let [at, to] = [first * DESCRIPTOR_SIZE, second * DESCRIPTOR_SIZE];
  const end = at + DESCRIPTOR_SIZE;
  let sum = 0;
  while (at < end && sum <= limit) {
    for (const stop = at + PART; at < stop; at += 4, to += 4) {
      const d0 = a[at]! - b[to]!;
      const d1 = a[at + 1]! - b[to + 1]!;
      const d2 = a[at + 2]! - b[to + 2]!;
      const d3 = a[at + 3]! - b[to + 3]!;
      sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    }
  }
  return sum;
}
