import { CancellationScope } from '@temporalio/workflow';
import type { Cancellation } from '../model/cancellation.ts';

/** Does work of the engine that ends when the scheduler no longer wants it. */
export async function inScope<Result>(
  cancellation: Cancellation,
  work: () => Promise<Result>,
): Promise<Result> {
  const scope = new CancellationScope();
  const stopListening = cancellation.onCancel(() => scope.cancel());
  try {
    return await scope.run(work);
  } finally {
    stopListening();
  }
}
