import {
  CancellationScope,
  log,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { reasonOf } from './root-cause.ts';

/** How long a result waits for the clean-up behind it; after that the clean-up goes on by itself. */
const CLEANUP_PATIENCE = '30 seconds';

/**
 * Gives back what a run wrote and its result does not lead to. A result is not held up by storage:
 * clean-up that takes long outlives the run. Call it shielded from cancellation.
 *
 * @param keep documents of the result; what they refer to is kept, too.
 */
export async function giveStorageBack(runKey: string, keep: ArtifactRef[]): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  const child = await startChild('CleanupWorkflow', {
    // The run is part of the id: the clean-up of an earlier run of the same id may still go on.
    workflowId: `${workflowId}-cleanup-${runId.slice(0, 8)}`,
    taskQueue: taskQueues.cleanup,
    args: [{ runKey, keep }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: 'give back what no result refers to',
  });
  const patience = new CancellationScope();
  const isOver = patience.run(() => sleep(CLEANUP_PATIENCE, { summary: 'wait for the clean-up' }));
  try {
    await Promise.race([child.result(), isOver]);
  } catch (error) {
    log.warn('Storage of the run was not given back', { runKey, reason: reasonOf(error) });
  } finally {
    patience.cancel();
  }
}
