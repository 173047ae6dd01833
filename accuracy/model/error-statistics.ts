import { exactSum, valueOfSum } from '../../maths/exact-sum.ts';
import { median, nmad } from '../../maths/robust.ts';

/** Residual of one distinct point, meters: product minus reference. */
export interface PointResidual {
  east: number;
  north: number;
  /** Null where the height was not measured. */
  up: number | null;
}

/** Figures of one axis, meters. */
export interface AxisStatistics {
  n: number;
  mean: number;
  /** About the mean, with n - 1; null of a single point. */
  standardDeviation: number | null;
  /** About zero. */
  rmse: number;
  median: number;
  /** Normalized median absolute deviation: a sigma that blunders do not move. */
  nmad: number;
}

/** Figures of the residuals of distinct points, meters. */
export interface ErrorStatistics {
  n: number;
  east: AxisStatistics;
  north: AxisStatistics;
  /** Of the points with a height; null without. */
  up: AxisStatistics | null;
  rmseHorizontal: number;
  rmseVertical: number | null;
  rmse3d: number | null;
}

/**
 * Figures of the residuals of distinct points; the order of the points changes no digit. Null of nothing.
 *
 * Average or intersect the observations of a point first: they share the survey's and systematic errors,
 * and would count as more evidence than they are.
 *
 * @example
 * // 3, -1 and 1 m east, all right in north:
 * errorStatistics(points)!.east; // mean 1, standard deviation 2, rmse 1.915, median 1, nmad 2.9652
 */
export function errorStatistics(points: readonly PointResidual[]): ErrorStatistics | null {
  const east = axisStatistics(points.map((point) => point.east));
  const north = axisStatistics(points.map((point) => point.north));
  if (east === null || north === null) return null;
  const up = axisStatistics(points.flatMap((point) => point.up ?? []));
  const rmseHorizontal = Math.hypot(east.rmse, north.rmse);
  const rmseVertical = up?.rmse ?? null;
  return {
    n: points.length,
    east,
    north,
    up,
    rmseHorizontal,
    rmseVertical,
    rmse3d: rmseVertical === null ? null : Math.hypot(rmseHorizontal, rmseVertical),
  };
}

function axisStatistics(values: readonly number[]): AxisStatistics | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = valueOfSum(exactSum(values)) / n;
  const about = (center: number) =>
    valueOfSum(exactSum(values.map((value) => (value - center) ** 2)));
  return {
    n,
    mean,
    standardDeviation: n === 1 ? null : Math.sqrt(about(mean) / (n - 1)),
    rmse: Math.sqrt(about(0) / n),
    median: median(values)!,
    nmad: nmad(values)!,
  };
}

/**
 * RMSE that includes the survey error of the check points, as ASPRS Edition 2 (2023) asks: the fit to the
 * points and the survey in quadrature.
 *
 * @example
 * withSurveyError(0.035997222, 0.02); // 0.041180092
 */
export function withSurveyError(rmse: number, surveyRmse: number): number {
  return Math.hypot(rmse, surveyRmse);
}

/** How strong a shift common to all points must be, over its standard error, to be no accident. */
const SIGNIFICANT = 2;

/** Share of the accuracy class that a shift may take. */
export const MOST_BIAS_IN_CLASS = 0.25;

/**
 * Whether residuals of one axis have a mean that is no accident, or too large for the class. Then a
 * circular error computed from the RMSE is not a percentile any more.
 *
 * @param classMeters asked for; null when none is.
 */
export function isBiasSignificant(axis: AxisStatistics, classMeters: number | null): boolean {
  const { mean, standardDeviation, n } = axis;
  if (classMeters !== null && Math.abs(mean) > MOST_BIAS_IN_CLASS * classMeters) return true;
  if (standardDeviation === null) return false;
  return Math.abs(mean) > (SIGNIFICANT * standardDeviation) / Math.sqrt(n);
}
