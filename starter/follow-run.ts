import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { AutomationResult, ImageType } from '../contracts/automation.ts';
import { type Progress, progressQuery } from '../contracts/progress.ts';
import { resultOf, type StartedRun } from './automation-run.ts';
import { Hindrances } from './hindrances.ts';
import type { ProgressDisplay } from './progress-display.ts';

/** Who wants to hear what of a run while it goes on. */
export interface Follower {
  onProgress: (progress: Progress) => void;
  /** Called at each look at the run. */
  onLook?: () => Promise<void>;
}

const POLL_MS = 400;
/** A query that no worker answers costs its whole deadline, which must not keep the caller from telling so. */
const QUERY_LIMIT_MS = 3_000;

/** Waits for a run of a flight or a scene, telling how it goes on. */
export async function followAutomation(
  client: Client,
  { workflowId, runId }: Pick<StartedRun, 'workflowId' | 'runId'>,
  follower: Follower,
): Promise<AutomationResult> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const result = await followToEnd(client, handle, resultOf(handle), follower);
  follower.onProgress({ stage: 'done', done: 1, total: 1, words: result.verdict });
  return result;
}

/**
 * As `followAutomation`, for people: shows the progress.
 *
 * @param tell is told what holds the run up.
 */
export function followOnDisplay(
  client: Client,
  run: Pick<StartedRun, 'workflowId' | 'runId'> & { imageType: ImageType },
  display: ProgressDisplay,
  tell: (words: string) => void,
): Promise<AutomationResult> {
  const hindrances = new Hindrances(client, run, tell);
  return followAutomation(client, run, {
    onProgress: (progress) => {
      if (display.show(run.workflowId, progress)) hindrances.noteNews();
    },
    onLook: () => hindrances.lookWhenSilent(),
  });
}

/** Looks at a run of any kind until its outcome is there. */
export async function followToEnd<Outcome>(
  client: Client,
  handle: WorkflowHandle,
  outcome: Promise<Outcome>,
  { onProgress, onLook }: Follower,
): Promise<Outcome> {
  const ending = { isOver: false };
  const ended = outcome.then(
    () => undefined,
    () => undefined,
  );
  void ended.then(() => {
    ending.isOver = true;
  });
  while (!ending.isOver) {
    const progress = await progressOf(client, handle);
    if (progress !== null && !ending.isOver) onProgress(progress);
    if (!ending.isOver) await onLook?.();
    await Promise.race([delay(POLL_MS), ended]);
  }
  return outcome;
}

/** How a run stands, with the finer figures of the child that works at present; null when nobody answers. */
export async function progressOf(client: Client, handle: WorkflowHandle): Promise<Progress | null> {
  const progress = await ask(handle);
  if (progress === null || progress.child === undefined || progress.child === '') return progress;
  const child = await ask(client.workflow.getHandle(progress.child));
  return child === null ? progress : { ...child, stage: progress.stage };
}

async function ask(handle: WorkflowHandle): Promise<Progress | null> {
  try {
    return await handle.client.withDeadline(Date.now() + QUERY_LIMIT_MS, () =>
      handle.query<Progress>(progressQuery),
    );
  } catch {
    // A worker that is being restarted cannot answer: the next look will tell.
    return null;
  }
}
