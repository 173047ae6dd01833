import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { AutomationResult, ImageType } from '../../contracts/automation.ts';
import type { FlowRunResult } from '../../contracts/flow-run.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Settings } from '../../platform/configuration.ts';
import { imageTypeOf } from '../automation-run.ts';
import { exitCodes, type ExitCode, Stopped } from '../exit-codes.ts';
import { findRun, runsOfClients } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { flowResultWords, followFlowOnDisplay } from '../follow-flow.ts';
import { followOnDisplay } from '../follow-run.ts';
import { leaveQuietly } from '../leave-quietly.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { isNegative, resultWords } from '../result-words.ts';
import type { Terminal } from '../terminal.ts';

/** Runs that are followed side by side. */
const MAX_FOLLOWED = 50;

interface WatchedRun {
  workflowId: string;
  runId: string;
  /** Null of a flow. */
  imageType: ImageType | null;
}

interface WatchedEnd {
  workflowId: string;
  result: AutomationResult | FlowRunResult | null;
  error: string | null;
  /** Whether somebody ended it. */
  isStopped: boolean;
}

/** Follows one run, or all that are open now, until they have ended. */
export async function watch(
  id: string | undefined,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const runs = id === undefined ? await openRuns(client) : [await oneRun(client, id)];
    leaveQuietly('The runs go on without being watched');
    const display = new ProgressDisplay(terminal);
    const ends = await Promise.all(
      runs.map((run) => follow(client, run, display, settings, terminal)),
    );
    const words = ends.map(({ workflowId, result, error, isStopped }) => {
      if (result !== null)
        return 'verdict' in result ? resultWords(result) : flowResultWords(result);
      return isStopped ? `${error}` : `Run ${workflowId} FAILED: ${error}`;
    });
    terminal.answer({ runs: ends }, words.length === 0 ? 'No run is open' : words.join('\n'));
    if (ends.some(({ result, isStopped }) => result === null && !isStopped)) {
      return exitCodes.failed;
    }
    if (ends.some(({ isStopped, result }) => isStopped || isStoppedFlow(result))) {
      return exitCodes.stopped;
    }
    const hasNegative = ends.some(
      ({ result }) => result !== null && 'verdict' in result && isNegative(result.verdict),
    );
    return hasNegative ? exitCodes.verdictNegative : exitCodes.done;
  });
}

async function oneRun(client: Client, id: string): Promise<WatchedRun> {
  const { described } = await findRun(client, id);
  return watchedRun(described);
}

async function openRuns(client: Client): Promise<WatchedRun[]> {
  const runs: WatchedRun[] = [];
  for await (const found of client.workflow.list({
    query: `${runsOfClients} AND ExecutionStatus = 'Running'`,
  })) {
    runs.push(watchedRun(found));
    if (runs.length >= MAX_FOLLOWED) break;
  }
  return runs;
}

function watchedRun({
  workflowId,
  runId,
  type,
  typedSearchAttributes,
}: Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'typedSearchAttributes'
>): WatchedRun {
  const imageType = imageTypeOf(typedSearchAttributes.get(searchAttributes.imageType)) ?? 'Navad';
  return { workflowId, runId, imageType: type === 'FlowWorkflow' ? null : imageType };
}

function isStoppedFlow(result: WatchedEnd['result']): boolean {
  return result !== null && 'state' in result && result.state === 'stopped';
}

async function follow(
  client: Client,
  run: WatchedRun,
  display: ProgressDisplay,
  settings: Settings,
  terminal: Terminal,
): Promise<WatchedEnd> {
  const { workflowId, imageType } = run;
  const tell = (words: string) => terminal.remark(words);
  try {
    const result =
      imageType === null
        ? await followFlowOnDisplay(client, run, display, settings, tell)
        : await followOnDisplay(client, { ...run, imageType }, display, tell);
    return { workflowId, result, error: null, isStopped: false };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { workflowId, result: null, error: words, isStopped: error instanceof Stopped };
  }
}
