import type { PointAccuracy } from '../../contracts/ground-accuracy.ts';
import { enuToGeodetic } from '../../maths/geodesy.ts';
import { subtract } from '../../maths/vector.ts';
import type { AssessmentPlan, PlannedPoint } from './assessment-plan.ts';
import type { JudgedObservation } from './control-block.ts';
import { averageByPoint } from './distinct-points.ts';
import { intersectRays, isIntersection } from './ray-intersection.ts';

/** Digits that are kept of a longitude or latitude: a tenth of a millimeter. */
const DEGREE_DIGITS = 9;

/**
 * Residuals of distinct points: horizontally the mean of the observations, each cut at the surveyed
 * height; vertically of the place where the rays meet. Two ways, so that a point that is seen once still
 * counts horizontally.
 */
export function pointAccuracies(
  observations: readonly JudgedObservation[],
  origin: AssessmentPlan['origin'],
): PointAccuracy[] {
  const byPoint = new Map<string, JudgedObservation[]>();
  for (const seen of observations) {
    const others = byPoint.get(seen.point.name);
    if (others === undefined) byPoint.set(seen.point.name, [seen]);
    else others.push(seen);
  }
  return averageByPoint(observations.map(({ residual }) => residual)).map((mean) => {
    const own = byPoint.get(mean.point)!;
    const { point } = own[0]!;
    const place = enuToGeodetic(point.position, origin);
    return {
      point: mean.point,
      role: point.role,
      observations: mean.observations,
      east: mean.east,
      north: mean.north,
      ...whereRaysMeet(own, point),
      longitude: Number(place.longitudeDegrees.toFixed(DEGREE_DIGITS)),
      latitude: Number(place.latitudeDegrees.toFixed(DEGREE_DIGITS)),
    };
  });
}

type Meeting = Pick<
  PointAccuracy,
  | 'up'
  | 'raysEast'
  | 'raysNorth'
  | 'rays'
  | 'rayAngleDegrees'
  | 'rayPixels'
  | 'raySigmas'
  | 'reason'
>;

function whereRaysMeet(own: readonly JudgedObservation[], point: PlannedPoint): Meeting {
  const met = intersectRays(own);
  if (!isIntersection(met)) {
    return {
      up: null,
      raysEast: null,
      raysNorth: null,
      rays: own.length,
      rayAngleDegrees: met.rayAngleDegrees,
      rayPixels: null,
      raySigmas: null,
      reason: met.reason,
    };
  }
  const [raysEast, raysNorth, up] = subtract(met.point, point.position);
  const sigma = (axis: 0 | 1 | 2) => Math.sqrt(met.covariance[axis][axis]);
  return {
    up: point.isHeightKnown ? up : null,
    raysEast,
    raysNorth,
    rays: met.rays,
    rayAngleDegrees: met.rayAngleDegrees,
    rayPixels: met.rmsPixels,
    raySigmas: [sigma(0), sigma(1), sigma(2)],
    reason: point.isHeightKnown ? null : 'the list states no height',
  };
}
