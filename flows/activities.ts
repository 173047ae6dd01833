import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { type ArtifactRef, artifactRefSchema } from '../contracts/artifacts.ts';
import { referencesIn } from '../contracts/artifact-references.ts';
import type { FlowDefinition, Json } from '../contracts/flow-definition.ts';
import type { TaskAnswer } from '../contracts/flow-results.ts';
import type { AdmittedFlow, FlowRequest, FlowRunDocument } from '../contracts/flow-run.ts';
import { InvalidInput, PermanentFailure } from '../contracts/failures.ts';
import { ResultMemo } from '../platform/result-memo.ts';
import { publishToRunFolder } from '../platform/run-folder.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { performTask, PermanentTaskFailure, type TaskRequest } from './build/perform-task.ts';
import type { Task } from './build/task.ts';
import { checkFlow } from './check/check-flow.ts';
import { formatProblem } from './check/problem.ts';
import { digestOf, textDigest } from './io/digest.ts';
import { runArtifacts } from './io/run-artifacts.ts';
import type { TaskRegistry } from './io/task-registry.ts';
import { misfits, withDefaults } from './model/json-schema.ts';
import { resumable } from './model/resume.ts';
import type { RunResult, Snapshot } from './model/run-flow.ts';
import { canonicalJson } from '../maths/canonical-json.ts';

/** How often an activity says that its process lives; its task may say more. */
const HEARTBEAT_MS = 5_000;

/** What the workflow sends with a task. */
interface DurableTaskRequest extends TaskRequest {
  runKey: string;
  isCached: boolean;
}

const rememberedSchema = z.object({ value: z.unknown() });

export function createFlowActivities(services: WorkerServices, registry: TaskRegistry) {
  const { store, settings } = services;

  /**
   * Checks a flow and its input before anything runs.
   *
   * @throws {InvalidInput} that lists every problem of the definition, or what does not fit the input.
   */
  async function admitFlow({
    request,
  }: {
    request: FlowRequest;
  }): Promise<AdmittedFlow & { resumed?: unknown }> {
    const definition = findDefinition(request, registry);
    const input = withDefaults(request.input ?? {}, definition.input ?? {});
    const [misfit] = misfits(input, definition.input ?? {});
    if (misfit !== undefined) {
      throw new InvalidInput(
        `Cannot start flow "${definition.name}" as ${misfit.needed} is needed in its input at "${misfit.pointer || '/'}"`,
      );
    }
    if (request.start !== undefined && !Object.hasOwn(definition.steps, request.start)) {
      throw new InvalidInput(
        `Cannot start at "${request.start}" as the flow has no such step: found ${Object.keys(definition.steps).join(', ')}`,
      );
    }
    const tasks = Object.fromEntries(
      [...registry.tasks.values()].map(({ facts }) => {
        const { queue, timeout, retry, cache, priority } = facts;
        const given = { queue, timeout, retry, cache, priority };
        return [
          facts.name,
          Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        ];
      }),
    );
    const resumed =
      request.resume === undefined ? {} : { resumed: await readSnapshot(request.resume) };
    return { definition, digest: digestOf(definition), input, tasks, ...resumed };
  }

  async function readSnapshot(document: ArtifactRef): Promise<Snapshot> {
    const parsed = artifactRefSchema.parse(document);
    const { snapshot } = JSON.parse((await store.readBytes(parsed)).toString('utf8'));
    return resumable(snapshot as Snapshot);
  }

  /** Writes down how a run ended. Safe to repeat: the same run gives the same document. */
  async function recordFlow(run: {
    runKey: string;
    definition: FlowDefinition;
    digest: string;
    result: RunResult;
  }): Promise<ArtifactRef> {
    const { runKey, definition, digest, result } = run;
    const isOver = result.state === 'done';
    const document: FlowRunDocument = {
      schemaVersion: 1,
      flow: definition.name,
      version: definition.version,
      digest,
      state: result.state,
      output: result.output ?? null,
      failure: result.failure ?? null,
      states: result.states,
      channels: result.channels,
      // What a run that is done had on its way is given back.
      snapshot: isOver ? null : (result.snapshot as unknown as Json),
    };
    const ref = await store.addJson(runKey, document);
    await publishToRunFolder(settings.SKYLOOM_HOME, runKey, store, { 'result.json': ref });
    return ref;
  }

  const tasks = Object.fromEntries(
    [...registry.tasks.values()].map((task) => [
      task.facts.name,
      (request: DurableTaskRequest) => runTask(services, task, request),
    ]),
  );
  return { admitFlow, recordFlow, ...(tasks as Record<never, never>) };
}

export type FlowActivities = Pick<
  ReturnType<typeof createFlowActivities>,
  'admitFlow' | 'recordFlow'
>;

function findDefinition({ flow, definition }: FlowRequest, registry: TaskRegistry): FlowDefinition {
  if (definition === undefined && flow === undefined) {
    throw new InvalidInput('Cannot start as the request has neither flow nor definition');
  }
  const found = definition ?? registry.flows.get(flow!);
  if (found === undefined) {
    const known = [...registry.flows.keys()].join(', ') || 'none';
    throw new InvalidInput(`Cannot start flow "${flow}" as no worker knows it: known are ${known}`);
  }
  const { definition: sound, problems } = checkFlow(found, registry.catalogue());
  if (sound !== undefined) return sound;
  const errors = problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  throw new InvalidInput(`Cannot run the flow:\n${errors.join('\n')}`);
}

/**
 * Runs one task once. A cached task that was run before with the same input, in this run or another,
 * gives what it gave then, as long as the files that its value names are still there.
 */
async function runTask(
  { store, settings }: WorkerServices,
  task: Task,
  { runKey, isCached, ...request }: DurableTaskRequest,
): Promise<TaskAnswer> {
  const memo = new ResultMemo(settings.SKYLOOM_HOME, rememberedSchema);
  const key = {
    step: `flow-task:${task.facts.name}`,
    contentSha256: textDigest(canonicalJson(request.input)),
    parameters: {},
  };
  if (isCached) {
    const known = await memo.recall(key);
    const refs = known === null ? [] : referencesIn(known.value);
    if (
      known !== null &&
      (await Promise.all(refs.map((ref) => store.adopted(runKey, ref)))).every(Boolean)
    ) {
      return { value: known.value as Json, isReused: true };
    }
  }
  const answer = await perform();
  const isPlain = answer.control === undefined && answer.writes === undefined;
  if (isCached && isPlain && answer.spawned === undefined) {
    await memo.remember(key, { value: answer.value });
  }
  return answer;

  async function perform(): Promise<TaskAnswer> {
    const { attempt, heartbeatDetails, workflowExecution } = activityInfo();
    let details: unknown = heartbeatDetails;
    const beat = setInterval(() => heartbeat(details), HEARTBEAT_MS);
    try {
      return await performTask(task, request, {
        attempt,
        runId: workflowExecution?.workflowId ?? '',
        signal: cancellationSignal(),
        resumeFrom: heartbeatDetails,
        heartbeat: (done, total, note) => heartbeat((details = { done, total, note })),
        log: (message, data) => log.info(message, data),
        ...runArtifacts(store, runKey),
      });
    } catch (error) {
      throw permanentIfNeeded(error);
    } finally {
      clearInterval(beat);
    }
  }
}

function permanentIfNeeded(error: unknown): unknown {
  if (error instanceof PermanentFailure) return error;
  if (error instanceof PermanentTaskFailure) {
    return ApplicationFailure.nonRetryable(error.message, error.type);
  }
  return error;
}
