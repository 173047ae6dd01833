import type { FlightImage, FlightManifest, ImageDescription } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { median, nmad } from '../../maths/robust.ts';
import { type AltitudeNorm, altitudeNorm } from './altitude-outlier.ts';
import { CameraNorm } from './camera-norm.ts';
import { CaptureOrder } from './capture-order.ts';
import { ClockSurvey } from './clock-offset.ts';
import { CopyRegister } from './copies.ts';
import { type FlightCenter, flightCenter } from './position-outlier.ts';
import { exposureFault, type FlightSharpness } from './quality.ts';

/** What an RTK receiver writes when its ambiguities are solved. */
const RTK_FIXED = 50;

/** Altitude of the take-off by an image that records both of its heights, meters; the place is the image's. */
export interface TakeOff {
  latitude: number;
  longitude: number;
  altitude: number;
}

/** What most of a flight is like; each image is judged against it. */
export interface FlightNorm {
  copies: CopyRegister;
  order: CaptureOrder;
  cameras: CameraNorm;
  sharpness: FlightSharpness | null;
  center: FlightCenter | null;
  altitude: AltitudeNorm | null;
  limits: FlightThresholds;
}

/** Gathers, image by image and in order of name, what the whole flight looks like. */
export class FlightSurvey {
  readonly names: string[] = [];
  readonly rtk = { known: 0, fixed: 0 };
  readonly takeOffs: TakeOff[] = [];
  private readonly limits: FlightThresholds;
  private readonly copies = new CopyRegister();
  private readonly order: CaptureOrder;
  private readonly cameras: CameraNorm;
  private readonly clock = new ClockSurvey();
  private readonly blurs: number[] = [];
  private readonly positions: { latitude: number; longitude: number }[] = [];
  private readonly altitudes: number[] = [];
  private readonly captures = new Map<string, number>();
  private placed = 0;
  private readonly times = { from: null as string | null, to: null as string | null };

  constructor(limits: FlightThresholds) {
    this.limits = limits;
    this.order = new CaptureOrder(limits.maxTimeStepRatio);
    this.cameras = new CameraNorm(limits.maxFocalDifference);
  }

  add(image: FlightImage): void {
    const { name, file, description } = image;
    this.names.push(name);
    this.order.add(image);
    if (file !== null) this.copies.add(file.sha256, name);
    if (description === null || description.width === 0) return;
    const { measures, capturedAt, band } = description;
    if (measures !== null && exposureFault(measures, this.limits) === null) {
      this.blurs.push(measures.blur);
    }
    this.place(description);
    this.cameras.add(description);
    this.clock.add(description);
    const capture = band?.capture ?? null;
    if (capture !== null) this.captures.set(capture, (this.captures.get(capture) ?? 0) + 1);
    if (capturedAt !== null) this.extendTime(capturedAt);
  }

  /** An image that is none of the flight, but has a name in it. */
  pass(name: string): void {
    this.names.push(name);
  }

  /** Call it when every image was added. */
  settle(): FlightNorm {
    const [middle, spread] = [median(this.blurs), nmad(this.blurs)];
    return {
      copies: this.copies,
      order: this.order,
      cameras: this.cameras,
      sharpness: middle === null || spread === null ? null : { median: middle, nmad: spread },
      center: flightCenter(this.positions, this.limits),
      altitude: altitudeNorm(this.altitudes, this.limits),
      limits: this.limits,
    };
  }

  statistics({ sharpness }: FlightNorm): FlightManifest['statistics'] {
    const bands = [...this.captures.values()].filter((images) => images > 1).length;
    return {
      blurMedian: sharpness?.median ?? null,
      blurNmad: sharpness?.nmad ?? null,
      positions: this.placed,
      capturedFrom: this.times.from,
      capturedTo: this.times.to,
      cameras: this.cameras.entries(),
      bounds: boundsOf(this.positions),
      clock: this.clock.offset(),
      ...(bands === 0 ? {} : { multiBandCaptures: bands }),
    };
  }

  /** West, south, east, north in degrees; null without a position. */
  get bounds(): [number, number, number, number] | null {
    return boundsOf(this.positions);
  }

  /** The median place of the flight; the null island of a flight without one. */
  get middle(): { latitude: number; longitude: number } {
    const latitude = median(this.positions.map((position) => position.latitude)) ?? 0;
    const longitude = median(this.positions.map((position) => position.longitude)) ?? 0;
    return { latitude, longitude };
  }

  private place({ position, relativeAltitude }: ImageDescription): void {
    if (position === null) return;
    this.placed++;
    // Where the signs are assumed the place may lie on the other side of the globe.
    if (position.hemisphere === undefined) this.positions.push(position);
    if (position.altitude !== null) this.altitudes.push(position.altitude);
    if (position.altitude !== null && relativeAltitude !== null) {
      const { latitude, longitude, altitude } = position;
      this.takeOffs.push({ latitude, longitude, altitude: altitude - relativeAltitude });
    }
    if (position.rtkFlag !== null) this.rtk.known++;
    if (position.rtkFlag === RTK_FIXED) this.rtk.fixed++;
  }

  private extendTime(capturedAt: string): void {
    const { from, to } = this.times;
    if (from === null || capturedAt < from) this.times.from = capturedAt;
    if (to === null || capturedAt > to) this.times.to = capturedAt;
  }
}

/** West, south, east, north in degrees; a flight across the antimeridian gets a box around the globe. */
function boundsOf(
  positions: readonly { latitude: number; longitude: number }[],
): [number, number, number, number] | null {
  if (positions.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { latitude, longitude } of positions) {
    [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
    [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
  }
  return [west, south, east, north];
}
