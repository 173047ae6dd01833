import { median } from '../../maths/robust.ts';

/** Share of the usual interval by which an image and its event may be apart. */
const TOLERANCE = 0.5;
/** Share of the images that have to find an event. */
const LEAST_SHARE = 0.5;
/** Images and events missing at either end of the lists that are reckoned with. */
const MOST_MISSING = 100;
/** Where another offset fits as many images, its misfit has to be larger by this share. */
const CLEARER = 1.2;

/** Which event belongs to which image. */
export interface EventMatch {
  /** Seconds that the receiver's clock is ahead of the camera's. */
  offset: number;
  /** Index of an event for each image, in their order; null without one. */
  events: (number | null)[];
}

interface Fit extends EventMatch {
  matched: number;
  misfit: number;
}

/**
 * Finds the events of images by their times alone, when both clocks run alike and their difference is not
 * known: the constant offset under which most images, in order, find an event within half of the usual
 * interval. Of several that fit as many, the one with the smallest misfit, if it is clearly the smallest.
 *
 * @param images,events seconds, ascending, of clocks: up to 1e11 as `parseEventList` gives them.
 * @returns null when fewer than half of the images find an event, or two offsets fit alike, as in a flight
 * without a pause.
 *
 * @example
 * // A camera two hours behind, and one event without an image:
 * matchEvents([0, 3, 6, 20], [7200, 7203, 7206, 7209, 7220])?.events; // [0, 1, 2, 4]
 */
export function matchEvents(
  images: readonly number[],
  events: readonly number[],
): EventMatch | null {
  const interval = median(images.slice(1).map((time, index) => time - images[index]!));
  if (interval === null || !(interval > 0) || events.length === 0) return null;
  const tolerance = TOLERANCE * interval;
  const fits = candidateOffsets(images, events)
    .map((offset) => refined(images, events, offset, tolerance))
    .sort((a, b) => b.matched - a.matched || a.misfit - b.misfit);
  const [best] = fits;
  if (best === undefined || best.matched < LEAST_SHARE * images.length) return null;
  const rival = fits.find(({ offset }) => Math.abs(offset - best.offset) > tolerance);
  const isClear =
    rival === undefined ||
    rival.matched < best.matched ||
    rival.misfit > CLEARER * best.misfit + Number.EPSILON;
  return isClear ? { offset: best.offset, events: best.events } : null;
}

/** One of the first images meets one of the first events, or one of the last one of the last. */
function candidateOffsets(images: readonly number[], events: readonly number[]): number[] {
  const offsets = new Set<number>();
  for (const [image, some] of [
    [images[0]!, events.slice(0, MOST_MISSING)],
    [images.at(-1)!, events.slice(-MOST_MISSING)],
  ] as const) {
    for (const event of some) offsets.add(event - image);
  }
  for (const [event, some] of [
    [events[0]!, images.slice(0, MOST_MISSING)],
    [events.at(-1)!, images.slice(-MOST_MISSING)],
  ] as const) {
    for (const image of some) offsets.add(event - image);
  }
  return [...offsets];
}

/** The clock of a camera may write whole seconds, so that the offset of one pair is off by a part of one. */
function refined(
  images: readonly number[],
  events: readonly number[],
  offset: number,
  tolerance: number,
): Fit {
  const first = fit(images, events, offset, tolerance);
  const apart = first.events.flatMap((event, image) =>
    event === null ? [] : [events[event]! - images[image]!],
  );
  return fit(images, events, median(apart) ?? offset, tolerance);
}

/** Images take the nearest event in their order; none is taken twice. */
function fit(
  images: readonly number[],
  events: readonly number[],
  offset: number,
  tolerance: number,
): Fit {
  const taken: (number | null)[] = [];
  let [next, matched, squares] = [0, 0, 0];
  for (const image of images) {
    const wanted = image + offset;
    while (
      next + 1 < events.length &&
      Math.abs(events[next + 1]! - wanted) <= Math.abs(events[next]! - wanted)
    ) {
      next++;
    }
    const apart = next < events.length ? Math.abs(events[next]! - wanted) : Infinity;
    if (apart > tolerance) {
      taken.push(null);
      continue;
    }
    taken.push(next++);
    matched++;
    squares += apart * apart;
  }
  return {
    offset,
    events: taken,
    matched,
    misfit: matched === 0 ? Infinity : Math.sqrt(squares / matched),
  };
}
