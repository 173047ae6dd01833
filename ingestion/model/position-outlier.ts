import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { median } from '../../maths/robust.ts';
import { groundDistance, type GroundPoint } from './ground-distance.ts';

/** Of two places nobody can say which is the stray one. */
const LEAST_POSITIONS = 3;

export interface FlightCenter {
  latitude: number;
  longitude: number;
  /** No image of the flight may lie farther from the center, meters. */
  limit: number;
}

/**
 * The median center of a flight and the distance past which a position is not believed: the larger of so many
 * meters and so many median distances; null of fewer than three positions.
 */
export function flightCenter(
  positions: readonly GroundPoint[],
  { positionOutlierMeters, positionOutlierRatio }: FlightThresholds,
): FlightCenter | null {
  if (positions.length < LEAST_POSITIONS) return null;
  const latitude = median(positions.map((position) => position.latitude));
  const longitude = median(positions.map((position) => position.longitude));
  if (latitude === null || longitude === null) return null;
  const center = { latitude, longitude };
  const typical = median(positions.map((position) => groundDistance(position, center))) ?? 0;
  return { ...center, limit: Math.max(positionOutlierMeters, positionOutlierRatio * typical) };
}

/** @returns the distance and its limit, meters, when the position lies out of the flight; else null. */
export function findOutlier(
  position: GroundPoint,
  center: FlightCenter,
): { distance: number; limit: number } | null {
  const away = groundDistance(position, center);
  return away > center.limit ? { distance: away, limit: center.limit } : null;
}

/**
 * The signs that bring a position without hemispheres nearest to the middle of its flight.
 *
 * @example
 * withNearestSigns({ latitude: 33.9, longitude: 18.4 }, capeTown); // { latitude: -33.9, longitude: 18.4 }
 */
export function withNearestSigns<Position extends GroundPoint>(
  position: Position,
  center: GroundPoint,
): Position {
  const candidates = [1, -1].flatMap((north) =>
    [1, -1].map((east) => ({
      ...position,
      latitude: north * position.latitude,
      longitude: east * position.longitude,
    })),
  );
  return candidates.reduce((best, each) =>
    groundDistance(each, center) < groundDistance(best, center) ? each : best,
  );
}
