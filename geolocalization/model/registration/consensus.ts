import {
  type Displacement,
  fitShiftModel,
  matrixOf,
  type Point,
  residualOf,
  type ShiftModel,
} from './shift-model.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { abs, floor, max, sqrt } = Math;

/** Pixels around the model within which a match agrees with it. */
export const AGREEMENT_RADIUS = 1;
/** Pixels of the ball that holds the most common shift. */
const MODE_RADIUS = 1.5;
const DRAWS = 2000;
/** More shear, turn or scale than this between two scenes on one grid is a chance draw. */
const MAX_DISTORTION = 0.05;

/**
 * The largest group of matches that agree: first about one shift, then, by drawing three at a time, about
 * an affine model, which counts only when it brings more matches together than its freedom explains.
 *
 * Source: M. Fischler and R. Bolles, "Random sample consensus", Communications of the ACM 24, 1981.
 *
 * @param random from 0 to below 1, seeded so that a repeated run draws the same.
 * @returns null when there are no matches.
 */
export function largestConsensus(
  displacements: readonly Displacement[],
  random: () => number,
): ShiftModel | null {
  const common = mostCommonShift(displacements);
  if (common === null) return null;
  let best = { model: common, agreeing: agreeingWith(common, displacements).length + 2 };
  for (let draw = 0; draw < DRAWS && displacements.length >= 4; draw++) {
    const model = throughThree(drawThree(displacements, random));
    if (model === null || !isPlausible(model)) continue;
    const agreeing = countAgreeing(model, displacements);
    if (agreeing > best.agreeing) best = { model, agreeing };
  }
  return best.model;
}

/** The matches within a pixel of the model. */
export function agreeingWith<Match extends Displacement>(
  model: ShiftModel,
  matches: readonly Match[],
): Match[] {
  return matches.filter((match) => lengthOf(residualOf(model, match)) <= AGREEMENT_RADIUS);
}

/** How many those are, for a model through three points: without lists, as so many are drawn. */
function countAgreeing({ center, x, y }: ShiftModel, matches: readonly Displacement[]): number {
  const [x0 = 0, xu = 0, xv = 0] = x;
  const [y0 = 0, yu = 0, yv = 0] = y;
  let count = 0;
  for (const { at, shift } of matches) {
    const u = at.x - center.x;
    const v = at.y - center.y;
    const left = shift.x - (x0 + xu * u + xv * v);
    const above = shift.y - (y0 + yu * u + yv * v);
    if (sqrt(left * left + above * above) <= AGREEMENT_RADIUS) count++;
  }
  return count;
}

export function lengthOf({ x, y }: Point): number {
  return sqrt(x * x + y * y);
}

/** The mean of the densest ball of shifts. */
function mostCommonShift(displacements: readonly Displacement[]): ShiftModel | null {
  let densest: Displacement[] = [];
  for (const { shift } of displacements) {
    const inside = displacements.filter(
      (other) =>
        lengthOf({ x: other.shift.x - shift.x, y: other.shift.y - shift.y }) <= MODE_RADIUS,
    );
    if (inside.length > densest.length) densest = inside;
  }
  return densest.length === 0 ? null : fitShiftModel(densest, 'translation');
}

function drawThree(
  displacements: readonly Displacement[],
  random: () => number,
): [Displacement, Displacement, Displacement] {
  const draw = () => floor(random() * displacements.length);
  const first = draw();
  let second = draw();
  while (second === first) second = draw();
  let third = draw();
  while (third === first || third === second) third = draw();
  return [displacements[first]!, displacements[second]!, displacements[third]!];
}

/** In closed form, as it is drawn so often. */
function throughThree([a, b, c]: readonly [
  Displacement,
  Displacement,
  Displacement,
]): ShiftModel | null {
  const [ux, uy] = [b.at.x - a.at.x, b.at.y - a.at.y];
  const [vx, vy] = [c.at.x - a.at.x, c.at.y - a.at.y];
  const area = ux * vy - uy * vx;
  if (area === 0) return null;
  const axis = (name: 'x' | 'y') => {
    const [u, v] = [b.shift[name] - a.shift[name], c.shift[name] - a.shift[name]];
    return [a.shift[name], (u * vy - v * uy) / area, (v * ux - u * vx) / area];
  };
  return { kind: 'affine', center: a.at, radius: 1, x: axis('x'), y: axis('y') };
}

function isPlausible(model: ShiftModel): boolean {
  const [a, b, , d, e] = matrixOf(model)!;
  return max(abs(a - 1), abs(b), abs(d), abs(e - 1)) <= MAX_DISTORTION;
}
