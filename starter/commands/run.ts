import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { AutomationRequest } from '../../contracts/automation.ts';
import { InvalidInput } from '../../contracts/failures.ts';
import { parseRequest, withCamelCaseKeys } from '../../contracts/parse-request.ts';
import type { Settings } from '../../platform/configuration.ts';
import { runPlace } from '../../platform/run-folder.ts';
import { automationId, startAutomation } from '../automation-run.ts';
import { exitCodes, type ExitCode, WrongUsage } from '../exit-codes.ts';
import { findServer, withClient } from '../find-server.ts';
import { followOnDisplay } from '../follow-run.ts';
import { leaveQuietly } from '../leave-quietly.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { isNegative, resultsLine, resultWords } from '../result-words.ts';
import { wholeSource } from '../source-path.ts';
import type { Terminal } from '../terminal.ts';
import { unservedWords } from '../unserved-queues.ts';

export interface RunOptions extends Partial<Omit<AutomationRequest, 'imagePath' | 'imageType'>> {
  request?: string | undefined;
  id?: string | undefined;
  wait?: boolean | undefined;
  json?: boolean | undefined;
}

/** Fields of a request that name a file, which workers find only under its whole path. */
const pathFields = ['imagePath', 'reference', 'dem', 'control', 'checkPoints'] as const;

/** Starts one run on the server in use; a run of the same id is joined, or its result returned. */
export async function run(
  type: string | undefined,
  source: string | undefined,
  { request: requestPath, id, wait = true, json: _json, ...flags }: RunOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const request = readRequest({
    ...(requestPath === undefined ? {} : await readRequestFile(requestPath)),
    ...(type === undefined ? {} : { imageType: type }),
    ...(source === undefined ? {} : { imagePath: source }),
    ...flags,
  });
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const started = await startAutomation(client, request, id ?? automationId(request));
    const { workflowId } = started;
    if (started.isJoined) terminal.remark(`Joined run ${workflowId}, which was there already`);
    if (!wait) {
      const warning = await unservedWords(client, request.imageType);
      if (warning !== '') terminal.warn(warning);
      terminal.answer(started, workflowId);
      return exitCodes.done;
    }
    leaveQuietly(`Run ${workflowId} goes on: "skyloom watch ${workflowId}" follows it`);
    const result = await followOnDisplay(
      client,
      { ...started, ...request },
      new ProgressDisplay(terminal),
      (words) => terminal.warn(words),
    );
    const folder = runPlace(settings, result.runKey);
    terminal.answer(
      { ...started, folder, result },
      `${resultWords(result)}\n${await resultsLine(folder)}`,
    );
    return isNegative(result.verdict) ? exitCodes.verdictNegative : exitCodes.done;
  });
}

async function readRequestFile(path: string): Promise<object> {
  const content = path === '-' ? await text(process.stdin) : await readContent(path);
  const name = path === '-' ? 'standard input' : `"${path}"`;
  let request: unknown;
  try {
    request = JSON.parse(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WrongUsage(`Cannot read the request in ${name} as it is not JSON: ${reason}`);
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new WrongUsage(
      `Cannot read the request in ${name} as it must be an object with imagePath and imageType`,
    );
  }
  // Flags win over the file, in whichever spelling the file has its keys.
  return withCamelCaseKeys(request);
}

async function readContent(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WrongUsage(`Cannot read the request in "${path}": ${reason}`);
  }
}

/** Refuses here what the first step of the run would refuse, in the same words. */
function readRequest(fields: object): AutomationRequest {
  try {
    const request = parseRequest(fields);
    for (const field of pathFields) {
      const path = request[field];
      if (path !== undefined) request[field] = wholeSource(path);
    }
    return request;
  } catch (error) {
    if (error instanceof InvalidInput) throw new WrongUsage(error.message);
    throw error;
  }
}
