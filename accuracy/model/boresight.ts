import { multiply } from '../../maths/rotation.ts';
import { rotationFromVector, vectorOfRotation } from '../../maths/rotation-vector.ts';
import { add } from '../../maths/vector.ts';
import {
  type BoresightObservation,
  linearize,
  type Linearized,
  UNKNOWNS,
} from './boresight-equations.ts';
import { assumed } from './expected-error.ts';
import type { SystematicError } from './systematic-error.ts';

/** Two unknowns that the flight can't tell apart; the priors decide between them. */
export interface Entanglement {
  between: [string, string];
  correlation: number;
}

/** A systematic error as estimated from control points. */
export interface BoresightEstimate {
  error: SystematicError;
  /** One sigma of boresight (radians), bias (meters) and focal scale, in this order. */
  sigmas: number[];
  entangled: Entanglement[];
  /** Residual of each observation over its own sigma, the larger of u and v; in their order. */
  standardized: number[];
  rmsPixelsBefore: number;
  rmsPixelsAfter: number;
  /** False when the records agree with the control as well as it can be pointed at: nothing to correct. */
  isWorthwhile: boolean;
  iterations: number;
}

const LEAST_POINTS = 4;
const LEAST_IMAGES = 3;
const MOST_STEPS = 50;
const ENTANGLED = 0.95;
/** Share of the residuals that must go for a correction to be worth its risk. */
const WORTHWHILE = 0.9;

/**
 * Estimates a constant turn and shift of the recorded poses, and the focal length, from control points.
 * Judge the result on points that took no part in it.
 *
 * Levenberg-Marquardt on the image residuals with soft-L1 loss, so that a blunder pulls no harder than a
 * pixel or two, and priors of 2 degrees, 3 m and 2 %. What a flight does not determine, as shift and
 * pitch on a single heading, or height and focal length over flat ground, stays near the prior and is
 * named under `entangled`.
 *
 * An image that was turned by a viewer needs its pixels turned back, not its pose: the camera sat in its
 * mount as in the others.
 *
 * @param pointingPixels one sigma of what is not systematic, pixels; with unsteady attitudes more than
 * the pointing.
 * @returns a reason instead of an estimate with less than four points in three images.
 */
export function estimateBoresight(
  observations: readonly BoresightObservation[],
  pointingPixels: number = assumed.pointingPixels,
): BoresightEstimate | { reason: string } {
  const points = new Set(observations.map(({ point }) => point)).size;
  const images = new Set(observations.map(({ image }) => image)).size;
  if (points < LEAST_POINTS || images < LEAST_IMAGES) {
    return {
      reason: `${LEAST_POINTS} control points in ${LEAST_IMAGES} images are needed: found ${points} in ${images}`,
    };
  }
  let error: SystematicError = { boresight: [0, 0, 0], bias: [0, 0, 0], focalScale: 0 };
  const start = linearize(observations, error, pointingPixels);
  if (start === null) return { reason: 'a control point lies behind the camera that shows it' };
  let state: Linearized = start;
  let damping = 1e-4;
  let iterations = 0;
  while (iterations < MOST_STEPS && damping < 1e8) {
    iterations++;
    const step: number[] | null = state.equations.solve(damping);
    const next: SystematicError | null = step === null ? null : applyStep(error, step);
    const tried: Linearized | null =
      next === null ? null : linearize(observations, next, pointingPixels);
    if (next === null || tried === null || tried.cost > state.cost) {
      damping *= 10;
      continue;
    }
    const gain = state.cost - tried.cost;
    [error, state, damping] = [next, tried, damping / 10];
    if (gain <= 1e-12 * state.cost || gain < 1e-14) break;
  }
  // What is left may be more than pointing, as attitudes differ from image to image.
  const excess = Math.max(1, state.weighted / (2 * observations.length - UNKNOWNS.length));
  const cofactors = state.equations.cofactors();
  const { sigmas, entangled } = judge(cofactors, excess);
  return {
    error,
    sigmas,
    entangled,
    standardized: standardize(state, cofactors, pointingPixels ** 2, excess),
    rmsPixelsBefore: start.rmsPixels,
    rmsPixelsAfter: state.rmsPixels,
    isWorthwhile:
      start.rmsPixels > pointingPixels && state.rmsPixels < WORTHWHILE * start.rmsPixels,
    iterations,
  };
}

/** Whether there is an estimate. */
export function isEstimate(
  result: BoresightEstimate | { reason: string },
): result is BoresightEstimate {
  return 'error' in result;
}

function applyStep(error: SystematicError, step: readonly number[]): SystematicError {
  const [rx, ry, rz, east, north, up, focal] = step as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const turned = multiply(rotationFromVector(error.boresight), rotationFromVector([rx, ry, rz]));
  return {
    boresight: vectorOfRotation(turned),
    bias: add(error.bias, [east, north, up]),
    focalScale: error.focalScale + focal,
  };
}

function judge(
  cofactors: readonly number[][],
  excess: number,
): { sigmas: number[]; entangled: Entanglement[] } {
  const sigmas = cofactors.map((row, index) => Math.sqrt(row[index]!));
  const entangled = cofactors.flatMap((row, a) =>
    row.slice(0, a).flatMap((covariance, b): Entanglement[] => {
      const correlation = covariance / (sigmas[a]! * sigmas[b]!);
      if (Math.abs(correlation) <= ENTANGLED) return [];
      return [{ between: [UNKNOWNS[b]!, UNKNOWNS[a]!], correlation }];
    }),
  );
  return { sigmas: sigmas.map((sigma) => sigma * Math.sqrt(excess)), entangled };
}

/**
 * Residuals over their sigmas. The unknowns follow an observation a little, which makes its residual
 * smaller than its error: q_vv = variance - a Q a^t.
 *
 * Source: W. Baarda, "A testing procedure for use in geodetic networks", 1968.
 */
function standardize(
  { rows }: Linearized,
  cofactors: readonly number[][],
  variance: number,
  excess: number,
): number[] {
  const over = (residual: number, slopes: readonly number[]) => {
    const followed = slopes.reduce(
      (sum, a, row) =>
        sum + a * slopes.reduce((inner, b, column) => inner + b * cofactors[row]![column]!, 0),
      0,
    );
    // Of an observation that alone determines an unknown nothing can be said.
    const left = variance - followed;
    return left > 1e-6 * variance ? Math.abs(residual) / Math.sqrt(excess * left) : 0;
  };
  return rows.map(({ du, dv, uSlopes, vSlopes }) => Math.max(over(du, uSlopes), over(dv, vSlopes)));
}
