import { createHash } from 'node:crypto';
import {
  ApplicationFailure,
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { FlowRequest, FlowRunResult } from '../contracts/flow-run.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { canonicalJson } from '../maths/canonical-json.ts';
import { Stopped, WrongUsage } from './exit-codes.ts';

/**
 * Starts a run of a flow; one that is under way, or done, is joined and not doubled. A failed one may
 * start anew.
 *
 * @returns whether it was joined.
 * @throws {WrongUsage} when the id belongs to a run of another flow or input, whose result would be no answer.
 */
export async function startFlow(
  client: Client,
  request: FlowRequest,
  workflowId: string,
  flowName: string,
): Promise<boolean> {
  const { tenant } = request;
  const requestSha256 = createHash('sha256').update(canonicalJson(request)).digest('hex');
  try {
    await client.workflow.start('FlowWorkflow', {
      workflowId,
      taskQueue: taskQueues.automation,
      args: [request],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      typedSearchAttributes: [
        { key: searchAttributes.flowName, value: flowName },
        ...(tenant === undefined ? [] : [{ key: searchAttributes.tenant, value: tenant }]),
      ],
      ...(tenant === undefined ? {} : { priority: { fairnessKey: tenant } }),
      memo: { requestSha256 },
      staticSummary: `flow ${flowName}`,
    });
    return false;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { memo } = await client.workflow.getHandle(workflowId).describe();
    const other = memo?.['requestSha256'] ?? requestSha256;
    if (other === requestSha256) return true;
    throw new WrongUsage(
      `Cannot start run "${workflowId}" as there is one of that id with another definition, input or option: name yours with --id`,
    );
  }
}

/** Waits for the result of a run. @throws with the step that failed, and what to type next. */
export async function flowResultOf(handle: WorkflowHandle): Promise<FlowRunResult> {
  try {
    return (await handle.result()) as FlowRunResult;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
      throw new Stopped(`Run "${handle.workflowId}" was stopped: ${cause.message}`);
    }
    const details = failureDetails(error);
    const place = details?.step ? ` in step "${details.step}"` : '';
    const advice =
      details?.document === undefined
        ? 'Nothing of it was done: run it again when the cause is mended'
        : `Mend the cause, then "skyloom flow resume ${handle.workflowId}" goes on from there`;
    throw new Error(
      `Run "${handle.workflowId}" failed${place}: ${cause?.message ?? error.message}. ${advice}`,
    );
  }
}

function failureDetails(error: WorkflowFailedError) {
  const { cause } = error;
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return details as { step?: string | null; document?: unknown } | undefined;
}
