import { exactSum, valueOfSum } from '../../maths/exact-sum.ts';
import type { PointResidual } from './error-statistics.ts';
import { errorStatistics } from './error-statistics.ts';
import type { EvidencePair } from './gate.ts';

/** A residual of one observation of a point, meters. */
export interface NamedResidual {
  point: string;
  image: string;
  east: number;
  north: number;
}

/** The residual of a distinct point, and how many observations or rays stand behind it. */
export interface DistinctPoint extends PointResidual {
  point: string;
  observations: number;
}

/**
 * One residual a point, the mean of its observations, in order of name. Observations of one point share
 * its survey and systematic errors, so that counting them singly would feign certainty. Heights come from
 * rays that meet, not from here: `up` is null.
 *
 * @example
 * averageByPoint(residuals); // of 45 observations of 14 points: 14 residuals
 */
export function averageByPoint(residuals: readonly NamedResidual[]): DistinctPoint[] {
  const byPoint = new Map<string, NamedResidual[]>();
  for (const residual of residuals) {
    const others = byPoint.get(residual.point);
    if (others === undefined) byPoint.set(residual.point, [residual]);
    else others.push(residual);
  }
  return [...byPoint]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([point, own]) => ({
      point,
      observations: own.length,
      east: valueOfSum(exactSum(own.map(({ east }) => east))) / own.length,
      north: valueOfSum(exactSum(own.map(({ north }) => north))) / own.length,
      up: null,
    }));
}

/** What the gate is asked with: the points with all observations, and without the suspected ones. */
export function evidenceOf(
  all: readonly PointResidual[],
  trusted: readonly PointResidual[],
): { horizontal: EvidencePair | null; vertical: EvidencePair | null } {
  const [withSuspects, withoutSuspects] = [errorStatistics(all), errorStatistics(trusted)];
  if (withSuspects === null) return { horizontal: null, vertical: null };
  const level = ({ n, rmseHorizontal, east, north }: typeof withSuspects) => ({
    points: n,
    rmse: rmseHorizontal,
    bias: Math.hypot(east.mean, north.mean),
  });
  const plumb = ({ up }: typeof withSuspects) =>
    up === null ? null : { points: up.n, rmse: up.rmse, bias: Math.abs(up.mean) };
  const plumbAll = plumb(withSuspects);
  return {
    horizontal: {
      withSuspects: level(withSuspects),
      withoutSuspects: withoutSuspects === null ? null : level(withoutSuspects),
    },
    vertical:
      plumbAll === null
        ? null
        : {
            withSuspects: plumbAll,
            withoutSuspects: withoutSuspects === null ? null : plumb(withoutSuspects),
          },
  };
}
