import { log, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { reasonOf } from './root-cause.ts';
import { waitAtMost } from './wait-at-most.ts';

/** How long a result waits for the clean-up behind it; after that the clean-up goes on by itself. */
const CLEANUP_PATIENCE = '30 seconds';

/**
 * Starts to give back what a run wrote and its result does not lead to, and leaves that to itself. Call
 * it shielded from cancellation.
 *
 * @param keep documents of the result; what they refer to is kept, too.
 */
export function startCleanup(runKey: string, keep: ArtifactRef[]) {
  const { workflowId, runId } = workflowInfo();
  return startChild('CleanupWorkflow', {
    // The run is part of the id: the clean-up of an earlier run of the same id may still go on.
    workflowId: `${workflowId}-cleanup-${runId.slice(0, 8)}`,
    taskQueue: taskQueues.cleanup,
    args: [{ runKey, keep }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: 'give back what no result refers to',
  });
}

/**
 * As `startCleanup`, but waits for it a while, so that who reads the result of a long run finds its storage
 * given back. A result is not held up by storage: clean-up that takes longer outlives the run.
 */
export async function giveStorageBack(runKey: string, keep: ArtifactRef[]): Promise<void> {
  const child = await startCleanup(runKey, keep);
  try {
    await waitAtMost(CLEANUP_PATIENCE, child.result(), 'wait for the clean-up');
  } catch (error) {
    log.warn('Storage of the run was not given back', { runKey, reason: reasonOf(error) });
  }
}
