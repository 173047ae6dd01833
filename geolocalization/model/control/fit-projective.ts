import { inverse, Matrix } from 'ml-matrix';
import type { GroundControl } from '../../../contracts/scene-placement.ts';
import { solveLeastSquares } from '../../../maths/least-squares.ts';

const STEPS = 30;
const HALVINGS = 12;
/** Of a point that nothing but itself tells, the share that the others tell is 0, but for rounding. */
const NEEDED = 1e-9;

/** Eight numbers of a 3 x 3 matrix whose last one is 1. */
type Eight = readonly number[];

/**
 * The plane perspective that fits pixels to places best in the sense of least squares: the direct linear
 * transformation in coordinates around their means, then Gauss-Newton steps on the distances themselves.
 *
 * The last number of the matrix is 1 there: a picture whose horizon runs through the middle of its own
 * control points is none.
 *
 * Source: R. Hartley and A. Zisserman, Multiple View Geometry, 2nd edition, 4.1 and 4.4.
 *
 * @param points four or more, no three of them on a line.
 * @returns row-major, (column, row, 1) to a multiple of (x, y, 1), of positive depth at the middle of the
 * points; null when they do not determine it. `leaveOneOut` are the distances at each point that the fit
 * without it would have, to the first order, in the unit of the map; infinite for one that the fit needs.
 */
export function fitProjective(
  points: readonly GroundControl[],
): { matrix: number[]; leaveOneOut: [x: number, y: number][] } | null {
  if (points.length < 4) return null;
  const from = normalized(points.map(({ column, row }) => [column, row]));
  const to = normalized(points.map(({ x, y }) => [x, y]));
  if (from === null || to === null) return null;
  const rows: number[][] = [];
  const values: number[] = [];
  for (const [index, [u, v]] of from.places.entries()) {
    const [x, y] = to.places[index]!;
    rows.push([u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]);
    values.push(x, y);
  }
  const linear = solveLeastSquares(rows, values);
  if (linear === null) return null;
  const best = refined(linear, from.places, to.places);
  if (best === null) return null;
  const leaveOneOut = leftOut(best, from.places, to.places).map(([x, y]): [number, number] => [
    x * to.scale,
    y * to.scale,
  ]);
  return { matrix: composed(best, from, to), leaveOneOut };
}

interface Normalized {
  places: [number, number][];
  middle: [number, number];
  scale: number;
}

function normalized(places: readonly (readonly [number, number])[]): Normalized | null {
  const count = places.length;
  const middle: [number, number] = [0, 0];
  for (const [x, y] of places) {
    middle[0] += x / count;
    middle[1] += y / count;
  }
  const distances = places.map(([x, y]) => Math.hypot(x - middle[0], y - middle[1]));
  const scale = distances.reduce((sum, distance) => sum + distance, 0) / count / Math.SQRT2;
  if (!(scale > 0) || !Number.isFinite(scale)) return null;
  return {
    places: places.map(([x, y]) => [(x - middle[0]) / scale, (y - middle[1]) / scale]),
    middle,
    scale,
  };
}

function refined(
  start: Eight,
  from: readonly [number, number][],
  to: readonly [number, number][],
): Eight | null {
  let best = start;
  let sum = sumOfSquares(best, from, to);
  if (sum === null) return null;
  for (let step = 0; step < STEPS; step++) {
    const { rows, values } = linearized(best, from, to);
    const change = solveLeastSquares(rows, values);
    if (change === null) return null;
    const next = shorterStep(best, change, sum, from, to);
    if (next === null) break;
    const gain = sum - next.sum;
    best = next.at;
    sum = next.sum;
    if (gain <= 1e-14 * (sum + 1e-20)) break;
  }
  return best;
}

function shorterStep(
  best: Eight,
  change: Eight,
  sum: number,
  from: readonly [number, number][],
  to: readonly [number, number][],
): { at: Eight; sum: number } | null {
  for (let share = 1, halving = 0; halving < HALVINGS; halving++, share /= 2) {
    const at = best.map((value, index) => value + share * change[index]!);
    const next = sumOfSquares(at, from, to);
    if (next !== null && next < sum) return { at, sum: next };
  }
  return null;
}

/** Null when a point lies beyond the horizon. */
function sumOfSquares(
  model: Eight,
  from: readonly [number, number][],
  to: readonly [number, number][],
): number | null {
  let sum = 0;
  for (const [index, [u, v]] of from.entries()) {
    const depth = model[6]! * u + model[7]! * v + 1;
    if (!(depth > 0)) return null;
    const x = (model[0]! * u + model[1]! * v + model[2]!) / depth;
    const y = (model[3]! * u + model[4]! * v + model[5]!) / depth;
    sum += (to[index]![0] - x) ** 2 + (to[index]![1] - y) ** 2;
  }
  return sum;
}

/** Two rows a point: how it moves with each of the eight numbers, and how far off it is. */
function linearized(
  model: Eight,
  from: readonly [number, number][],
  to: readonly [number, number][],
): { rows: number[][]; values: number[] } {
  const rows: number[][] = [];
  const values: number[] = [];
  for (const [index, [u, v]] of from.entries()) {
    const depth = model[6]! * u + model[7]! * v + 1;
    const x = (model[0]! * u + model[1]! * v + model[2]!) / depth;
    const y = (model[3]! * u + model[4]! * v + model[5]!) / depth;
    const [a, b, c] = [u / depth, v / depth, 1 / depth];
    rows.push([a, b, c, 0, 0, 0, -a * x, -b * x], [0, 0, 0, a, b, c, -a * y, -b * y]);
    values.push(to[index]![0] - x, to[index]![1] - y);
  }
  return { rows, values };
}

/** e without a point is (I - H)^-1 e, H its own 2 x 2 block of the hat matrix J (J' J)^-1 J'. */
function leftOut(
  model: Eight,
  from: readonly [number, number][],
  to: readonly [number, number][],
): [number, number][] {
  const { rows, values } = linearized(model, from, to);
  const jacobian = new Matrix(rows);
  const hat = inverse(jacobian.transpose().mmul(jacobian)).mmul(jacobian.transpose());
  const share = (row: number, column: number) =>
    rows[row]!.reduce((sum, value, at) => sum + value * hat.get(at, column), 0);
  return from.map((_, index): [number, number] => {
    const [first, second] = [2 * index, 2 * index + 1];
    const [a, b] = [1 - share(first, first), -share(first, second)];
    const [c, d] = [-share(second, first), 1 - share(second, second)];
    const determinant = a * d - b * c;
    if (!(determinant > NEEDED)) return [Infinity, Infinity];
    const [x, y] = [values[first]!, values[second]!];
    return [(d * x - b * y) / determinant, (a * y - c * x) / determinant];
  });
}

function composed(model: Eight, from: Normalized, to: Normalized): number[] {
  const [a, b, c, d, e, f, g, h] = model as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // From pixels: u = (column - middle) / scale.
  const inPixels = (u: number, v: number, constant: number): [number, number, number] => [
    u / from.scale,
    v / from.scale,
    constant - (u * from.middle[0] + v * from.middle[1]) / from.scale,
  ];
  const depth = inPixels(g, h, 1);
  const mapped = (row: readonly [number, number, number], middle: number) =>
    row.map((value, index) => to.scale * value + middle * depth[index]!);
  return [
    ...mapped(inPixels(a, b, c), to.middle[0]),
    ...mapped(inPixels(d, e, f), to.middle[1]),
    ...depth,
  ];
}
