import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import {
  type AutomationResult,
  automationResultSchema,
  type ImageType,
} from '../contracts/automation.ts';
import { type Progress, progressQuery } from '../contracts/progress.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { rootCause } from '../durable/root-cause.ts';
import { Stopped } from './exit-codes.ts';

/** What a person asks for on the command line. */
export interface RunRequest {
  imageType: ImageType;
  imagePath: string;
  jobId?: string | undefined;
  tenant?: string | undefined;
  force?: boolean | undefined;
}

export interface StartedRun {
  workflowId: string;
  runId: string;
  /** Whether a run of that id was there already, so that none was started. */
  isJoined: boolean;
}

const POLL_MS = 400;

/** The workflow id of a job: asking for the same job twice means the same run. */
export function automationId({ imageType, imagePath, jobId }: RunRequest): string {
  const name = jobId ?? (basename(imagePath).replace(/\.[A-Za-z0-9]{1,5}$/, '') || 'job');
  return `${imageType.toLowerCase()}/${name}`;
}

/** Starts a run; one that is under way, or done, is joined and not doubled. A failed one may start anew. */
export async function startAutomation(
  client: Client,
  request: RunRequest,
  workflowId: string,
): Promise<StartedRun> {
  const words = `${request.imageType} run of ${request.imagePath}`;
  try {
    const handle = await client.workflow.start('AutomationWorkflow', {
      workflowId,
      taskQueue: taskQueues.automation,
      args: [definedFields(request)],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      typedSearchAttributes: [{ key: searchAttributes.imageType, value: request.imageType }],
      memo: { imagePath: request.imagePath, startedBy: 'skyloom' },
      staticSummary: words,
      staticDetails: `Source: ${request.imagePath}`,
    });
    return { workflowId, runId: handle.firstExecutionRunId, isJoined: false };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    return { workflowId, runId, isJoined: true };
  }
}

/** Waits for a run, telling how it goes on. */
export async function followAutomation(
  client: Client,
  { workflowId, runId }: StartedRun,
  onProgress: (progress: Progress) => void,
): Promise<AutomationResult> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const ending = { isOver: false };
  const outcome = resultOf(handle).finally(() => {
    ending.isOver = true;
  });
  outcome.catch(() => undefined);
  while (!ending.isOver) {
    const progress = await progressOf(client, handle);
    if (progress !== null && !ending.isOver) onProgress(progress);
    await Promise.race([delay(POLL_MS), outcome.catch(() => undefined)]);
  }
  const result = await outcome;
  onProgress({ stage: 'done', done: 1, total: 1, words: result.verdict });
  return result;
}

/** @throws {Error} with the sentence in which the run failed; {Stopped} when it was cancelled. */
export async function resultOf(handle: WorkflowHandle): Promise<AutomationResult> {
  try {
    return automationResultSchema.parse(await handle.result());
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = rootCause(error.cause ?? error);
    if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
      throw new Stopped(`Run "${handle.workflowId}" was stopped: ${cause.message}`);
    }
    throw cause instanceof Error ? new Error(cause.message) : error;
  }
}

/** How a run stands, with the finer figures of the child that works at present; null when nobody answers. */
export async function progressOf(client: Client, handle: WorkflowHandle): Promise<Progress | null> {
  try {
    const progress = await handle.query<Progress>(progressQuery);
    if (progress.child === undefined || progress.child === '') return progress;
    const child = await client.workflow
      .getHandle(progress.child)
      .query<Progress>(progressQuery)
      .catch(() => null);
    return child === null ? progress : { ...child, stage: progress.stage };
  } catch {
    // A worker that is being restarted cannot answer: the next look will tell.
    return null;
  }
}

function definedFields(request: RunRequest): Partial<RunRequest> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
