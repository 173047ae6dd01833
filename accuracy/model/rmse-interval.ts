import { chiSquareQuantile } from '../../maths/chi-square.ts';

/** Limits between which the true value lies, with the stated confidence. */
export interface Interval {
  lower: number;
  upper: number;
}

/** Two-sided, of every interval that is stated. */
export const CONFIDENCE = 0.95;

/**
 * Confidence interval of a root mean square error.
 *
 * Of centered normal errors with the same sigma, the sum of squares over sigma squared has a chi-square
 * distribution, with one degree of freedom for each component of each point: limits are
 * rmse sqrt(k / chi2). A bias makes the interval too narrow.
 *
 * @param rmse of all components together, meters.
 * @param points distinct ones: observations of one point share its survey error.
 * @param components 2 horizontally, 1 vertically.
 * @throws {RangeError} without points.
 *
 * @example
 * rmseInterval(0.035997222, 10, 2); // [0.027540004, 0.051982490]
 */
export function rmseInterval(rmse: number, points: number, components: 1 | 2): Interval {
  if (!(Number.isInteger(points) && points > 0)) {
    throw new RangeError(
      `Cannot give an interval of an RMSE as at least 1 point is needed: found ${points}`,
    );
  }
  const degrees = points * components;
  const tail = (1 - CONFIDENCE) / 2;
  return {
    lower: rmse * Math.sqrt(degrees / chiSquareQuantile(1 - tail, degrees)),
    upper: rmse * Math.sqrt(degrees / chiSquareQuantile(tail, degrees)),
  };
}
