import { median } from '../../maths/robust.ts';

/** One image of a series, by its number and its clock. */
export interface TimedName {
  name: string;
  number: number;
  /** Milliseconds of the camera's clock. */
  time: number;
  /** Milliseconds of its receiver, where that wrote a time. */
  receiverTime: number | null;
}

/** Where in the order of the numbers something is, counted from 1. */
interface PlaceInSeries {
  index: number;
  of: number;
}

/** A time that does not fit the numbers. */
export interface StrayTime extends PlaceInSeries {
  /** The nearest image before it whose time fits; after it, where there is none before. */
  neighbor: string;
  isNeighborBefore: boolean;
  /** How far the image's time is after the neighbor's; below 0 when it is before. */
  seconds: number;
}

/** A step of the clock that is far longer than those around it. */
export interface LongStep extends PlaceInSeries {
  /** The image before the step. */
  from: string;
  seconds: number;
  /** The usual time from one number to the next. */
  usualSeconds: number;
  /** The same step by the receiver, where both images have its time. */
  receiverSeconds: number | null;
}

/** By the name of the image; of a step that which ends it. */
export interface SeriesTimes {
  strays: Map<string, StrayTime>;
  longSteps: Map<string, LongStep>;
}

/** Of fewer steps none is usual. */
const LEAST_STEPS = 4;
/** A clock that writes whole seconds tells no shorter steps, milliseconds. */
const CLOCK_STEP = 1000;

/**
 * Judges the times of one series of numbered images: both only grow, and at an even pace. Where numbers are
 * missing a step counts for as many as it spans, so that a part of a flight has no longer steps than the
 * whole.
 *
 * @param stepRatio a step that is more than so many times the median one is long.
 */
export function judgeSeries(exposures: readonly TimedName[], stepRatio: number): SeriesTimes {
  const ordered = [...exposures].sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  const kept = longestRise(ordered.map(({ time }) => time));
  return { strays: straysOf(ordered, kept), longSteps: longStepsOf(ordered, kept, stepRatio) };
}

/** The fewest images without which the times of the others would grow with their numbers. */
function straysOf(ordered: readonly TimedName[], kept: readonly number[]): SeriesTimes['strays'] {
  const strays: SeriesTimes['strays'] = new Map();
  let next = 0;
  for (const [index, { name, time }] of ordered.entries()) {
    if (kept[next] === index) {
      next++;
      continue;
    }
    const isNeighborBefore = next > 0;
    const neighbor = ordered[kept[isNeighborBefore ? next - 1 : 0]!]!;
    strays.set(name, {
      index: index + 1,
      of: ordered.length,
      neighbor: neighbor.name,
      isNeighborBefore,
      seconds: (time - neighbor.time) / 1000,
    });
  }
  return strays;
}

function longStepsOf(
  ordered: readonly TimedName[],
  kept: readonly number[],
  stepRatio: number,
): SeriesTimes['longSteps'] {
  const steps = kept.slice(1).map((index, before) => {
    const [from, to] = [ordered[kept[before]!]!, ordered[index]!];
    return { from, to, index, each: (to.time - from.time) / Math.max(1, to.number - from.number) };
  });
  const longSteps: SeriesTimes['longSteps'] = new Map();
  if (steps.length < LEAST_STEPS) return longSteps;
  const isWhole = kept.every((index) => ordered[index]!.time % CLOCK_STEP === 0);
  const usual = Math.max(median(steps.map(({ each }) => each)) ?? 0, isWhole ? CLOCK_STEP : 1);
  for (const { from, to, index, each } of steps) {
    if (each <= stepRatio * usual) continue;
    const [before, after] = [from.receiverTime, to.receiverTime];
    longSteps.set(to.name, {
      index: index + 1,
      of: ordered.length,
      from: from.name,
      seconds: (to.time - from.time) / 1000,
      usualSeconds: usual / 1000,
      receiverSeconds: before === null || after === null ? null : (after - before) / 1000,
    });
  }
  return longSteps;
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
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]!) rise.push(at);
  return rise.toReversed();
}
