import type { SmoothImage } from './smooth-image.ts';
import { SymmetricSystem } from './symmetric-system.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { abs, floor, max, sqrt } = Math;

/** How pixels around a place lie in another image: [x, y] goes to place + [[a, b], [c, d]] [x, y]. */
export interface PatchPlace {
  place: readonly [u: number, v: number];
  /** a, b, c, d. */
  shape: readonly [number, number, number, number];
}

/** A patch that was found again. */
export interface PatchFit extends PatchPlace {
  /** Coefficient of correlation of the gray values, at most 1. */
  correlation: number;
}

/** Pixels from the middle of a patch to its edge. */
const REACH = 10;
const SIDE = 2 * REACH + 1;
const COUNT = SIDE * SIDE;
const MOST_STEPS = 15;
/** Pixels that the last step moves the place by. */
const SETTLED = 0.005;
/** A fit that goes further from where it began has slid to something else, pixels. */
const FARTHEST = 4;
const UNKNOWNS = 6;

/**
 * Finds the surroundings of a pixel again in another image to a few hundredths of a pixel: the patch is
 * moved and bent by an affine map until its gray values, freed of their mean and scaled, differ least.
 *
 * Source: S. Baker and I. Matthews, "Lucas-Kanade 20 years on", International Journal of Computer Vision
 * 56, 2004 (inverse compositional); B. Pan, K. Li and W. Tong, "Fast, robust and accurate digital image
 * correlation calculation without redundant computations", Experimental Mechanics 53, 2013.
 *
 * @param at whole pixels of the reference.
 * @param start where it should be, to about two pixels, and how it should be bent.
 * @returns null when the patch leaves an image, is level, or does not settle near the start.
 */
export function fitPatch(
  reference: SmoothImage,
  at: readonly [number, number],
  target: SmoothImage,
  start: PatchPlace,
): PatchFit | null {
  const { width, height } = reference;
  const isInside = ([x, y]: readonly [number, number]) =>
    x > REACH && y > REACH && x < width - REACH - 1 && y < height - REACH - 1;
  if (!isInside(at)) return null;
  const patch = new ReferencePatch(reference, at);
  let found = start;
  const seen = new Float64Array(COUNT);
  for (let step = 0; step < MOST_STEPS; step++) {
    const normal = sample(target, found, seen);
    const move = normal === null ? null : patch.solve(seen, normal);
    const next = move === null ? null : movedBack(found, move);
    if (next === null || apart(next, start) > FARTHEST) return null;
    const isSettled = apart(next, found) < SETTLED;
    found = next;
    if (!isSettled) continue;
    const last = sample(target, found, seen);
    return last === null ? null : { ...found, correlation: patch.correlation(seen, last) };
  }
  return null;
}

function apart(a: PatchPlace, b: PatchPlace): number {
  return max(abs(a.place[0] - b.place[0]), abs(a.place[1] - b.place[1]));
}

/** The reference was to move by this, so the image moves the other way: the map before the inverse of it. */
function movedBack({ place: [u, v], shape }: PatchPlace, move: Float64Array): PatchPlace | null {
  const [a, b, c, d] = shape;
  const [x, y] = [move[0]!, move[1]!];
  const [e, f, g, h] = [1 + move[2]!, move[3]!, move[4]!, 1 + move[5]!];
  const determinant = e * h - f * g;
  if (!(determinant > 0)) return null;
  const [ia, ib, ic, id] = [h, -f, -g, e].map((value) => value / determinant) as [
    number,
    number,
    number,
    number,
  ];
  const [backX, backY] = [-(ia * x + ib * y), -(ic * x + id * y)];
  return {
    place: [u + a * backX + b * backY, v + c * backX + d * backY],
    shape: [a * ia + b * ic, a * ib + b * id, c * ia + d * ic, c * ib + d * id],
  };
}

/** Mean, and root of the sum of squares about it. */
interface Normal {
  mean: number;
  spread: number;
}

