import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage } from '../../contracts/flight.ts';
import { imageWarning } from './finding.ts';
import { groundDistance, type GroundPoint } from './ground-distance.ts';

/** Two exposures of one moment are of one place; meters. */
const SAME_PLACE_METERS = 0.01;

interface Exposure {
  name: string;
  number: number;
  /** Milliseconds of the camera's clock. */
  time: number;
}

/**
 * Compares the numbers that a camera gives its files with the times that it writes into them: both only
 * grow. Images of different name patterns (cards, cameras) are not compared with each other.
 */
export class CaptureOrder {
  private readonly series = new Map<string, Exposure[]>();
  private readonly byTime = new Map<string, { name: string; place: GroundPoint | null }>();
  private readonly simultaneous = new Map<string, string>();
  private outOfOrder: Set<string> | undefined;

  add({ name, description }: FlightImage): void {
    const capturedAt = description?.capturedAt ?? null;
    if (capturedAt === null) return;
    this.noteTime(name, capturedAt, description?.position ?? null);
    const parts = /^(.*?)(\d{1,15})(\.[^./]*)?$/.exec(name);
    if (parts === null) return;
    const pattern = `${parts[1]}#${parts[3] ?? ''}`;
    const time = Date.parse(`${capturedAt.slice(0, 23)}Z`);
    const exposures = this.series.get(pattern) ?? [];
    exposures.push({ name, number: Number(parts[2]), time });
    this.series.set(pattern, exposures);
  }

  /** Call it when every image was added. */
  findingsOf({ name, description }: FlightImage): Finding[] {
    if (description === null) return [];
    const { capturedAt } = description;
    if (capturedAt === null) {
      return [imageWarning('TIME_MISSING', name, `Image "${name}" does not say when it was taken`)];
    }
    const findings: Finding[] = [];
    if (this.strays.has(name)) {
      const message = `Image "${name}" was taken at ${capturedAt}, which does not fit the order of the names around it: the clock was wrong or the file was renamed`;
      findings.push(imageWarning('TIME_NOT_MONOTONIC', name, message, { capturedAt }));
    }
    const other = this.simultaneous.get(name);
    if (other !== undefined) {
      const message = `Image "${name}" was taken at the same time as "${other}", at another place`;
      findings.push(imageWarning('TIME_DUPLICATE', name, message, { other, capturedAt }));
    }
    return findings;
  }

  /** Whether the time of an image fits the order of the names. Call it when every image was added. */
  isInOrder(name: string): boolean {
    return !this.strays.has(name);
  }

  private get strays(): Set<string> {
    return (this.outOfOrder ??= new Set([...this.series.values()].flatMap(namesOutOfOrder)));
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

/** The fewest images without which the times of the others would grow with their numbers. */
function namesOutOfOrder(exposures: readonly Exposure[]): string[] {
  const ordered = [...exposures].sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  const kept = new Set(longestRise(ordered.map(({ time }) => time)));
  return ordered.filter((_, index) => !kept.has(index)).map(({ name }) => name);
}

/**
 * Indices of the longest subsequence that never falls; of several equally long ones that which ends
 * lowest.
 *
 * Source: C. Schensted, "Longest increasing and decreasing subsequences", 1961 (patience sorting).
 *
 * @example
 * longestRise([1, 2, 9, 3, 4]); // [0, 1, 3, 4]
 */
export function longestRise(values: readonly number[]): number[] {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [index, value] of values.entries()) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tails[middle]!]! <= value) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : tails[low - 1]!;
    tails[low] = index;
  }
  const rise: number[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]!) rise.unshift(at);
  return rise;
}
