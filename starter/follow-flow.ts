import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { FlowRequest, FlowRunResult } from '../contracts/flow-run.ts';
import { holdsStoredMark } from '../contracts/stored-list.ts';
import { laneQueue } from '../contracts/task-queues.ts';
import { openArtifactStore } from '../platform/open-store.ts';
import { runPlace } from '../platform/run-folder.ts';
import { isNotFound } from '../platform/atomic-file.ts';
import { ownLanes, type Settings } from '../platform/configuration.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { findServer, withClient } from './find-server.ts';
import { flowResultOf, startFlow } from './flow-server-runs.ts';
import { followToEnd } from './follow-run.ts';
import { Hindrances } from './hindrances.ts';
import { leaveQuietly } from './leave-quietly.ts';
import { ProgressDisplay } from './progress-display.ts';
import { isQueueServed, listQueuePollers } from './queue-pollers.ts';
import { resultsLine } from './result-words.ts';
import type { Terminal } from './terminal.ts';

/** Starts or joins a run on the server, and follows it to its end where that is wanted. */
export async function runOnServer(
  request: FlowRequest,
  { workflowId, flowName, wait }: { workflowId: string; flowName: string; wait: boolean },
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const isJoined = await startFlow(client, request, workflowId, flowName);
    if (isJoined) terminal.remark(`Joined run ${workflowId}, which was there already`);
    for (const { kind, taskQueue, identities } of await listQueuePollers(client, [
      'automation',
      'imaging',
    ])) {
      if (identities.length > 0) continue;
      terminal.warn(`No worker serves ${taskQueue}: start one by "skyloom worker ${kind}"`);
    }
    for (const lane of ownLanes(settings)) {
      if (await isQueueServed(client, laneQueue(lane))) continue;
      terminal.warn(
        `No worker serves ${laneQueue(lane)}: tasks of lane "${lane}" wait for "skyloom worker imaging --lane ${lane}"`,
      );
    }
    if (!wait) {
      terminal.answer({ workflowId, isJoined }, workflowId);
      return exitCodes.done;
    }
    leaveQuietly(`Run ${workflowId} goes on without being watched`);
    const display = new ProgressDisplay(terminal);
    const result = await followFlowOnDisplay(client, { workflowId }, display, settings, (words) =>
      terminal.warn(words),
    );
    const folder = runPlace(settings, result.runKey);
    terminal.answer(
      { workflowId, isJoined, folder, result },
      `${flowResultWords(result)}\n${await resultsLine(folder)}`,
    );
    return result.state === 'done' ? exitCodes.done : exitCodes.stopped;
  });
}

/** Waits for a run of a flow, showing the progress; `tell` is told what holds it up. */
export async function followFlowOnDisplay(
  client: Client,
  { workflowId, runId }: { workflowId: string; runId?: string },
  display: ProgressDisplay,
  settings: Settings,
  tell: (words: string) => void,
): Promise<FlowRunResult> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const hindrances = new Hindrances(client, { workflowId, runId, imageType: null }, tell);
  const ended = await followToEnd(client, handle, flowResultOf(handle), {
    onProgress: (progress) => {
      if (display.show(workflowId, progress)) hindrances.noteNews();
    },
    onLook: () => hindrances.lookWhenSilent(),
  });
  return withWholeOutput(ended, settings);
}

const documentSchema = z.object({ output: z.unknown() });

/** A result with its long lists read from its document, where the artifact store is within reach. */
export async function withWholeOutput(
  result: FlowRunResult,
  settings: Settings,
): Promise<FlowRunResult> {
  if (!holdsStoredMark(result.output)) return result;
  try {
    const store = openArtifactStore(settings);
    const { output } = await store.readJson(result.document, documentSchema);
    return { ...result, output: output as FlowRunResult['output'] };
  } catch (error) {
    // The store is that of the workers: from elsewhere the lists are seen as references.
    if (isNotFound(error)) return result;
    throw error;
  }
}

export function flowResultWords(result: FlowRunResult): string {
  const { flow, version, state, output, leftOut, reason, failures = [] } = result;
  return [
    `${flow} ${version}: ${state}${reason === null ? '' : ` (${reason})`}`,
    JSON.stringify(output, null, 2),
    ...failureWords(failures),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(', ')}`]),
  ].join('\n');
}

/** What failed though the run went on, a line each. */
export function failureWords(failures: NonNullable<FlowRunResult['failures']>): string[] {
  return failures.map(({ step, message }) => `Failed, as the flow allows: ${step}: ${message}`);
}
