const METERS_PER_DEGREE = 111_320;

/** WGS84, degrees. */
export interface GroundPoint {
  latitude: number;
  longitude: number;
}

/**
 * Equirectangular distance, meters, on a sphere: good to some per cent, which is enough to tell a meter
 * from none and kilometers from each other.
 */
export function groundDistance(a: GroundPoint, b: GroundPoint): number {
  const north = (a.latitude - b.latitude) * METERS_PER_DEGREE;
  const turn = ((a.longitude - b.longitude + 540) % 360) - 180;
  const east = turn * METERS_PER_DEGREE * Math.cos((b.latitude * Math.PI) / 180);
  return Math.hypot(north, east);
}
