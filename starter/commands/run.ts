import { resolve } from 'node:path';
import type { Settings } from '../../platform/configuration.ts';
import { runFolderPath } from '../../platform/run-folder.ts';
import { automationId, followAutomation, startAutomation } from '../automation-run.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { findServer, withClient } from '../find-server.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { isNegative, parseImageType, resultWords } from '../result-words.ts';
import type { Terminal } from '../terminal.ts';

export interface RunOptions {
  id?: string | undefined;
  jobId?: string | undefined;
  tenant?: string | undefined;
  force?: boolean | undefined;
  wait: boolean;
}

/** Starts one run on the server in use; a run of the same id is joined, or its result returned. */
export async function run(
  type: string,
  source: string,
  { id, wait, ...fields }: RunOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const imageType = parseImageType(type);
  const imagePath = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? source : resolve(source);
  const request = { imageType, imagePath, ...fields };
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const started = await startAutomation(client, request, id ?? automationId(request));
    if (started.isJoined)
      terminal.remark(`Joined run ${started.workflowId}, which was there already`);
    if (!wait) {
      terminal.answer(started, started.workflowId);
      return exitCodes.done;
    }
    const display = new ProgressDisplay(terminal);
    const result = await followAutomation(client, started, (progress) =>
      display.show(started.workflowId, progress),
    );
    const folder = runFolderPath(settings.SKYLOOM_HOME, result.runKey);
    terminal.answer({ ...started, folder, result }, `${resultWords(result)}\n  Results  ${folder}`);
    return isNegative(result.verdict) ? exitCodes.verdictNegative : exitCodes.done;
  });
}
