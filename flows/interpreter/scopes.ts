import { CancellationScope } from '@temporalio/workflow';
import type { Cancellation } from '../model/cancellation.ts';

/** One for each cancellation: thousands of calls may share one, and each of their own would cost more than the call. */
const scopes = new WeakMap<Cancellation, CancellationScope>();

/** Does work of the engine that ends when the scheduler no longer wants it. */
export function inScope<Result>(
  cancellation: Cancellation,
  work: () => Promise<Result>,
): Promise<Result> {
  let scope = scopes.get(cancellation);
  if (scope === undefined) {
    const made = new CancellationScope();
    cancellation.onCancel(() => made.cancel());
    scopes.set(cancellation, made);
    scope = made;
  }
  return scope.run(work);
}
