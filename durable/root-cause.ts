import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/common';

/** The failure at the bottom of Temporal's wrapping: what really went wrong, in its own words. */
export function rootCause(error: unknown): unknown {
  let cause = error;
  while (
    (cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) &&
    cause.cause !== undefined
  ) {
    cause = cause.cause;
  }
  return cause;
}

/**
 * The failure that a workflow ends with, so that the first thing an operator reads is the sentence
 * itself and not `Activity task failed`.
 */
export function asWorkflowFailure(error: unknown): unknown {
  const cause = rootCause(error);
  if (cause instanceof ApplicationFailure) {
    return ApplicationFailure.create({
      message: cause.message,
      type: cause.type ?? 'Error',
      nonRetryable: true,
    });
  }
  if (cause instanceof TimeoutFailure) {
    return ApplicationFailure.create({
      message: `Cannot finish as a step ran into its time limit: ${cause.message}`,
      type: 'Timeout',
      nonRetryable: true,
    });
  }
  return error;
}

/** The words of a failure, for a result that goes on without what failed. */
export function reasonOf(error: unknown): string {
  const cause = rootCause(error);
  return cause instanceof Error ? cause.message : String(cause);
}
