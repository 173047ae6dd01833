import type { Finding } from '../../contracts/findings.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { median, nmad } from '../../maths/robust.ts';
import { imageError } from './finding.ts';

/** The middle of a flight's altitudes, and how far from it one may be, meters. */
export interface AltitudeNorm {
  middle: number;
  limit: number;
}

/** The larger of so many meters and so many NMAD, around the median. */
export function altitudeNorm(
  altitudes: readonly number[],
  { altitudeOutlierMeters, altitudeOutlierNmads }: FlightThresholds,
): AltitudeNorm | null {
  const [middle, spread] = [median(altitudes), nmad(altitudes)];
  if (middle === null || spread === null) return null;
  return { middle, limit: Math.max(altitudeOutlierMeters, altitudeOutlierNmads * spread) };
}

export function altitudeFinding(
  name: string,
  altitude: number,
  { middle, limit }: AltitudeNorm,
): Finding | null {
  const distance = Math.abs(altitude - middle);
  if (distance <= limit) return null;
  const message = `Image "${name}" was taken at ${altitude.toFixed(0)} m, the flight at ${middle.toFixed(0)} m, and ${limit.toFixed(0)} m between them are the most that is believed: state its height in geo.txt, or leave it out`;
  return imageError('ALTITUDE_OUTLIER', name, message, { altitude, middle, limit });
}
