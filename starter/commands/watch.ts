import type { Client } from '@temporalio/client';
import type { AutomationResult, ImageType } from '../../contracts/automation.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Settings } from '../../platform/configuration.ts';
import { imageTypeOf } from '../automation-run.ts';
import { exitCodes, type ExitCode, Stopped } from '../exit-codes.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
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
  imageType: ImageType;
}

interface WatchedEnd {
  workflowId: string;
  result: AutomationResult | null;
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
    const ends = await Promise.all(runs.map((run) => follow(client, run, display, terminal)));
    const words = ends.map(({ workflowId, result, error, isStopped }) => {
      if (result !== null) return resultWords(result);
      return isStopped ? `${error}` : `Run ${workflowId} FAILED: ${error}`;
    });
    terminal.answer({ runs: ends }, words.length === 0 ? 'No run is open' : words.join('\n'));
    if (ends.some(({ result, isStopped }) => result === null && !isStopped)) {
      return exitCodes.failed;
    }
    if (ends.some(({ isStopped }) => isStopped)) return exitCodes.stopped;
    const hasNegative = ends.some(({ result }) => result !== null && isNegative(result.verdict));
    return hasNegative ? exitCodes.verdictNegative : exitCodes.done;
  });
}

async function oneRun(client: Client, id: string): Promise<WatchedRun> {
  const { described } = await findRun(client, id);
  const { workflowId, runId, typedSearchAttributes } = described;
  const imageType = imageTypeOf(typedSearchAttributes.get(searchAttributes.imageType));
  return { workflowId, runId, imageType: imageType ?? 'Navad' };
}

async function openRuns(client: Client): Promise<WatchedRun[]> {
  const runs: WatchedRun[] = [];
  const query = "WorkflowType = 'AutomationWorkflow' AND ExecutionStatus = 'Running'";
  for await (const { workflowId, runId, typedSearchAttributes } of client.workflow.list({
    query,
  })) {
    const imageType = imageTypeOf(typedSearchAttributes.get(searchAttributes.imageType));
    runs.push({ workflowId, runId, imageType: imageType ?? 'Navad' });
    if (runs.length >= MAX_FOLLOWED) break;
  }
  return runs;
}

async function follow(
  client: Client,
  run: WatchedRun,
  display: ProgressDisplay,
  terminal: Terminal,
): Promise<WatchedEnd> {
  const { workflowId } = run;
  try {
    const result = await followOnDisplay(client, run, display, (words) => terminal.remark(words));
    return { workflowId, result, error: null, isStopped: false };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { workflowId, result: null, error: words, isStopped: error instanceof Stopped };
  }
}
