import { setImmediate } from 'node:timers/promises';

/** After this long the event loop gets its turn. */
const SLICE_MS = 10;

/**
 * Runs a long computation in slices, so that the process answers in between. The computation yields where
 * it can be interrupted, every millisecond or so.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function inSlices<Result>(
  work: Generator<void, Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (;;) {
    const until = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await setImmediate();
    signal.throwIfAborted();
  }
}
