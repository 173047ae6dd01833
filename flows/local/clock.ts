import type { Cancellation } from '../model/cancellation.ts';

/** Time of a run in memory; tests bring one that does not wait. */
export interface Clock {
  nowMs(): number;
  /** Ends early when it is cancelled. */
  sleep(durationMs: number, cancellation: Cancellation): Promise<void>;
}

/** The longest that a timer of Node can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The time of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  async sleep(durationMs, cancellation) {
    const untilMs = Date.now() + durationMs;
    do {
      await wait(Math.min(untilMs - Date.now(), LONGEST_TIMER_MS), cancellation);
    } while (Date.now() < untilMs && !cancellation.isCancelled);
  },
};

function wait(durationMs: number, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, durationMs);
    const stopListening = cancellation.onCancel(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
