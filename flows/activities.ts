import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type ArtifactRef, artifactRefSchema, mediaTypes } from '../contracts/artifacts.ts';
import { referencesIn } from '../contracts/artifact-references.ts';
import type { FlowDefinition, Json } from '../contracts/flow-definition.ts';
import type { TaskAnswer } from '../contracts/flow-results.ts';
import type { AdmittedFlow, FlowRequest, FlowRunDocument } from '../contracts/flow-run.ts';
import { InvalidInput, PermanentFailure } from '../contracts/failures.ts';
import { ownLanes } from '../platform/configuration.ts';
import { publishToRunFolder } from '../platform/run-folder.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { checkFlow } from './check/check-flow.ts';
import { formatProblem } from './check/problem.ts';
import { runPage } from './draw/run-page.ts';
import { PermanentTaskFailure } from './build/permanent-task-failure.ts';
import type { Task } from './build/task.ts';
import { digestOf } from './io/digest.ts';
import { createLargeMapFiles, type LargeMapFiles } from './io/large-map-files.ts';
import { createPageFiles, type PageFiles } from './io/page-files.ts';
import { type DurableTaskRequest, performRemembered } from './io/perform-remembered.ts';
import { imagesIn, inlinePictures } from './io/run-pictures.ts';
import { fetchLists, keepLists, listsOwner, storedIn, storeLists } from './io/stored-lists.ts';
import type { TaskRegistry } from './io/task-registry.ts';
import { misfits, withDefaults } from './model/json-schema.ts';
import { before, resumable } from './model/resume.ts';
import type { RunResult, Snapshot } from './model/run-flow.ts';
import { whyNoStart } from './model/start-step.ts';

/** How often an activity says that its process lives; its task may say more. */
const HEARTBEAT_MS = 5_000;

/** What is written down of a run that has ended. */
interface EndedFlow {
  runKey: string;
  sessionId: string;
  definition: FlowDefinition;
  digest: string;
  result: RunResult;
}