function normalOf(values: Float64Array): Normal {
  let sum = 0;
  for (let k = 0; k < COUNT; k++) sum += values[k]!;
  const mean = sum / COUNT;
  let squares = 0;
  for (let k = 0; k < COUNT; k++) squares += (values[k]! - mean) ** 2;
  return { mean, spread: sqrt(squares) };
}

/** The patch of the reference, with what stays the same in all steps: its slopes and their equations. */
class ReferencePatch {
  private readonly own: Float64Array;
  private readonly slopes: Float64Array;
  private readonly matrix: Float64Array;
  private readonly normal: Normal;

  /** @param at such that the patch and a pixel around it lie in the image. */
  constructor({ width, values }: SmoothImage, [u, v]: readonly [number, number]) {
    this.own = new Float64Array(COUNT);
    this.slopes = new Float64Array(COUNT * UNKNOWNS);
    for (let y = -REACH, k = 0; y <= REACH; y++) {
      for (let x = -REACH; x <= REACH; x++, k++) {
        const pixel = (v + y) * width + u + x;
        const gx = (values[pixel + 1]! - values[pixel - 1]!) / 2;
        const gy = (values[pixel + width]! - values[pixel - width]!) / 2;
        this.own[k] = values[pixel]!;
        this.slopes.set([gx, gy, gx * x, gx * y, gy * x, gy * y], k * UNKNOWNS);
      }
    }
    this.normal = normalOf(this.own);
    this.matrix = new Float64Array(UNKNOWNS * UNKNOWNS);
    for (let at = 0; at < COUNT * UNKNOWNS; at += UNKNOWNS) {
      for (let row = 0; row < UNKNOWNS; row++) {
        for (let column = 0; column <= row; column++) {
          this.matrix[row * UNKNOWNS + column]! +=
            this.slopes[at + row]! * this.slopes[at + column]!;
        }
      }
    }
  }

  /** How the reference would have to move and bend to look like what is seen; null where it is level. */
  solve(seen: Float64Array, other: Normal): Float64Array | null {
    const system = new SymmetricSystem(UNKNOWNS);
    for (let row = 0; row < UNKNOWNS; row++) {
      for (let column = 0; column <= row; column++) {
        system.add(row, column, this.matrix[row * UNKNOWNS + column]!);
      }
    }
    const ratio = this.normal.spread / other.spread;
    for (let k = 0; k < COUNT; k++) {
      const miss = ratio * (seen[k]! - other.mean) - (this.own[k]! - this.normal.mean);
      for (let row = 0; row < UNKNOWNS; row++) {
        system.right[row]! += this.slopes[k * UNKNOWNS + row]! * miss;
      }
    }
    return system.solve();
  }

  correlation(seen: Float64Array, other: Normal): number {
    let product = 0;
    for (let k = 0; k < COUNT; k++) {
      product += (seen[k]! - other.mean) * (this.own[k]! - this.normal.mean);
    }
    return product / (this.normal.spread * other.spread);
  }
}

/** Gray values of the bent patch, bilinear between pixels; null where it leaves the image or is level. */
function sample(
  { width, height, values }: SmoothImage,
  { place: [u, v], shape: [a, b, c, d] }: PatchPlace,
  out: Float64Array,
): Normal | null {
  for (let y = -REACH, k = 0; y <= REACH; y++) {
    for (let x = -REACH; x <= REACH; x++, k++) {
      const atX = u + a * x + b * y;
      const atY = v + c * x + d * y;
      const column = floor(atX);
      const row = floor(atY);
      if (!(column >= 0 && row >= 0 && column < width - 1 && row < height - 1)) return null;
      const [right, down] = [atX - column, atY - row];
      const at = row * width + column;
      const above = values[at]! * (1 - right) + values[at + 1]! * right;
      const below = values[at + width]! * (1 - right) + values[at + width + 1]! * right;
      out[k] = above * (1 - down) + below * down;
    }
  }
  const normal = normalOf(out);
  return normal.spread > 0 ? normal : null;
}
