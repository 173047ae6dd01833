import type { Raster } from '../../../maths/raster.ts';
import { randomNumbers } from '../../../maths/seeded-random.ts';

const { floor, hypot, imul, round, sqrt } = Math;

/** What a ground is like at a pixel, 0 to 255. */
type Tones = (x: number, y: number) => number;

/**
 * Grounds that lie on lattices, by seed: two seeds of a kind have the lattice in common and nothing else, as other
 * fields and streets of one country do.
 */
export const latticeGrounds: Record<string, (seed: number) => Tones> = {
  'square fields of 32 px': (seed) => (x, y) => 200 * at(seed, x >> 5, y >> 5) + grain(seed, x, y),
  'square fields of 20 px': (seed) => (x, y) =>
    200 * at(seed, floor(x / 20), floor(y / 20)) + grain(seed, x, y),
  'square fields of 50 px': (seed) => (x, y) =>
    200 * at(seed, floor(x / 50), floor(y / 50)) + grain(seed, x, y),
  'streets 40 px apart': (seed) => (x, y) =>
    (x % 40 < 3 || y % 40 < 3 ? 230 : 120 * at(seed, floor(x / 40), floor(y / 40))) +
    grain(seed, x, y),
  'city blocks of 64 px': (seed) => (x, y) =>
    (x % 64 < 6 || y % 64 < 6 ? 60 : 100 + 120 * at(seed, x >> 3, y >> 3)) + grain(seed, x, y),
  'fields of 72 px in plots of 18 px': (seed) => (x, y) =>
    130 * at(seed, floor(x / 72), floor(y / 72)) +
    90 * at(seed + 3, floor(x / 18), floor(y / 18)) +
    grain(seed, x, y),
  'patches of 32, 8 and 2 px': (seed) => (x, y) =>
    127 * at(seed, x >> 5, y >> 5) +
    63 * at(seed + 1, x >> 3, y >> 3) +
    31 * at(seed + 2, x >> 1, y >> 1),
  'hexagons 40 px apart': (seed) => (x, y) => {
    const { column, row } = nearest(x, y, () => 0);
    return 200 * at(seed, column, row) + grain(seed, x, y);
  },
  'hexagons 40 px apart, each off by up to 4 px': (seed) => (x, y) => {
    const { column, row } = nearest(x, y, (c, r, axis) => 8 * (at(seed + axis, c, r) - 0.5));
    return 200 * at(seed, column, row) + grain(seed, x, y);
  },
  'rows of 6 px in fields of 48 by 30 px': (seed) => (x, y) =>
    110 * at(seed, floor(x / 48), floor(y / 30)) + 30 * ((x >> 1) % 3) + grain(seed, x, y),
};

/** A picture of a ground. */
export function seen(tones: Tones, side: number): Raster {
  const values = Float64Array.from({ length: side * side }, (_, pixel) =>
    tones(pixel % side, floor(pixel / side)),
  );
  return { width: side, height: side, values, valid: null };
}

/** Two grounds of a kind with nothing in common but the lattice. */
export function unrelatedOnLattice(kind: string, index: number, side: number) {
  const ground = latticeGrounds[kind]!;
  return {
    reference: seen(ground(1000 + index), side),
    target: seen(ground(5000 + index), side),
  };
}

/**
 * One ground twice, 3 px further left and 2 px further down, in other light: every second square of 64 px was sown
 * anew.
 */
export function sameOnLattice(kind: string, side: number) {
  const [before, anew] = [latticeGrounds[kind]!(1000), latticeGrounds[kind]!(5000)];
  const noise = randomNumbers(kind);
  const after: Tones = (x, y) => {
    const isAnew = ((x >> 6) + (y >> 6)) % 2 === 1;
    return 255 - 0.8 * (isAnew ? anew : before)(x + 3 + 720, y - 2 + 720) + 20 * noise();
  };
  const reference = seen((x, y) => before(x + 720, y + 720), side);
  return { reference, target: seen(after, side), truth: { x: -3, y: 2 } };
}

/** The nearest of the middles of a triangular lattice, each moved by some pixels. */
function nearest(x: number, y: number, moved: (c: number, r: number, axis: number) => number) {
  const [apart, between] = [40, 20 * sqrt(3)];
  let best = { column: 0, row: 0, distance: Number.POSITIVE_INFINITY };
  const middle = round(y / between);
  for (let row = middle - 2; row <= middle + 2; row++) {
    const start = (row & 1) * (apart / 2);
    const near = round((x - start) / apart);
    for (let column = near - 2; column <= near + 2; column++) {
      const distance = hypot(
        x - start - column * apart - moved(column, row, 7),
        y - row * between - moved(column, row, 8),
      );
      if (distance < best.distance) best = { column, row, distance };
    }
  }
  return best;
}

function grain(seed: number, x: number, y: number): number {
  return 20 * at(seed + 1, x, y);
}

/** From 0 to below 1, the same for the same place. */
function at(seed: number, x: number, y: number): number {
  let value = imul(x, 0x27d4eb2d) ^ imul(y, 0x165667b1) ^ imul(seed, 0x9e3779b1);
  value = imul(value ^ (value >>> 15), 0x85ebca6b);
  value = imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}
