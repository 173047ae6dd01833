import type { FlightImage, FlightManifest, ImageDescription } from '../../contracts/flight.ts';
import { median, nmad } from '../../maths/robust.ts';
import { type AltitudeNorm, altitudeNorm } from './altitude-outlier.ts';
import { CaptureOrder } from './capture-order.ts';
import { CopyRegister } from './copies.ts';
import { Majority } from './majority.ts';
import { type FlightCenter, flightCenter } from './position-outlier.ts';
import { exposureFault, type FlightSharpness } from './quality.ts';

/** What an RTK receiver writes when its ambiguities are solved. */
const RTK_FIXED = 50;

/** What most of a flight is like; each image is judged against it. */
export interface FlightNorm {
  copies: CopyRegister;
  order: CaptureOrder;
  sharpness: FlightSharpness | null;
  center: FlightCenter | null;
  altitude: AltitudeNorm | null;
  size: string | null;
  camera: string | null;
}

/** Gathers, image by image and in order of name, what the whole flight looks like. */
export class FlightSurvey {
  readonly names: string[] = [];
  readonly rtk = { known: 0, fixed: 0 };
  private readonly copies = new CopyRegister();
  private readonly order = new CaptureOrder();
  private readonly blurs: number[] = [];
  private readonly positions: { latitude: number; longitude: number }[] = [];
  private readonly altitudes: number[] = [];
  private placed = 0;
  private readonly cameras = new Majority();
  private readonly sizes = new Majority();
  private readonly times = { from: null as string | null, to: null as string | null };

  add(image: FlightImage): void {
    const { name, file, description } = image;
    this.names.push(name);
    this.order.add(image);
    if (file !== null) this.copies.add(file.sha256, name);
    if (description === null || description.width === 0) return;
    const { measures, capturedAt } = description;
    if (measures !== null && exposureFault(measures) === null) this.blurs.push(measures.blur);
    this.place(description);
    this.cameras.add(cameraOf(description));
    this.sizes.add(sizeOf(description));
    if (capturedAt !== null) this.extendTime(capturedAt);
  }

  /** Call it when every image was added. */
  settle(): FlightNorm {
    const [middle, spread] = [median(this.blurs), nmad(this.blurs)];
    return {
      copies: this.copies,
      order: this.order,
      sharpness: middle === null || spread === null ? null : { median: middle, nmad: spread },
      center: flightCenter(this.positions),
      altitude: altitudeNorm(this.altitudes),
      size: this.sizes.key,
      camera: this.cameras.key,
    };
  }

  statistics({ sharpness }: FlightNorm): FlightManifest['statistics'] {
    return {
      blurMedian: sharpness?.median ?? null,
      blurNmad: sharpness?.nmad ?? null,
      positions: this.placed,
      capturedFrom: this.times.from,
      capturedTo: this.times.to,
      cameras: this.cameras.entries().map(([camera, images]) => ({ camera, images })),
      bounds: boundsOf(this.positions),
    };
  }

  private place({ position }: ImageDescription): void {
    if (position === null) return;
    this.placed++;
    // Where the signs are assumed the place may lie on the other side of the globe.
    if (position.hemisphere === undefined) this.positions.push(position);
    if (position.altitude !== null) this.altitudes.push(position.altitude);
    if (position.rtkFlag !== null) this.rtk.known++;
    if (position.rtkFlag === RTK_FIXED) this.rtk.fixed++;
  }

  private extendTime(capturedAt: string): void {
    const { from, to } = this.times;
    if (from === null || capturedAt < from) this.times.from = capturedAt;
    if (to === null || capturedAt > to) this.times.to = capturedAt;
  }
}

/** Make and model, as they are compared and shown. */
export function cameraOf({ make, model }: ImageDescription): string {
  return [make, model].filter((part) => part !== null && part !== '').join(' ') || 'unknown camera';
}

/** The stored size, as it is compared and shown. */
export function sizeOf({ width, height }: ImageDescription): string {
  return `${width} x ${height}`;
}

/** West, south, east, north in degrees; a flight across the antimeridian gets a box around the globe. */
function boundsOf(positions: readonly { latitude: number; longitude: number }[]): number[] | null {
  if (positions.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { latitude, longitude } of positions) {
    [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
    [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
  }
  return [west, south, east, north];
}
