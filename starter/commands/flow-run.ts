import { randomUUID } from 'node:crypto';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { FlowRequest } from '../../contracts/flow-run.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { runArtifacts } from '../../flows/io/run-artifacts.ts';
import { FlowRefused, runLocally } from '../../flows/local/run-locally.ts';
import { whyNoStart } from '../../flows/model/start-step.ts';
import { toleratedFailures } from '../../flows/model/tolerated-failures.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import type { Settings } from '../../platform/configuration.ts';
import { closeDownloads } from '../../platform/download.ts';
import { ensureHome } from '../../platform/home-folder.ts';
import { exitCodes, type ExitCode, WrongUsage } from '../exit-codes.ts';
import { readSoundFlow } from '../flow-file.ts';
import { fittingInput, readFlowInput } from '../flow-input.ts';
import { documentOfUnfinished } from '../ended-flow-run.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { failureWords, runOnServer } from '../follow-flow.ts';
import { fetchNeededWeights } from '../needed-weights.ts';
import type { Terminal } from '../terminal.ts';

/** The server takes 1,000 characters, with those of the children. */
const MAX_ID_LENGTH = 200;

export interface FlowRunOptions {
  input: string;
  id?: string | undefined;
  tenant?: string | undefined;
  local?: boolean | undefined;
  start?: string | undefined;
  maxSteps?: number | undefined;
  fromRun?: string | undefined;
  wait: boolean;
}

/** Runs a flow: durably, or in this process. */
export async function flowRun(
  name: string,
  options: FlowRunOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const input = await readFlowInput(options.input);
  const isKnown = /^[a-z][\w-]*@\d+$/i.test(name);
  const registry = await createTaskRegistry(settings);
  if (options.local === true) {
    if (options.fromRun !== undefined) {
      throw new WrongUsage(
        'Cannot go on from a run in this process: leave --local or --from-run out',
      );
    }
    const definition = isKnown ? registry.flows.get(name) : await readSoundFlow(name, registry);
    if (definition !== undefined) await fetchNeededWeights(definition, settings, terminal);
    if (definition === undefined) throw new WrongUsage(`Cannot find flow "${name}": see --tasks`);
    return runHere(definition, input, registry, options, settings, terminal);
  }
  const definition = isKnown ? undefined : await readSoundFlow(name, registry);
  if (definition !== undefined) await fetchNeededWeights(definition, settings, terminal);
  const flowName = definition?.name ?? name.split('@')[0]!;
  if (definition !== undefined) checkBefore(definition, input, options.start);
  if (options.id !== undefined) checkId(options.id);
  const request: FlowRequest = {
    ...(definition === undefined ? { flow: name } : { definition }),
    input,
    ...(options.tenant === undefined ? {} : { tenant: options.tenant }),
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.maxSteps === undefined ? {} : { stopAfter: options.maxSteps }),
    ...(options.fromRun === undefined
      ? {}
      : { resume: await documentOf(options.fromRun, settings) }),
  };
  const workflowId = `flow/${flowName}/${options.id ?? Date.now().toString(36)}`;
  const run = { workflowId, flowName, wait: options.wait };
  return runOnServer(request, run, settings, terminal);
}

/** What a worker would refuse too, but only once the run is there. */
function checkBefore(definition: FlowDefinition, input: Json, start: string | undefined): void {
  fittingInput(definition, input);
  const whyNot = whyNoStart(definition.steps, start);
  if (whyNot !== undefined) throw new WrongUsage(whyNot);
}

function checkId(id: string): void {
  if (id.length > 0 && id.length <= MAX_ID_LENGTH && !/[\p{Cc}\s]/u.test(id)) return;
  throw new WrongUsage(
    `Cannot use --id ${JSON.stringify(id.slice(0, 40))}: 1 to ${MAX_ID_LENGTH} characters without spaces are needed`,
  );
}

async function documentOf(id: string, settings: Settings): Promise<ArtifactRef> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) =>
    documentOfUnfinished((await findRun(client, id)).handle),
  );
}

async function runHere(
  definition: FlowDefinition,
  input: Json,
  registry: Awaited<ReturnType<typeof createTaskRegistry>>,
  { start: first, maxSteps }: FlowRunOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  await ensureHome(settings.SKYLOOM_HOME);
  const store = openArtifactStore(settings);
  const owner = `local-${randomUUID()}`;
  try {
    const result = await runLocally(definition, input, [...registry.tasks.values()], {
      runId: owner,
      signal: stopping.signal,
      flows: Object.fromEntries(registry.flows),
      artifacts: runArtifacts(store, owner),
      log: (message) => terminal.remark(message),
      ...(first === undefined ? {} : { start: first }),
      ...(maxSteps === undefined ? {} : { maxSteps }),
    });
    const { state, output = null, failure, states, leftOut, snapshot } = result;
    if (state === 'failed') {
      throw new Error(`Run failed in step "${failure?.step ?? ''}": ${failure?.message ?? ''}`);
    }
    const failures = toleratedFailures(snapshot.root);
    const left = leftOut === undefined ? [] : [`Left out: ${leftOut.join(', ')}`];
    terminal.answer(
      { state, output, states, leftOut, failures },
      [
        `${definition.name}: ${state}`,
        JSON.stringify(output, null, 2),
        ...failureWords(failures),
        ...left,
      ].join('\n'),
    );
    return state === 'done' ? exitCodes.done : exitCodes.stopped;
  } catch (error) {
    const isRefusal = error instanceof FlowRefused || error instanceof RangeError;
    throw isRefusal ? new WrongUsage(error.message) : error;
  } finally {
    await closeDownloads();
  }
}
