import { median } from '../../maths/robust.ts';

const METERS_PER_DEGREE = 111_320;
const NEAR_METERS = 3_000;
const MEDIAN_FACTOR = 10;

export interface FlightCenter {
  latitude: number;
  longitude: number;
  /** No image of the flight may lie farther from the center, meters. */
  limit: number;
}

type Position = Pick<FlightCenter, 'latitude' | 'longitude'>;

/** The median center of a flight and the distance past which a position is not believed: max(3 km, 10 x median distance). */
export function flightCenter(positions: readonly Position[]): FlightCenter | null {
  const latitude = median(positions.map((position) => position.latitude));
  const longitude = median(positions.map((position) => position.longitude));
  if (latitude === null || longitude === null) return null;
  const center = { latitude, longitude };
  const typical = median(positions.map((position) => distance(position, center))) ?? 0;
  return { ...center, limit: Math.max(NEAR_METERS, MEDIAN_FACTOR * typical) };
}

/** @returns the distance and its limit, meters, when the position lies out of the flight; else null. */
export function findOutlier(
  position: Position,
  center: FlightCenter,
): { distance: number; limit: number } | null {
  const away = distance(position, center);
  return away > center.limit ? { distance: away, limit: center.limit } : null;
}

/** Equirectangular distance, meters: good to some per cent, which is enough to tell kilometers. */
function distance(a: Position, b: Position): number {
  const north = (a.latitude - b.latitude) * METERS_PER_DEGREE;
  const turn = ((a.longitude - b.longitude + 540) % 360) - 180;
  const east = turn * METERS_PER_DEGREE * Math.cos((b.latitude * Math.PI) / 180);
  return Math.hypot(north, east);
}