export function createFlowActivities(services: WorkerServices, registry: TaskRegistry) {
  const { store, settings } = services;

  /**
   * Checks a flow and its input before anything runs.
   *
   * @throws {InvalidInput} that lists every problem of the definition, or what does not fit the input.
   */
  async function admitFlow({
    request,
    runKey,
  }: {
    request: FlowRequest;
    runKey: string;
  }): Promise<AdmittedFlow & { resumed?: unknown }> {
    const definition = findDefinition(request, registry);
    const given = await fetchLists(store, request.input ?? {});
    const input = withDefaults(given, definition.input ?? {});
    const [misfit] = misfits(input, definition.input ?? {});
    if (misfit !== undefined) {
      throw new InvalidInput(
        `Cannot start flow "${definition.name}" as ${misfit.needed} is needed in its input at "${misfit.pointer || '/'}"`,
      );
    }
    const whyNot = whyNoStart(definition.steps, request.start);
    if (whyNot !== undefined) throw new InvalidInput(whyNot);
    const tasks = Object.fromEntries(
      registry.tasksOf(definition).map(({ facts }) => {
        const { queue, timeout, retry, cache, priority } = facts;
        const given = { queue, timeout, retry, cache, priority };
        return [
          facts.name,
          Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        ];
      }),
    );
    const { snapshot, sessionId = runKey } =
      request.resume === undefined
        ? {}
        : await readResumed(request.resume, runKey, definition, request.start);
    return {
      definition,
      digest: digestOf(definition),
      input: await storeLists(store, runKey, input),
      tasks,
      lanes: ownLanes(settings),
      sessionId: request.sessionId ?? sessionId,
      ...(snapshot === undefined ? {} : { resumed: snapshot }),
    };
  }

  /** What the run that failed had done, with the files that this needs now owned by this run, too. */
  async function readResumed(
    document: ArtifactRef,
    runKey: string,
    definition: FlowDefinition,
    start: string | undefined,
  ): Promise<{ snapshot: Snapshot; sessionId?: string | undefined }> {
    const parsed = artifactRefSchema.parse(document);
    const read: FlowRunDocument = JSON.parse((await store.readBytes(parsed)).toString('utf8'));
    const all = resumable(read.snapshot as unknown as Snapshot);
    const kept = start === undefined ? all : before(all, definition, start);
    for (const ref of storedIn(kept)) await store.adopted(listsOwner(runKey), ref);
    for (const ref of referencesIn(kept)) {
      if (await store.adopted(runKey, ref)) continue;
      throw new InvalidInput(
        `Cannot resume as file ${ref.sha256} of the run that failed is no longer stored: run the flow again`,
      );
    }
    return { snapshot: kept, sessionId: read.sessionId };
  }

  /** Writes down how a run ended. Safe to repeat: the same run gives the same document. */
  async function recordFlow(run: EndedFlow): Promise<ArtifactRef> {
    return (await writeDocument(run)).ref;
  }

  /** As `recordFlow`; says also whether the run left files that its document does not lead to. */
  async function closeFlow(run: EndedFlow): Promise<{ document: ArtifactRef; hasRest: boolean }> {
    const { ref, document } = await writeDocument(run);
    const kept = new Set([ref, ...referencesIn(document)].map(({ sha256 }) => sha256));
    const owned = await store.owners.listOf(run.runKey);
    return { document: ref, hasRest: owned.some((sha256) => !kept.has(sha256)) };
  }

  async function writeDocument(
    run: EndedFlow,
  ): Promise<{ ref: ArtifactRef; document: FlowRunDocument }> {
    const { runKey, sessionId, definition, digest, result } = run;
    const isOver = result.state === 'done';
    const lists = storedIn(isOver ? result.output : result.snapshot);
    const output = await fetchLists(store, result.output ?? null);
    const images = imagesIn(output);
    const pictures = await inlinePictures(store, images);
    const page = runPage({ definition, digest, result, output, images, pictures });
    const report = await store.addBytes(runKey, mediaTypes.html, Buffer.from(page));
    const document: FlowRunDocument = {
      schemaVersion: 1,
      flow: definition.name,
      version: definition.version,
      digest,
      sessionId,
      state: result.state,
      output,
      report,
      lists,
      failure: result.failure ?? null,
      states: result.states,
      channels: result.channels,
      // What a run that is done had on its way is given back.
      snapshot: isOver ? null : (result.snapshot as unknown as Json),
    };
    const ref = await store.addJson(runKey, document);
    await keepLists(store, runKey, lists);
    await publishToRunFolder(store, runKey, { 'result.json': ref, 'report.html': report });
    return { ref, document };
  }

  const tasks = Object.fromEntries(
    [...registry.tasks.values()].map((task) => [
      task.facts.name,
      (request: DurableTaskRequest) => performActivity(services, task, request),
    ]),
  );
  return {
    admitFlow,
    recordFlow,
    closeFlow,
    ...createLargeMapFiles(store, heartbeat),
    // For parts of runs that began when these were asked for over the server.
    ...createPageFiles(store),
    ...(tasks as Record<never, never>),
  };
}

/** What the workers that decide for a flow do on their own: each call takes milliseconds. */
export function createPageActivities({ store }: WorkerServices): PageActivities {
  const { planMap, joinMap } = createLargeMapFiles(store, () => {});
  return { planMap, joinMap, ...createPageFiles(store) };
}

export type PageActivities = PageFiles & Pick<LargeMapFiles, 'planMap' | 'joinMap'>;

export type FlowActivities = Pick<
  ReturnType<typeof createFlowActivities>,
  'admitFlow' | 'recordFlow' | 'closeFlow' | keyof LargeMapFiles
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

async function performActivity(
  { store }: WorkerServices,
  task: Task,
  request: DurableTaskRequest,
): Promise<TaskAnswer> {
  const { attempt, heartbeatDetails, workflowExecution } = activityInfo();
  let details: unknown = heartbeatDetails;
  const beat = setInterval(() => heartbeat(details), HEARTBEAT_MS);
  try {
    return await performRemembered(store, task, request, {
      attempt,
      // Parts of a large map are workflows of their own, but not runs.
      runId: request.runId ?? workflowExecution?.workflowId ?? '',
      sessionId: request.sessionId ?? request.runKey,
      signal: cancellationSignal(),
      resumeFrom: heartbeatDetails,
      heartbeat: (done, total, note) => heartbeat((details = { done, total, note })),
      log: (message, data) => log.info(message, data),
    });
  } catch (error) {
    throw permanentIfNeeded(error);
  } finally {
    clearInterval(beat);
  }
}

function permanentIfNeeded(error: unknown): unknown {
  if (error instanceof PermanentFailure) return error;
  if (error instanceof PermanentTaskFailure) {
    return ApplicationFailure.nonRetryable(error.message, error.type);
  }
  return error;
}
