import type { Finding } from '../../contracts/findings.ts';
import { median, nmad } from '../../maths/robust.ts';
import { imageError } from './finding.ts';

/** Terrain and flying height change less than this within a flight, meters. */
const USUAL_METERS = 50;
const NMADS = 8;

/** The middle of a flight's altitudes, and how far from it one may be, meters. */
export interface AltitudeNorm {
  middle: number;
  limit: number;
}

/** max(50 m, 8 x NMAD) around the median. */
export function altitudeNorm(altitudes: readonly number[]): AltitudeNorm | null {
  const [middle, spread] = [median(altitudes), nmad(altitudes)];
  if (middle === null || spread === null) return null;
  return { middle, limit: Math.max(USUAL_METERS, NMADS * spread) };
}

export function altitudeFinding(
  name: string,
  altitude: number,
  { middle, limit }: AltitudeNorm,
): Finding | null {
  const distance = Math.abs(altitude - middle);
  if (distance <= limit) return null;
  const message = `Image "${name}" was taken at ${altitude.toFixed(0)} m, the flight at ${middle.toFixed(0)} m`;
  return imageError('ALTITUDE_OUTLIER', name, message, { altitude, middle, limit });
}
