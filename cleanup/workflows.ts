import { proxyActivities } from '@temporalio/workflow';
import type { Reclaimed, ReclaimRequest } from '../contracts/cleanup.ts';
import { cleanup } from '../durable/activity-contracts.ts';
import { keepProgress } from '../durable/progress.ts';
import type { CleanupActivities } from './activities.ts';

const { reclaimRun } = proxyActivities<CleanupActivities>(cleanup);

/** Gives back the storage that a finished run used and its result does not refer to. */
export async function CleanupWorkflow(request: ReclaimRequest): Promise<Reclaimed> {
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
