import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Expired, ExpiryRequest, Reclaimed, ReclaimRequest } from '../contracts/cleanup.ts';
import { cleanup, compose } from '../durable/activity-contracts.ts';
import { expectShape, shapes } from '../durable/foreign-input.ts';
import { keepProgress } from '../durable/progress.ts';
import type { CleanupActivities, ExpiryActivities } from './activities.ts';

const { reclaimRun } = proxyActivities<CleanupActivities>(cleanup);
const { expireRuns, expireRemembered } = proxyActivities<ExpiryActivities>(compose);

/** Steps of one run of the workflow before it continues as new: keeps the history short. */
const STEPS_PER_RUN = 100;

/** Gives back the storage that a finished run used and its result does not refer to. */
export async function CleanupWorkflow(request: ReclaimRequest): Promise<Reclaimed> {
  expectShape(request, { runKey: 'key', keep: [shapes.artifact] });
  const progress = keepProgress({
    stage: 'cleanup',
    done: 0,
    total: 1,
    words: 'Giving storage back',
  });
  const reclaimed = await reclaimRun.executeWithOptions({ summary: `clean up ${request.runKey}` }, [
    request,
  ]);
  progress.report({ done: 1, words: `Gave back ${reclaimed.files} files` });
  return reclaimed;
}

/** Where an expiry goes on after it continued as new. */
interface ExpiryState {
  cutoffMs: number;
  after: string | null;
  expired: Expired;
}

const requestShape = { olderThanMs: 'amount', isDryRun: 'flag' } as const;
const stateShape = {
  expired: { runs: 'amount', files: 'amount', bytes: 'amount', remembered: 'amount' },
} as const;

/** Removes the runs that are long over, with their results and what was remembered of them. */
export async function ExpiryWorkflow(
  request: ExpiryRequest,
  state: ExpiryState = firstState(request),
): Promise<Expired> {
  expectShape(request, requestShape);
  expectShape(state, stateShape);
  const { isDryRun } = request;
  const { cutoffMs } = state;
  const progress = keepProgress({
    stage: 'cleanup',
    done: 0,
    total: 0,
    words: 'Looking for old runs',
  });
  let { after, expired } = state;
  for (let steps = 1; ; steps++) {
    const step = await expireRuns.executeWithOptions(
      { summary: after === null ? 'expire runs' : `expire runs after ${after}` },
      [{ cutoffMs, isDryRun, after }],
    );
    expired = sum(expired, step);
    after = step.after;
    progress.report({ done: expired.runs, words: `${expired.runs} runs expired` });
    if (after === null) break;
    if (steps >= STEPS_PER_RUN) {
      await continueAsNew<typeof ExpiryWorkflow>(request, { cutoffMs, after, expired });
    }
  }
  const remembered = await expireRemembered.executeWithOptions(
    { summary: 'expire what is remembered' },
    [{ cutoffMs, isDryRun }],
  );
  return sum(expired, remembered);
}

/** Told apart from the workflow as a default is worked out before the first line of it. */
function firstState(request: ExpiryRequest): ExpiryState {
  expectShape(request, requestShape);
  return {
    cutoffMs: Date.now() - request.olderThanMs,
    after: null,
    expired: { runs: 0, files: 0, bytes: 0, remembered: 0 },
  };
}

function sum(one: Expired, other: Expired): Expired {
  return {
    runs: one.runs + other.runs,
    files: one.files + other.files,
    bytes: one.bytes + other.bytes,
    remembered: one.remembered + other.remembered,
  };
}
