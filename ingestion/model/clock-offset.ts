import type { FlightManifest, ImageDescription } from '../../contracts/flight.ts';
import { median, nmad } from '../../maths/robust.ts';
import { rounded } from './value-spread.ts';

/** Time zones differ from UTC by whole quarters of an hour. */
const ZONE_STEP_MINUTES = 15;

/**
 * How far the camera's clock is from the time of its receiver: the zone that it shows, and what is left
 * beyond that. Cameras write local time without a zone, receivers write UTC.
 */
export class ClockSurvey {
  private readonly seconds: number[] = [];

  add({ capturedAt, gpsTime }: ImageDescription): void {
    if (capturedAt === null || gpsTime === null || gpsTime === undefined) return;
    const ahead = Date.parse(`${capturedAt.slice(0, 23)}Z`) - Date.parse(gpsTime);
    if (Number.isFinite(ahead)) this.seconds.push(ahead / 1000);
  }

  /** @returns null when no image has both times. */
  offset(): FlightManifest['statistics']['clock'] {
    const [middle, spread] = [median(this.seconds), nmad(this.seconds)];
    if (middle === null || spread === null) return null;
    const step = ZONE_STEP_MINUTES * 60;
    const zone = Math.round(middle / step) * step;
    return {
      images: this.seconds.length,
      zoneMinutes: zone / 60,
      aheadSeconds: rounded(middle - zone, 3),
      nmadSeconds: rounded(spread, 3),
    };
  }
}
