import { percentile } from '../../maths/percentile.ts';
import type { ErrorStatistics, PointResidual } from './error-statistics.ts';

/** Ratio of the smaller to the larger RMSE of the two axes below which NSSDA has no formula. */
const LEAST_NSSDA_RATIO = 0.6;

/** The axes are taken as equal above this ratio: the two formulas then differ by less than 0.2 %. */
const EQUAL_RATIO = 0.95;

/** Errors that a share of all points stays below, meters. */
export interface ErrorPercentiles {
  /** From the RMSE: of centered normal errors with equal sigma east and north only. */
  ce90: number;
  ce95: number;
  le90: number | null;
  le95: number | null;
  /** Percentiles of the points themselves, by linear interpolation; nothing is assumed. */
  empirical: { ce90: number; ce95: number; le90: number | null; le95: number | null };
  /** National Standard for Spatial Data Accuracy (1998), 95 %. */
  nssda: {
    horizontal: number;
    /** Which formula applied; `empirical` when the axes differ too much for one. */
    formula: 'equal axes' | 'average of axes' | 'empirical';
    /** Smaller over larger RMSE of the axes, 0 to 1. */
    axisRatio: number;
    vertical: number | null;
  };
}

/**
 * Circular and linear errors of the points that `statistics` was made of.
 *
 * CE90 = 1.5175 RMSE_H, CE95 = 1.7308 RMSE_H, LE90 = 1.6449 RMSE_V, LE95 = 1.9600 RMSE_V. NSSDA is
 * 1.7308 RMSE_H for equal axes, 2.4477 times their average down to a ratio of 0.6.
 *
 * Source: Federal Geographic Data Committee, FGDC-STD-007.3-1998; C. Greenwalt and M. Shultz,
 * "Principles of error theory and cartographic applications", ACIC, 1968.
 */
export function errorPercentiles(
  points: readonly PointResidual[],
  statistics: ErrorStatistics,
): ErrorPercentiles {
  const { rmseHorizontal, rmseVertical } = statistics;
  const radii = points.map(({ east, north }) => Math.hypot(east, north));
  const heights = points.flatMap(({ up }) => (up === null ? [] : [Math.abs(up)]));
  const empirical = {
    ce90: percentile(radii, 0.9) ?? 0,
    ce95: percentile(radii, 0.95) ?? 0,
    le90: percentile(heights, 0.9),
    le95: percentile(heights, 0.95),
  };
  const times = (factor: number) => (rmseVertical === null ? null : factor * rmseVertical);
  return {
    ce90: 1.5175 * rmseHorizontal,
    ce95: 1.7308 * rmseHorizontal,
    le90: times(1.6449),
    le95: times(1.96),
    empirical,
    nssda: { ...nssdaHorizontal(statistics, empirical.ce95), vertical: times(1.96) },
  };
}

function nssdaHorizontal(
  { east, north, rmseHorizontal }: ErrorStatistics,
  empirical95: number,
): Omit<ErrorPercentiles['nssda'], 'vertical'> {
  const larger = Math.max(east.rmse, north.rmse);
  const axisRatio = larger === 0 ? 1 : Math.min(east.rmse, north.rmse) / larger;
  if (axisRatio >= EQUAL_RATIO) {
    return { horizontal: 1.7308 * rmseHorizontal, formula: 'equal axes', axisRatio };
  }
  if (axisRatio >= LEAST_NSSDA_RATIO) {
    const horizontal = 2.4477 * 0.5 * (east.rmse + north.rmse);
    return { horizontal, formula: 'average of axes', axisRatio };
  }
  return { horizontal: empirical95, formula: 'empirical', axisRatio };
}
