import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Settings } from '../../platform/configuration.ts';
import { runFolderPath } from '../../platform/run-folder.ts';
import { progressOf, resultOf } from '../automation-run.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { findServer, withClient } from '../find-server.ts';
import { isNegative, resultWords } from '../result-words.ts';
import type { Terminal } from '../terminal.ts';

/** Runs that one call lists at most. */
const MAX_LISTED = 1000;

/** How a run stands at this moment. */
export async function status(id: string, settings: Settings, terminal: Terminal): Promise<void> {
  const { access } = await findServer(settings);
  await withClient(access, async (client) => {
    const handle = client.workflow.getHandle(id);
    const described = await handle.describe();
    const progress = described.status.name === 'RUNNING' ? await progressOf(client, handle) : null;
    const stage = described.typedSearchAttributes.get(searchAttributes.stage) ?? null;
    const document = {
      workflowId: id,
      runId: described.runId,
      status: described.status.name,
      stage,
      startTime: described.startTime,
      closeTime: described.closeTime ?? null,
      progress,
    };
    const now = progress === null ? '' : `: ${progress.words}`;
    terminal.answer(document, `${id}  ${described.status.name}  ${stage ?? ''}${now}`);
  });
}

/** Waits for the result of a run and prints it. */
export async function result(
  id: string,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const found = await resultOf(client.workflow.getHandle(id));
    const folder = runFolderPath(settings.SKYLOOM_HOME, found.runKey);
    terminal.answer({ folder, result: found }, `${resultWords(found)}\n  Results  ${folder}`);
    return isNegative(found.verdict) ? exitCodes.verdictNegative : exitCodes.done;
  });
}

/** Lists runs, newest first, by a visibility query. */
export async function list(
  query: string | undefined,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const { access } = await findServer(settings);
  await withClient(access, async (client) => {
    const runs = [];
    const parents = "WorkflowType = 'AutomationWorkflow'";
    for await (const each of client.workflow.list({
      query: query === undefined ? parents : `${parents} AND (${query})`,
      pageSize: 100,
    })) {
      const attributes = each.typedSearchAttributes;
      runs.push({
        workflowId: each.workflowId,
        runId: each.runId,
        status: each.status.name,
        stage: attributes.get(searchAttributes.stage) ?? null,
        verdict: attributes.get(searchAttributes.verdict) ?? null,
        images: attributes.get(searchAttributes.imageCount) ?? null,
        failed: attributes.get(searchAttributes.imagesFailed) ?? null,
        startTime: each.startTime.toISOString(),
      });
      if (runs.length >= MAX_LISTED) break;
    }
    const lines = runs.map((run) =>
      [
        run.startTime,
        run.status,
        run.stage ?? '-',
        run.verdict ?? '-',
        `${run.failed ?? '-'}/${run.images ?? '-'}`,
        run.workflowId,
      ].join('  '),
    );
    const head = 'STARTED  STATUS  STAGE  VERDICT  FAILED/IMAGES  ID';
    terminal.answer({ runs }, runs.length === 0 ? 'No run matches' : [head, ...lines].join('\n'));
  });
}
