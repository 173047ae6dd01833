import { CancellationScope } from '@temporalio/workflow';
import type { Cancellation } from '../model/cancellation.ts';

/** One for each cancellation: thousands of calls may share one, and each of their own would cost more than the call. */
const scopes = new WeakMap<Cancellation, CancellationScope>();

/**
 * Does work that ends when the scheduler no longer wants it. The scheduler itself runs in the scope of its
 * run, so that most of its calls need not enter one.
 */
export function inScope<Result>(
  cancellation: Cancellation,
  work: () => Promise<Result>,
): Promise<Result> {
  const current = CancellationScope.current();
  const scope = scopeOf(cancellation, current);
  return scope === current ? work() : scope.run(work);
}

function scopeOf(cancellation: Cancellation, current: CancellationScope): CancellationScope {
  const known = scopes.get(cancellation);
  if (known !== undefined) return known;
  // Some steps go on when their run is cancelled: each scope stands beside the others, not inside.
  let parent = current;
  while (parent.cancellable && parent.parent !== undefined) ({ parent } = parent);
  const scope = new CancellationScope({ cancellable: true, parent });
  scopes.set(cancellation, scope);
  cancellation.onCancel(() => scope.cancel());
  return scope;
}
