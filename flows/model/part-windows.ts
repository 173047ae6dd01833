/** A part with fewer items in flight would spend more time on its own start and end than on them. */
const LEAST_WINDOW = 5;
/**
 * Two hide the time between the end of one part and the start of the next. More would mean less for each
 * workflow task to decide, and so more workflow tasks.
 */
const MOST_AT_ONCE = 2;

/** With fewer, a part would be all start and end: most of its items would be in flight at once. */
const ROUNDS_OF_PART = 10;

/** Items of a part: as many as the map says, or more where many are in flight at once. */
export function itemsOfPart(batch: number, concurrency: number): number {
  return Math.max(batch, ROUNDS_OF_PART * concurrency);
}

/** Parts of a large map that run side by side, so that the start of one falls into the work of another. */
export function partsAtOnce(concurrency: number): number {
  return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(concurrency / LEAST_WINDOW)));
}

/** Shares the concurrency of a map among its parts: what they have in flight together never exceeds it. */
export class PartWindows {
  private free: number;
  private idle: number;

  /** @param atOnce how many run side by side. */
  constructor(concurrency: number, atOnce: number) {
    this.free = concurrency;
    this.idle = atOnce;
  }

  /** Items that a part which starts may have in flight. */
  take(): number {
    const window = Math.ceil(this.free / this.idle--);
    this.free -= window;
    return window;
  }

  /** Gives back what an ended part had. */
  giveBack(window: number): void {
    this.free += window;
    this.idle++;
  }
}
