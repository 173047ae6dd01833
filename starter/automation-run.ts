import { basename } from 'node:path';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import {
  type AutomationRequest,
  type AutomationResult,
  automationResultSchema,
  type ImageType,
} from '../contracts/automation.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { rootCause } from '../durable/root-cause.ts';
import { Stopped, WrongUsage } from './exit-codes.ts';

export interface StartedRun {
  workflowId: string;
  runId: string;
  /** Whether a run of that id was there already, so that none was started. */
  isJoined: boolean;
}

/** The workflow id of a job: asking for the same job twice means the same run. */
export function automationId({
  imageType,
  imagePath,
  jobId,
}: Pick<AutomationRequest, 'imageType' | 'imagePath' | 'jobId'>): string {
  const name = jobId ?? (basename(imagePath).replace(/\.[A-Za-z0-9]{1,5}$/, '') || 'job');
  return `${imageType.toLowerCase()}/${name}`;
}

/**
 * Starts a run; one that is under way, or done, is joined and not doubled. A failed one may start anew.
 *
 * @throws {WrongUsage} when the id belongs to a run of other images, whose result would be no answer.
 */
export async function startAutomation(
  client: Client,
  request: AutomationRequest,
  workflowId: string,
): Promise<StartedRun> {
  const { imageType, imagePath, jobId, tenant } = request;
  try {
    const handle = await client.workflow.start('AutomationWorkflow', {
      workflowId,
      taskQueue: taskQueues.automation,
      args: [definedFields(request)],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      typedSearchAttributes: [
        { key: searchAttributes.imageType, value: imageType },
        ...(jobId === undefined ? [] : [{ key: searchAttributes.jobId, value: jobId }]),
        ...(tenant === undefined ? [] : [{ key: searchAttributes.tenant, value: tenant }]),
      ],
      ...(tenant === undefined ? {} : { priority: { fairnessKey: tenant } }),
      memo: { imagePath, request: definedFields(request), startedBy: 'skyloom' },
      staticSummary: `${imageType} run of ${imagePath}`,
      staticDetails: `Source: ${imagePath}`,
    });
    return { workflowId, runId: handle.firstExecutionRunId, isJoined: false };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return join(client, request, workflowId);
  }
}

async function join(
  client: Client,
  request: AutomationRequest,
  workflowId: string,
): Promise<StartedRun> {
  const { runId, memo, typedSearchAttributes } = await client.workflow
    .getHandle(workflowId)
    .describe();
  const { imageType, imagePath } = request;
  const otherPath = memo?.['imagePath'] ?? imagePath;
  const otherType = typedSearchAttributes.get(searchAttributes.imageType) ?? imageType;
  if (otherPath !== imagePath || otherType !== imageType) {
    throw new WrongUsage(
      `Cannot start run "${workflowId}" as there is one of that id for ${JSON.stringify(otherPath)} (${otherType}): name yours with --job-id or --id`,
    );
  }
  const other = memo?.['request'] as Record<string, unknown> | undefined;
  const differing = other === undefined ? [] : differencesOf(other, definedFields(request));
  if (differing.length > 0) {
    throw new WrongUsage(
      `Cannot start run "${workflowId}" as there is one of that id with another ${differing.join(', ')}: name yours with --job-id or --id`,
    );
  }
  return { workflowId, runId, isJoined: true };
}

function differencesOf(one: object, other: object): string[] {
  const [first, second] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const fields = [...new Set([...first.keys(), ...second.keys()])];
  return fields.filter(
    (field) => JSON.stringify(first.get(field)) !== JSON.stringify(second.get(field)),
  );
}

/** @throws {Error} with the sentence in which the run failed; {Stopped} when it was cancelled. */
export async function resultOf(handle: WorkflowHandle): Promise<AutomationResult> {
  try {
    const parsed = automationResultSchema.safeParse(await handle.result());
    if (parsed.success) return parsed.data;
    throw new WrongUsage(
      `Cannot show the result of "${handle.workflowId}" as it is no run of a flight or a scene`,
    );
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = rootCause(error.cause ?? error);
    if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
      throw new Stopped(`Run "${handle.workflowId}" was stopped: ${cause.message}`);
    }
    throw cause instanceof Error ? new Error(cause.message) : error;
  }
}

/** What a search attribute of a found run says of its type. */
export function imageTypeOf(text: string | undefined): ImageType | undefined {
  return text === 'Navad' || text === 'Satellite' ? text : undefined;
}

function definedFields(request: AutomationRequest): Partial<AutomationRequest> {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
