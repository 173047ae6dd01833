import type { ControlModel } from '../../../contracts/scene-placement.ts';
import type { Geotransform } from '../affine.ts';

type Point = readonly [x: number, y: number];
/** Row-major 2 x 2: what a step of a pixel does in the map. */
type Slope = readonly [perColumnX: number, perRowX: number, perColumnY: number, perRowY: number];

const STEPS = 30;
/** Pixels: what is left after one more step is the square of it. */
const CLOSE = 1e-6;
/** Of a step of Newton's method. */
const LEAST_SHARE = 1 / 64;

/** Where a pixel lies in the map; null beyond the horizon of a projective model. */
export function controlToMap(model: ControlModel, column: number, row: number): Point | null {
  return placeAndSlope(model, column, row)?.place ?? null;
}

/** How a step of a pixel moves in the map around a pixel; null as `controlToMap`. */
export function slopeAt(model: ControlModel, column: number, row: number): Slope | null {
  return placeAndSlope(model, column, row)?.slope ?? null;
}

/**
 * The pixel at a place of the map: of a projective model by its inverse, of a spline by Newton's method with
 * steps that are halved as long as they do not come closer.
 *
 * @param start a pixel that is not too far.
 * @returns null where there is none: beyond the horizon, or where the spline folds.
 */
export function controlFromMap(
  model: ControlModel,
  place: Point,
  start: Point,
): [column: number, row: number] | null {
  if (model.kind === 'projective') return unprojected(model.matrix as NineNumbers, place);
  let at: Point = start;
  let off = offIn(model, at, place);
  for (let step = 0; step < STEPS && off !== null; step++) {
    const length = Math.hypot(off[0], off[1]);
    if (length <= CLOSE) return [at[0] + off[0], at[1] + off[1]];
    let share = 1;
    let next: Point = [at[0] + off[0], at[1] + off[1]];
    let left = offIn(model, next, place);
    while (share > LEAST_SHARE && !(left !== null && Math.hypot(left[0], left[1]) < length)) {
      share /= 2;
      next = [at[0] + share * off[0], at[1] + share * off[1]];
      left = offIn(model, next, place);
    }
    if (share <= LEAST_SHARE) return null;
    [at, off] = [next, left];
  }
  return null;
}

/** Pixels from one to where a place lies, by the slope there. */
function offIn(model: ControlModel, [column, row]: Point, place: Point): Point | null {
  const at = placeAndSlope(model, column, row);
  if (at === null) return null;
  return inPixels(at.slope, [place[0] - at.place[0], place[1] - at.place[1]]);
}

function unprojected(matrix: NineNumbers, [x, y]: Point): [number, number] | null {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  // Two equations (a - g x) column + (b - h x) row = i x - c, and so for y.
  const step = inPixels([a - g * x, b - h * x, d - g * y, e - h * y], [i * x - c, i * y - f]);
  if (step === null) return null;
  const [column, row] = step;
  return g * column + h * row + i > 0 ? [column, row] : null;
}

/** A step in the map as one of pixels; null where the model has no area. */
export function inPixels([a, b, c, d]: Slope, [x, y]: Point): [number, number] | null {
  const determinant = a * d - b * c;
  if (!(Math.abs(determinant) > 0)) return null;
  return [(d * x - b * y) / determinant, (a * y - c * x) / determinant];
}

/**
 * The same model with its map moved, turned and scaled: x' = g0 + g1 x + g2 y, y' = g3 + g4 x + g5 y.
 */
export function inMovedMap(
  model: ControlModel,
  [g0, g1, g2, g3, g4, g5]: Geotransform,
): ControlModel {
  if (model.kind === 'projective') {
    const [a, b, c, d, e, f, g, h, i] = model.matrix as NineNumbers;
    const mixed = (constant: number, perX: number, perY: number): [number, number, number] => [
      perX * a + perY * d + constant * g,
      perX * b + perY * e + constant * h,
      perX * c + perY * f + constant * i,
    ];
    return { ...model, matrix: [...mixed(g0, g1, g2), ...mixed(g3, g4, g5), g, h, i] };
  }
  const { x, y } = model;
  const mixed = (constant: number, perX: number, perY: number) => ({
    constant: constant + perX * x.constant + perY * y.constant,
    perU: perX * x.perU + perY * y.perU,
    perV: perX * x.perV + perY * y.perV,
    weights: x.weights.map((weight, index) => perX * weight + perY * y.weights[index]!),
  });
  return { ...model, x: mixed(g0, g1, g2), y: mixed(g3, g4, g5) };
}

type NineNumbers = [number, number, number, number, number, number, number, number, number];

function placeAndSlope(
  model: ControlModel,
  column: number,
  row: number,
): { place: Point; slope: Slope } | null {
  if (model.kind === 'projective') return projected(model.matrix as NineNumbers, column, row);
  const { origin, scale, anchors, x, y } = model;
  const [u, v] = [(column - origin.column) / scale, (row - origin.row) / scale];
  let [placeX, placeY] = [
    x.constant + x.perU * u + x.perV * v,
    y.constant + y.perU * u + y.perV * v,
  ];
  let [xu, xv, yu, yv] = [x.perU, x.perV, y.perU, y.perV];
  for (let index = 0; index < anchors.length; index++) {
    const [p, q] = [u - anchors[index]![0], v - anchors[index]![1]];
    const square = p * p + q * q;
    if (square === 0) continue;
    const logarithm = Math.log(square);
    const [weightX, weightY] = [x.weights[index]!, y.weights[index]!];
    placeX += weightX * square * logarithm;
    placeY += weightY * square * logarithm;
    // d/du of s ln s, with s = p^2 + q^2, is 2 p (ln s + 1).
    const slope = 2 * (logarithm + 1);
    xu += weightX * slope * p;
    xv += weightX * slope * q;
    yu += weightY * slope * p;
    yv += weightY * slope * q;
  }
  return { place: [placeX, placeY], slope: [xu / scale, xv / scale, yu / scale, yv / scale] };
}

function projected([a, b, c, d, e, f, g, h, i]: NineNumbers, column: number, row: number) {
  const depth = g * column + h * row + i;
  if (!(depth > 0)) return null;
  const x = (a * column + b * row + c) / depth;
  const y = (d * column + e * row + f) / depth;
  const slope: Slope = [
    (a - g * x) / depth,
    (b - h * x) / depth,
    (d - g * y) / depth,
    (e - h * y) / depth,
  ];
  return { place: [x, y] as const, slope };
}
