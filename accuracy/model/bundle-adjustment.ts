import { median } from '../../maths/robust.ts';
import type { Vector3 } from '../../maths/rotation.ts';
import { type BundleBlock, type BundleState, missOf, type TiePoint } from './bundle-block.ts';
import type { BundleWeights } from './bundle-elimination.ts';
import { cameraPriors, priorResiduals } from './bundle-priors.ts';
import { bundleStep } from './bundle-step.ts';
import { placeTiePoints } from './tie-point-places.ts';

/** An adjusted block. */
export interface AdjustedBlock {
  state: BundleState;
  /** Per tie point and observation: false for those that were left out as too far off. */
  isKept: boolean[][];
  observations: number;
  leftOut: number;
  /** Length of what is left in the images, root mean square over kept observations, pixels. */
  rmsPixels: number;
  iterations: number;
  hasConverged: boolean;
}

/** One sigma of a matched tie point, pixels. */
const POINTING = 0.5;
/** Recorded poses are tens of pixels off: with a small reach at the start the adjustment gets stuck. */
const SOFT_AT_FIRST = 40;
const SOFT_AT_LAST = 2;
const SOFTENING = 0.7;
/** Share of the cost that a step takes away while the block still moves much. */
const CALM = 0.1;
/** An observation further off is left out of the next round, pixels; the first still has no camera. */
const FARTHEST = [20, 6] as const;
/** In the last round: by the spread of what is left, but nothing that a pointing may be off by. */
const FARTHEST_SIGMAS = 4;
const LEAST_FARTHEST = POINTING;
/** Of lengths in a plane, over one sigma along each axis. */
const MEDIAN_LENGTH = 1.1774;
const MOST_STEPS = 60;
const SETTLED = 1e-6;
/** The first adjustment only has to tell wrong observations from right ones. */
const SETTLED_AT_FIRST = 1e-4;
const LITTLE_DAMPING = 1e-7;
const MOST_DAMPING = 1e8;

/**
 * Adjusts positions and attitudes of all images, the camera and the tie points at once, such that what is
 * left in the images is least. Robust: the reach of a residual falls from 40 to 2 pixels as the block
 * settles, with the camera held. Then what does not fit is left out, the camera is set free, and the block
 * is adjusted again without what is more than 6 pixels off, and without what stands out from the rest.
 *
 * A small residual alone proves nothing; ask `reportBundle` before the result is believed.
 *
 * @param block connected, see `connectedImages`.
 * @param onStep told after each step.
 */
export function adjustBlock(
  block: BundleBlock,
  onStep: () => void = () => undefined,
): AdjustedBlock {
  const everything = block.tiePoints.map(({ observations }) => observations.map(() => true));
  const start: BundleState = {
    camera: block.camera,
    poses: block.images.map(({ pose }) => pose),
    points: placeTiePoints(block),
  };
  let found = settle(block, start, everything, SOFT_AT_FIRST, onStep);
  let iterations = found.iterations;
  let isKept = everything;
  for (const limit of [...FARTHEST, null]) {
    const { state } = found;
    const farthest = limit ?? usualLimit(block, state, isKept);
    isKept = block.tiePoints.map((tiePoint, index) =>
      keptOf(tiePoint, state, state.points[index]!, farthest),
    );
    found = settle(block, state, isKept, SOFT_AT_LAST, onStep);
    iterations += found.iterations;
  }
  const { squares, kept } = sumSquares(block, found.state, isKept);
  return {
    state: found.state,
    isKept,
    observations: kept,
    leftOut: countOf(everything) - kept,
    rmsPixels: kept === 0 ? 0 : Math.sqrt(squares / kept),
    iterations,
    hasConverged: found.hasConverged,
  };
}

/** How far off an observation may be, pixels: blunders do not widen the spread that they are judged by. */
function usualLimit(block: BundleBlock, state: BundleState, isKept: boolean[][]): number {
  const lengths = block.tiePoints.flatMap(({ observations }, index) => {
    const point = state.points[index]!;
    if (point === null) return [];
    return observations.flatMap((observation, at) =>
      isKept[index]![at] ? [Math.hypot(...missOf(state, point, observation))] : [],
    );
  });
  const sigma = (median(lengths) ?? 0) / MEDIAN_LENGTH;
  return Math.max(LEAST_FARTHEST, FARTHEST_SIGMAS * sigma);
}

