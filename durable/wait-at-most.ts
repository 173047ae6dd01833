import type { Duration } from '@temporalio/common';
import { CancellationScope, sleep } from '@temporalio/workflow';

/**
 * Waits for something that may take longer than is worth waiting for. Call it shielded from cancellation.
 *
 * @param summary of the timer, for people.
 * @throws what the promise fails with meanwhile.
 */
export async function waitAtMost(
  patience: Duration,
  awaited: Promise<unknown>,
  summary: string,
): Promise<void> {
  const timer = new CancellationScope();
  const isOver = timer.run(() => sleep(patience, { summary }));
  try {
    await Promise.race([awaited, isOver]);
  } finally {
    timer.cancel();
  }
}
