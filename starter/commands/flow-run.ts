import { randomUUID } from 'node:crypto';
import {
  ApplicationFailure,
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { type ArtifactRef, artifactRefSchema } from '../../contracts/artifacts.ts';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { FlowRequest, FlowRunResult } from '../../contracts/flow-run.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { runArtifacts } from '../../flows/io/run-artifacts.ts';
import { FlowRefused, runLocally } from '../../flows/local/run-locally.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import type { Settings } from '../../platform/configuration.ts';
import { ensureHome } from '../../platform/home-folder.ts';
import { closeDownloads } from '../../platform/download.ts';
import { exitCodes, type ExitCode, Stopped, WrongUsage } from '../exit-codes.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { readJson, readSoundFlow } from '../flow-file.ts';
import { followToEnd } from '../follow-run.ts';
import { fetchNeededWeights } from '../needed-weights.ts';
import { leaveQuietly } from '../leave-quietly.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { listQueuePollers } from '../queue-pollers.ts';
import type { Terminal } from '../terminal.ts';

export interface FlowRunOptions {
  input: string;
  id?: string | undefined;
  tenant?: string | undefined;
  local?: boolean | undefined;
  start?: string | undefined;
  maxSteps?: number | undefined;
  wait: boolean;
}

/** Runs a flow: durably, or in this process. */
export async function flowRun(
  name: string,
  options: FlowRunOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const input = await readInput(options.input);
  const isKnown = /^[a-z][\w-]*@\d+$/i.test(name);
  const registry = await createTaskRegistry(settings);
  if (options.local === true) {
    const definition = isKnown ? registry.flows.get(name) : await readSoundFlow(name, registry);
    if (definition !== undefined) await fetchNeededWeights(definition, settings, terminal);
    if (definition === undefined) throw new WrongUsage(`Cannot find flow "${name}": see --tasks`);
    return runHere(definition, input, registry, options, settings, terminal);
  }
  const definition = isKnown ? undefined : await readSoundFlow(name, registry);
  if (definition !== undefined) await fetchNeededWeights(definition, settings, terminal);
  const flowName = definition?.name ?? name.split('@')[0]!;
  const request: FlowRequest = {
    ...(definition === undefined ? { flow: name } : { definition }),
    input,
    ...(options.tenant === undefined ? {} : { tenant: options.tenant }),
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.maxSteps === undefined ? {} : { stopAfter: options.maxSteps }),
  };
  const workflowId = `flow/${flowName}/${options.id ?? Date.now().toString(36)}`;
  return runOnServer(request, workflowId, flowName, options, settings, terminal);
}

/** Starts a run anew with what the failed one had done. */
export async function flowResume(
  id: string,
  { wait }: { wait: boolean },
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access } = await findServer(settings);
  const { request, flowName } = await withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    if (described.type !== 'FlowWorkflow' || described.status.name !== 'FAILED') {
      throw new WrongUsage(
        `Cannot resume "${id}" as a flow that failed is needed: found ${described.type}, ${described.status.name}`,
      );
    }
    const { events } = await handle.fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    const payload = started?.input?.payloads?.[0]?.data;
    if (payload === undefined || payload === null) throw new Error(`Run "${id}" has no request`);
    const first: FlowRequest = JSON.parse(Buffer.from(payload).toString('utf8'));
    const resume = await documentOf(handle);
    const { flowName: name } = searchAttributes;
    return {
      request: { ...first, resume },
      flowName: described.typedSearchAttributes.get(name) ?? 'flow',
    };
  });
  const workflowId = `${id}-resumed-${Date.now().toString(36)}`;
  return runOnServer(request, workflowId, flowName, { wait }, settings, terminal);
}

async function documentOf(handle: WorkflowHandle): Promise<ArtifactRef> {
  const error: unknown = await handle.result().catch((caught: unknown) => caught);
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const parsed = artifactRefSchema.safeParse(
    (details as { document?: unknown } | undefined)?.document,
  );
  if (parsed.success) return parsed.data;
  throw new WrongUsage(
    `Cannot resume "${handle.workflowId}" as it failed before its first step: run it again`,
  );
}

async function runOnServer(
  request: FlowRequest,
  workflowId: string,
  flowName: string,
  { wait, tenant }: { wait: boolean; tenant?: string | undefined },
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const isJoined = await start(client, request, workflowId, flowName, tenant);
    if (isJoined) terminal.remark(`Joined run ${workflowId}, which was there already`);
    const unserved = (await listQueuePollers(client, ['automation', 'imaging'])).filter(
      ({ identities }) => identities.length === 0,
    );
    for (const { kind, taskQueue } of unserved) {
      terminal.warn(`No worker serves ${taskQueue}: start one by "skyloom worker ${kind}"`);
    }
    if (!wait) {
      terminal.answer({ workflowId, isJoined }, workflowId);
      return exitCodes.done;
    }
    leaveQuietly(`Run ${workflowId} goes on without being watched`);
    const handle = client.workflow.getHandle(workflowId);
    const display = new ProgressDisplay(terminal);
    const result = await followToEnd(client, handle, resultOf(handle), {
      onProgress: (progress) => display.show(workflowId, progress),
    });
    terminal.answer({ workflowId, isJoined, result }, resultWords(result));
    return result.state === 'done' ? exitCodes.done : exitCodes.stopped;
  });
}

async function start(
  client: Client,
  request: FlowRequest,
  workflowId: string,
  flowName: string,
  tenant: string | undefined,
): Promise<boolean> {
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
      staticSummary: `flow ${flowName}`,
    });
    return false;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return true;
    throw error;
  }
}

async function resultOf(handle: WorkflowHandle): Promise<FlowRunResult> {
  try {
    return (await handle.result()) as FlowRunResult;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
      throw new Stopped(`Run "${handle.workflowId}" was stopped: ${cause.message}`);
    }
    const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
    const step = (details as { step?: string | null } | undefined)?.step;
    const place = step ? ` in step "${step}"` : '';
    throw new Error(
      `Run "${handle.workflowId}" failed${place}: ${cause?.message ?? error.message}. Mend the cause, then "skyloom flow resume ${handle.workflowId}" goes on from there`,
    );
  }
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
  const store = new ArtifactStore(settings.SKYLOOM_HOME);
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
    const { state, output = null, failure, states, leftOut } = result;
    if (state === 'failed') {
      throw new Error(`Run failed in step "${failure?.step ?? ''}": ${failure?.message ?? ''}`);
    }
    const left = leftOut === undefined ? [] : [`Left out: ${leftOut.join(', ')}`];
    terminal.answer(
      { state, output, states, leftOut },
      [`${definition.name}: ${state}`, JSON.stringify(output, null, 2), ...left].join('\n'),
    );
    return state === 'done' ? exitCodes.done : exitCodes.stopped;
  } catch (error) {
    const isRefusal = error instanceof FlowRefused || error instanceof RangeError;
    throw isRefusal ? new WrongUsage(error.message) : error;
  } finally {
    await closeDownloads();
  }
}

async function readInput(text: string): Promise<Json> {
  if (text.startsWith('@')) return (await readJson(text.slice(1))) as Json;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new WrongUsage('Cannot read --input as it is not JSON: give an object, or @file');
  }
}

function resultWords({ flow, version, state, output, leftOut, reason }: FlowRunResult): string {
  return [
    `${flow} ${version}: ${state}${reason === null ? '' : ` (${reason})`}`,
    JSON.stringify(output, null, 2),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(', ')}`]),
  ].join('\n');
}