function countOf(isKept: readonly (readonly boolean[])[]): number {
  return isKept.reduce((sum, row) => sum + row.filter(Boolean).length, 0);
}

/** Observations that fit; none of a point that fewer than two would hold. */
function keptOf(
  { observations, surveyed }: TiePoint,
  state: BundleState,
  point: Vector3 | null,
  farthest: number,
): boolean[] {
  const kept = observations.map(
    (observation) => point !== null && Math.hypot(...missOf(state, point, observation)) <= farthest,
  );
  const isHeld = surveyed !== undefined || kept.filter(Boolean).length >= 2;
  return isHeld ? kept : kept.map(() => false);
}

function settle(
  block: BundleBlock,
  start: BundleState,
  isKept: boolean[][],
  soft: number,
  onStep: () => void,
): { state: BundleState; iterations: number; hasConverged: boolean } {
  let state = start;
  let softPixels = soft;
  // A wrong match pulls the camera, which little else holds, further than the poses.
  const isCameraHeld = soft !== SOFT_AT_LAST;
  const settled = soft === SOFT_AT_LAST ? SETTLED : SETTLED_AT_FIRST;
  let damping = soft === SOFT_AT_LAST ? LITTLE_DAMPING : 1e-2;
  for (let iterations = 1; iterations <= MOST_STEPS; iterations++) {
    const weights: BundleWeights = {
      isKept,
      pointingPixels: POINTING,
      softPixels,
      isCameraHeld,
    };
    const before = costOf(block, state, weights);
    const next = bundleStep(block, state, weights, damping);
    onStep();
    const after = next === null ? Infinity : costOf(block, next, weights);
    const isSettled = Math.abs(before - after) < settled * before;
    // While steps are damped, little gain may only mean little steps.
    const isDone = isSettled && softPixels === SOFT_AT_LAST && damping <= LITTLE_DAMPING;
    if (next === null || !(after < before)) {
      if (isDone) return { state, iterations, hasConverged: true };
      damping *= 10;
      if (damping > MOST_DAMPING) return { state, iterations, hasConverged: false };
      continue;
    }
    state = next;
    if (isDone) return { state, iterations, hasConverged: true };
    damping = Math.max(1e-10, damping / 10);
    // A block that still moves much would be caught where it is.
    if (before - after < CALM * before) softPixels = Math.max(SOFT_AT_LAST, softPixels * SOFTENING);
  }
  return { state, iterations: MOST_STEPS, hasConverged: false };
}

/** What a step makes less: soft-L1 of the residuals over their variance, and the priors. */
function costOf(block: BundleBlock, state: BundleState, weights: BundleWeights): number {
  const { isKept, pointingPixels, softPixels, isCameraHeld } = weights;
  let cost = 0;
  const addPrior = ([value, sd]: [number, number]) => {
    cost += (value / sd) ** 2;
  };
  block.images.forEach((image, index) => priorResiduals(image, state, index).forEach(addPrior));
  cameraPriors(block.camera, state.camera, isCameraHeld).forEach(addPrior);
  const factor = 2 * (softPixels / pointingPixels) ** 2;
  block.tiePoints.forEach(({ observations, surveyed }, index) => {
    const point = state.points[index]!;
    if (point === null) return;
    surveyed?.position.forEach((value, axis) =>
      addPrior([value - point[axis]!, surveyed.sd[axis]!]),
    );
    observations.forEach((observation, at) => {
      if (!isKept[index]![at]) return;
      const [du, dv] = missOf(state, point, observation);
      cost += factor * (Math.sqrt(1 + (du * du + dv * dv) / softPixels ** 2) - 1);
    });
  });
  return cost;
}

function sumSquares(
  block: BundleBlock,
  state: BundleState,
  isKept: boolean[][],
): { squares: number; kept: number } {
  let [squares, kept] = [0, 0];
  block.tiePoints.forEach(({ observations }, index) => {
    const point = state.points[index]!;
    if (point === null) return;
    observations.forEach((observation, at) => {
      if (!isKept[index]![at]) return;
      const [du, dv] = missOf(state, point, observation);
      squares += du * du + dv * dv;
      kept++;
    });
  });
  return { squares, kept };
}
