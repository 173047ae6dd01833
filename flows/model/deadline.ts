import { Cancellation } from './cancellation.ts';
import type { Engine } from './engine.ts';

/**
 * Does work that is cancelled when its time is over.
 *
 * @returns what the work gave, and whether the time was over before it ended.
 */
export async function withDeadline<Result>(
  engine: Engine,
  deadlineMs: number,
  around: Cancellation,
  work: (cancellation: Cancellation) => Promise<Result>,
): Promise<{ result: Result; isLate: false } | { isLate: true }> {
  const { cancellation, release } = around.child();
  const timer = new Cancellation();
  let isLate = false;
  engine.sleep(Math.max(0, deadlineMs - engine.nowMs()), timer).then(
    () => {
      if (timer.isCancelled) return;
      isLate = true;
      cancellation.cancel();
    },
    // A timer that was cancelled may say so by an error.
    () => {},
  );
  try {
    const result = await work(cancellation);
    return isLate ? { isLate } : { result, isLate: false };
  } catch (error) {
    if (isLate) return { isLate };
    throw error;
  } finally {
    timer.cancel();
    release();
  }
}
