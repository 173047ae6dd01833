import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage } from '../../contracts/flight.ts';
import { imageWarning } from './finding.ts';
import { groundDistance, type GroundPoint } from './ground-distance.ts';
import { judgeSeries, type SeriesTimes, type TimedName } from './series-times.ts';
import { longStepFinding, strayFinding } from './time-findings.ts';

/** Two exposures of one moment are of one place; meters. */
const SAME_PLACE_METERS = 0.01;
/** A number at the end of a name, and after it letters for the kind of image, as in `DJI_0001_V.JPG`. */
const NUMBERED = /^(.*?)(\d{1,15})((?:_[A-Za-z]{1,4})?(?:\.[^./]*)?)$/;
/** Some cameras write the time into each name before the number. */
const TIME_IN_NAME = /\d{14}/g;

/**
 * Compares the numbers that a camera gives its files with the times that it writes into them: both only
 * grow. Images of different name patterns (cards, cameras) are not compared with each other.
 */
export class CaptureOrder {
  private readonly stepRatio: number;
  private readonly series = new Map<string, TimedName[]>();
  private readonly byTime = new Map<string, { name: string; place: GroundPoint | null }>();
  private readonly simultaneous = new Map<string, string>();
  private settled: SeriesTimes | undefined;

  /** @param stepRatio a step of the clock that is more than so many times the median one is named. */
  constructor(stepRatio: number) {
    this.stepRatio = stepRatio;
  }

  add({ name, description }: FlightImage): void {
    const capturedAt = description?.capturedAt ?? null;
    if (capturedAt === null) return;
    this.noteTime(name, capturedAt, description?.position ?? null);
    const parts = NUMBERED.exec(name);
    if (parts === null) return;
    const pattern = `${parts[1]!.replace(TIME_IN_NAME, '@')}#${parts[3] ?? ''}`;
    const gpsTime = description?.gpsTime ?? null;
    const exposures = this.series.get(pattern) ?? [];
    this.series.set(pattern, exposures);
    exposures.push({
      name,
      number: Number(parts[2]),
      time: Date.parse(`${capturedAt.slice(0, 23)}Z`),
      receiverTime: gpsTime === null ? null : Date.parse(gpsTime),
    });
  }

  /** Call it when every image was added. */
  findingsOf({ name, description }: FlightImage): Finding[] {
    if (description === null) return [];
    const { capturedAt } = description;
    if (capturedAt === null) {
      const message = `Image "${name}" does not say when it was taken: it is taken in the order of the names; keep the tags when images are copied or converted`;
      return [imageWarning('TIME_MISSING', name, message)];
    }
    const findings: Finding[] = [];
    const stray = this.times.strays.get(name);
    if (stray !== undefined) findings.push(strayFinding(name, capturedAt, stray));
    const step = this.times.longSteps.get(name);
    if (step !== undefined) findings.push(longStepFinding(name, step, this.stepRatio));
    const other = this.simultaneous.get(name);
    if (other !== undefined) {
      const message = `Image "${name}" was taken at the same time as "${other}", at another place: set right which of the two is wrong, or leave one out`;
      findings.push(imageWarning('TIME_DUPLICATE', name, message, { other, capturedAt }));
    }
    return findings;
  }

  /** Whether the time of an image fits the order of the names. Call it when every image was added. */
  isInOrder(name: string): boolean {
    return !this.times.strays.has(name);
  }

  private get times(): SeriesTimes {
    if (this.settled !== undefined) return this.settled;
    const all: SeriesTimes = { strays: new Map(), longSteps: new Map() };
    for (const exposures of this.series.values()) {
      const { strays, longSteps } = judgeSeries(exposures, this.stepRatio);
      for (const [name, stray] of strays) all.strays.set(name, stray);
      for (const [name, step] of longSteps) all.longSteps.set(name, step);
    }
    return (this.settled = all);
  }

  private noteTime(name: string, capturedAt: string, place: GroundPoint | null): void {
    const first = this.byTime.get(capturedAt);
    if (first === undefined) this.byTime.set(capturedAt, { name, place });
    else if (
      first.place !== null &&
      place !== null &&
      groundDistance(first.place, place) > SAME_PLACE_METERS
    ) {
      this.simultaneous.set(name, first.name);
    }
  }
}
