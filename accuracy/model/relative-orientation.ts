import { multiply, type Matrix3, transform, type Vector3 } from '../../maths/rotation.ts';
import { rotationFromVector } from '../../maths/rotation-vector.ts';
import { add, cross, dot, length, scale } from '../../maths/vector.ts';
import { solveLeastSquares } from '../../maths/least-squares.ts';

/** Directions, over the depth, in which two cameras see the same point. */
export interface DirectionPair {
  first: Vector3;
  second: Vector3;
}

/** How the second camera stands to the first. */
export interface RelativePose {
  /** Axes of the second camera to those of the first. */
  rotation: Matrix3;
  /** From the first camera to the second, of length 1. */
  baseline: Vector3;
}

const MOST_DRAWS = 300;
/** Chance that no draw was free of wrong pairs. */
const MISSED = 1e-4;
/** Unknowns: a turn, and the direction of the baseline. */
const SAMPLE = 5;
const STEPS = 3;
const REFITS = 3;
/** One sigma of the record, radians: what a fit may turn without being held back. */
const LOOSE = 0.1;

/**
 * Pairs of directions that agree with one relative pose, near the recorded one: RANSAC over the linearized
 * condition that both rays and the baseline lie in a plane. Held by the record, so that level ground, over
 * which the condition has many solutions, has one, too.
 *
 * Source: H. Longuet-Higgins, "A computer algorithm for reconstructing a scene from two projections",
 * Nature 293, 1981; M. Fischler and R. Bolles, "Random sample consensus", Communications of the ACM 24, 1981.
 *
 * @param tolerance distance from the epipolar line, in the unit of the directions.
 * @param random 0 to below 1.
 * @returns indices of the pairs that agree, ascending.
 */
export function agreeingPairs(
  pairs: readonly DirectionPair[],
  recorded: RelativePose,
  tolerance: number,
  random: () => number,
): number[] {
  if (pairs.length < SAMPLE) return [];
  let best: number[] = [];
  for (let draw = 0; draw < drawsNeeded(best.length / pairs.length); draw++) {
    const chosen = new Set<number>();
    while (chosen.size < SAMPLE) chosen.add(Math.floor(random() * pairs.length));
    const pose = fit(
      [...chosen].map((index) => pairs[index]!),
      recorded,
      tolerance,
    );
    if (pose === null) continue;
    const agreeing = within(pairs, pose, tolerance);
    if (agreeing.length > best.length) best = agreeing;
  }
  for (let refit = 0; refit < REFITS && best.length >= SAMPLE; refit++) {
    const pose = fit(
      best.map((index) => pairs[index]!),
      recorded,
      tolerance,
    );
    if (pose === null) break;
    const agreeing = within(pairs, pose, tolerance);
    if (agreeing.length <= best.length) break;
    best = agreeing;
  }
  return best;
}

function drawsNeeded(share: number): number {
  const clean = share ** SAMPLE;
  if (clean === 0) return MOST_DRAWS;
  if (clean >= 1) return 1;
  return Math.min(MOST_DRAWS, Math.log(MISSED) / Math.log(1 - clean));
}

function within(pairs: readonly DirectionPair[], pose: RelativePose, tolerance: number): number[] {
  return pairs.flatMap((pair, index) =>
    Math.abs(distanceFromLine(pair, pose)) <= tolerance ? [index] : [],
  );
}

/**
 * How far both places are from where they would lie in one plane with the baseline, to first order, in the
 * unit of the directions.
 *
 * Source: P. Sampson, "Fitting conic sections to very scattered data", Computer Graphics and Image
 * Processing 18, 1982.
 */
function distanceFromLine(pair: DirectionPair, pose: RelativePose): number {
  const { rotation, baseline } = pose;
  const triple = dot(pair.first, cross(baseline, transform(rotation, pair.second)));
  return triple / gradientSize(pair, pose);
}

function column(m: Matrix3, k: 0 | 1): Vector3 {
  return [m[0][k], m[1][k], m[2][k]];
}

function fit(
  pairs: readonly DirectionPair[],
  recorded: RelativePose,
  tolerance: number,
): RelativePose | null {
  let pose = recorded;
  for (let step = 0; step < STEPS; step++) {
    const [across, up] = besides(pose.baseline);
    const rows = pairs.map((pair) => {
      const turned = transform(pose.rotation, pair.second);
      const plane = cross(turned, pair.first);
      const size = gradientSize(pair, pose);
      // By a turn w of the second camera in the axes of the first: x1 . (b x (w x R x2)).
      const byTurn = cross(turned, cross(pair.first, pose.baseline));
      return [...byTurn, dot(across, plane), dot(up, plane)].map((value) => value / size);
    });
    const misses = pairs.map((pair) => -distanceFromLine(pair, pose));
    const held = tolerance / LOOSE;
    const priors = [0, 1, 2, 3, 4].map((k) =>
      [0, 0, 0, 0, 0].map((_, at) => (at === k ? held : 0)),
    );
    const change = solveLeastSquares([...rows, ...priors], [...misses, 0, 0, 0, 0, 0]);
    if (change === null) return null;
    const [wx, wy, wz, a, b] = change as [number, number, number, number, number];
    const moved = add(pose.baseline, add(scale(across, a), scale(up, b)));
    pose = {
      rotation: multiply(rotationFromVector([wx, wy, wz]), pose.rotation),
      baseline: scale(moved, 1 / length(moved)),
    };
  }
  return pose;
}

/** How fast the triple product changes with both places. */
function gradientSize(
  { first, second }: DirectionPair,
  { rotation, baseline }: RelativePose,
): number {
  const a = cross(baseline, transform(rotation, second));
  const b = cross(first, baseline);
  const [bx, by] = [dot(column(rotation, 0), b), dot(column(rotation, 1), b)];
  return Math.sqrt(a[0] * a[0] + a[1] * a[1] + bx * bx + by * by);
}

/** Two unit vectors that stand upright on a third and on each other. */
function besides(axis: Vector3): [Vector3, Vector3] {
  const least = axis.map(Math.abs).indexOf(Math.min(...axis.map(Math.abs)));
  const other: Vector3 = [least === 0 ? 1 : 0, least === 1 ? 1 : 0, least === 2 ? 1 : 0];
  const first = cross(axis, other);
  const unit = scale(first, 1 / length(first));
  return [unit, cross(axis, unit)];
}
