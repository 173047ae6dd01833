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

/** Far more than it takes to tell kilometers. */
const MOST_LOOKED_AT = 2000;

/**
 * Distance of the first pair that is near enough, else of the nearest, meters; of long lists every so-manieth
 * is looked at. Infinite where one of them is empty.
 */
export function nearestDistance(
  points: readonly GroundPoint[],
  places: readonly GroundPoint[],
  nearEnough: number,
): number {
  let least = Infinity;
  for (const point of sampled(points)) {
    for (const place of sampled(places)) {
      least = Math.min(least, groundDistance(place, point));
      if (least <= nearEnough) return least;
    }
  }
  return least;
}

/** Whether points lie near enough to places once latitude and longitude are exchanged. */
export function isNearWhenExchanged(
  points: readonly GroundPoint[],
  places: readonly GroundPoint[],
  nearEnough: number,
): boolean {
  const exchanged = points
    .filter(({ longitude }) => Math.abs(longitude) <= 90)
    .map(({ latitude, longitude }) => ({ latitude: longitude, longitude: latitude }));
  return nearestDistance(exchanged, places, nearEnough) <= nearEnough;
}

function sampled<Value>(values: readonly Value[]): readonly Value[] {
  const step = Math.ceil(values.length / MOST_LOOKED_AT);
  return step <= 1 ? values : values.filter((_, index) => index % step === 0);
}
