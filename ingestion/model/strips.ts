import type { Place } from '../../maths/polygon.ts';
import { median } from '../../maths/robust.ts';

/** An exposure on the way of the flight. */
export interface TrackPoint {
  place: Place;
  /** Seconds; null when the clock is not to be trusted. */
  time: number | null;
}

/** Exposures of one line, by index, in the order of flight. */
export interface Strip {
  /** Of the line from its first to its last exposure, degrees clockwise from north; null of one exposure. */
  heading: number | null;
  members: number[];
}

/** A line goes on while the way bends less, degrees. */
const MAX_BEND = 45;
/** A pause this many times longer than usual ends a line. */
const MAX_PAUSE = 5;
/** A step this much shorter than usual is a hover, and has no direction. */
const HOVER = 0.2;

/**
 * Cuts the way of a flight into straight lines: where it bends by more than 45 degrees between two steps,
 * or stands still for more than five times the usual interval. The way from one line to the next belongs
 * to neither.
 *
 * @param track in the order of flight.
 *
 * @example
 * // Two lines of three, side by side, flown there and back:
 * findStrips(track).map(({ members }) => members); // [[0, 1, 2], [3, 4, 5]]
 */
export function findStrips(track: readonly TrackPoint[]): Strip[] {
  const owner = ownersOf(runsOf(track), track);
  const strips: Strip[] = [];
  let before: number | undefined;
  track.forEach((_, index) => {
    if (index === 0 || owner[index] !== before) {
      strips.push({ heading: null, members: [] });
    }
    before = owner[index];
    strips.at(-1)!.members.push(index);
  });
  return strips.map(({ members }) => ({ heading: headingOf(track, members), members }));
}

/** A run of steps of one direction, from one exposure to another. */
interface Run {
  first: number;
  last: number;
}

function runsOf(track: readonly TrackPoint[]): Run[] {
  const steps = track.slice(1).map(({ place }, index) => azimuth(track[index]!.place, place));
  const usualLength = median(steps.map(({ length }) => length)) ?? 0;
  const pauses = track.slice(1).map(({ time }, index) => {
    const before = track[index]!.time;
    return time === null || before === null ? null : time - before;
  });
  const usualPause = median(pauses.filter((pause) => pause !== null)) ?? 0;
  const runs: Run[] = [];
  let direction: number | null = null;
  steps.forEach(({ length, degrees }, index) => {
    const pause = pauses[index] ?? null;
    if (pause !== null && usualPause > 0 && pause > MAX_PAUSE * usualPause) {
      direction = null;
      return;
    }
    const isHover = length < HOVER * usualLength;
    const run = runs.at(-1);
    const goesOn =
      run?.last === index &&
      direction !== null &&
      (isHover || Math.abs(bend(degrees, direction)) <= MAX_BEND);
    if (goesOn) run!.last = index + 1;
    else runs.push({ first: index, last: index + 1 });
    if (!isHover || direction === null) direction = degrees;
  });
  return runs;
}

/**
 * An exposure where two runs meet belongs to the one with more steps, else to that with shorter ones: the
 * way to the next line is longer than that along it.
 */
function ownersOf(runs: readonly Run[], track: readonly TrackPoint[]): number[] {
  const stepsOf = ({ first, last }: Run) => last - first;
  const lengthOf = ({ first, last }: Run) =>
    azimuth(track[first]!.place, track[last]!.place).length;
  const isBetter = (run: Run, rival: Run) =>
    stepsOf(run) > stepsOf(rival) ||
    (stepsOf(run) === stepsOf(rival) && lengthOf(run) < lengthOf(rival));
  const owner: number[] = track.map((_, index) => -1 - index);
  runs.forEach((run, id) => {
    for (let index = run.first; index <= run.last; index++) {
      const rival = runs[owner[index]!];
      if (rival === undefined || isBetter(run, rival)) owner[index] = id;
    }
  });
  return owner;
}

function headingOf(track: readonly TrackPoint[], members: readonly number[]): number | null {
  const [first, last] = [members[0]!, members.at(-1)!];
  if (first === last) return null;
  return azimuth(track[first]!.place, track[last]!.place).degrees;
}

function azimuth(from: Place, to: Place): { length: number; degrees: number } {
  const [east, north] = [to[0] - from[0], to[1] - from[1]];
  return { length: Math.hypot(east, north), degrees: (Math.atan2(east, north) * 180) / Math.PI };
}

/** The turn from one azimuth to another, -180 to 180 degrees. */
export function bend(degrees: number, from: number): number {
  const turn = degrees - from;
  return turn - 360 * Math.round(turn / 360);
}
