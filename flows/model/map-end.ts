import type { MapStep } from '../../contracts/flow-definition.ts';
import type { ItemFailure } from '../../contracts/flow-results.ts';
import { reasonOfFailure } from './policy.ts';
import { type StepContext, StepFailed } from './run.ts';
import { addressOf, type StepFailure } from './step-record.ts';

/** Items that a failure names; of 10,000 that fail alike the first ones say enough. */
export const NAMED_ITEMS = 20;

/** How the items of a map ended. */
export interface MapEnd {
  readonly count: number;
  readonly failed: number;
  /** The first failures. */
  readonly named: readonly ItemFailure[];
  readonly firstStep?: string;
}

/** @throws {StepFailed} when the policy of a map is not met, with the items that failed. */
export function throwIfLost(
  { address }: StepContext,
  { policy = 'strict' }: MapStep,
  { count, failed, named, firstStep }: MapEnd,
  writes: StepFailed['writes'],
): void {
  const reason = reasonOfFailure(policy, {
    total: count,
    ok: count - failed,
    skipped: 0,
    failed: Array.from({ length: failed }, (_, place) => String(place)),
  });
  const [first] = named;
  if (reason === undefined || first === undefined) return;
  const failure: StepFailure = {
    type: first.error.type,
    message: `Cannot finish "${address}" as ${reason}: ${first.error.message}`,
    step: firstStep ?? addressOf(address, `[${first.index}]`),
    items: named.slice(0, NAMED_ITEMS).map(({ index, key }) => key ?? index),
  };
  throw new StepFailed(failure, writes);
}
