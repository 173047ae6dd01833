import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  isCancellation,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setDefaultSignalHandler,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { Json } from '../contracts/flow-definition.ts';
import {
  type AdmittedFlow,
  answerUpdate,
  type FlowAnswer,
  flowQueries,
  type FlowRequest,
  type FlowRunResult,
  type WaitingStep,
} from '../contracts/flow-run.ts';
import { InvalidInput } from '../contracts/failures.ts';
import { searchAttributes, type Stage } from '../contracts/search-attributes.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { compose, lookup } from '../durable/activity-contracts.ts';
import { expectReadable } from '../durable/foreign-input.ts';
import { giveStorageBack, startCleanup } from '../durable/give-storage-back.ts';
import type { Progress } from '../contracts/progress.ts';
import { keepProgress } from '../durable/progress.ts';
import { asWorkflowFailure, reasonOf } from '../durable/root-cause.ts';
import { runKeyOf } from '../durable/run-key.ts';
import type { FlowActivities, PageActivities } from './activities.ts';
import { Approvals } from './interpreter/approvals.ts';
import { type BatchRequest, DurableEngine } from './interpreter/durable-engine.ts';
import { inScope } from './interpreter/scopes.ts';
import { searchValues } from './interpreter/search-values.ts';
import { SignalBox } from './interpreter/signal-box.ts';
import { Cancellation } from './model/cancellation.ts';
import type { PartEnd } from './model/map-parts.ts';
import { startBatch } from './model/run-batch.ts';
import { toleratedFailures } from './model/tolerated-failures.ts';
import { type RunHandle, type RunResult, type Snapshot, startRun } from './model/run-flow.ts';

const { admitFlow, recordFlow, closeFlow } = proxyActivities<FlowActivities>({
  ...compose,
  taskQueue: taskQueues.imaging,
});
// Small files of the run itself: read where the workflow runs, without a way through the server.
const pageFiles = proxyLocalActivities<PageActivities>(lookup);
/** As runs did that began before. */
const remotePageFiles = proxyActivities<Pick<PageActivities, 'readPage' | 'writeAnswers'>>({
  ...lookup,
  taskQueue: taskQueues.imaging,
});

/** A definition with its input; a payload may have two million bytes. */
const MAX_CHARACTERS = 1_500_000;
/** Below the server's own limit, where a run would be ended. */
const MAX_EVENTS = 8_000;

/** Where a run goes on after it continued as new. */
interface FlowChapter {
  admitted: AdmittedFlow;
  snapshot: Snapshot;
  signals: Record<string, Json[]>;
  /** Key of the first run of the chain: it owns what all of them wrote. */
  runKey: string;
}

/**
 * Runs a flow: the one interpreter of every definition. The definition decides what is done; how it is
 * done safely is decided here.
 */
export async function FlowWorkflow(
  request: FlowRequest,
  chapter?: FlowChapter,
): Promise<FlowRunResult> {
  const { workflowId, runId } = workflowInfo();
  const runKey = chapter?.runKey ?? runKeyOf(workflowId, runId);
  const record = new FlowRecord(new SignalBox(chapter?.signals));
  try {
    expectReadable(request, MAX_CHARACTERS);
    if (typeof request !== 'object' || request === null || Array.isArray(request)) {
      throw new InvalidInput(
        'Cannot start as the request must be an object with flow or definition',
      );
    }
    const { admitted, snapshot } = chapter ?? (await begin(request, runKey));
    if (chapter === undefined) record.admit(admitted, request);
    const result = await record.run(request, runKey, admitted, snapshot);
    if (result.state === 'paused') {
      await condition(allHandlersFinished);
      return await continueAsNew<typeof FlowWorkflow>(request, {
        admitted,
        snapshot: result.snapshot,
        signals: record.signals.toJson(),
        runKey,
      });
    }
    return await CancellationScope.nonCancellable(() => finish(result, admitted, runKey, record));
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === FLOW_FAILED) throw error;
    record.enter(isCancellation(error) ? 'cancelled' : 'failed', reasonOf(error));
    if (isCancellation(error)) throw error;
    throw asWorkflowFailure(error);
  }
}

async function begin(
  request: FlowRequest,
  runKey: string,
): Promise<{ admitted: AdmittedFlow; snapshot?: Snapshot }> {
  const { resumed, ...admitted } = await admitFlow.executeWithOptions(
    { summary: 'check the flow' },
    [{ request, runKey }],
  );
  if (resumed === undefined) return { admitted };
  // The time of the run that failed is over; that of its steps counts anew.
  return { admitted, snapshot: { ...(resumed as Snapshot), startedAtMs: Date.now() } };
}

/** One part of a large map. */
export async function FlowBatchWorkflow(batch: BatchRequest): Promise<PartEnd> {
  const { head, tasks, lanes, runKey, facts, count, page, known } = batch;
  const { sessionId = runKey } = batch as Partial<BatchRequest>;
  const progress = keepProgress({ stage: 'flow', done: 0, total: count, words: `${count} items` });
  let ended = 0;
  const engine = new DurableEngine({
    definition: head,
    tasks,
    lanes,
    runKey,
    sessionId,
    facts: () => facts,
    isAdvisedToPause,
    onTaskEnd: () => progress.report({ done: ++ended, words: `${ended} tasks ended` }),
  });
  const outside = CancellationScope.current();
  // A part that is cancelled says what it had done until then.
  return CancellationScope.nonCancellable(async () => {
    const { readPage, writeAnswers } = patched('page-files-here') ? pageFiles : remotePageFiles;
    const items = await readPage({ page, ...(known === undefined ? {} : { known }) });
    const cancellation = new Cancellation();
    const result = await inScope(cancellation, () => {
      const running = startBatch(batch, items.page, items.known, engine, cancellation);
      outside.cancelRequested.catch(() => running.cancel());
      return running.result;
    });
    await engine.allStopped();
    if (result.state === 'paused') {
      return continueAsNew<typeof FlowBatchWorkflow>({ ...batch, root: result.root });
    }
    const { answers, failed, writes, ending } = result;
    const written = await writeAnswers({ runKey, answers });
    return { answers: written, failed, writes, ...(ending === undefined ? {} : { ending }) };
  });
}

function isAdvisedToPause(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > MAX_EVENTS;
}

/** Type of the failure that a run ends with when a step failed and nothing handled it. */
const FLOW_FAILED = 'FlowFailed';

type EndedFlow = Parameters<FlowActivities['closeFlow']>[0];

async function close(ended: EndedFlow): Promise<ArtifactRef> {
  const { document, hasRest } = await closeFlow.executeWithOptions(
    { summary: 'write the result' },
    [ended],
  );
  if (hasRest) await startCleanup(ended.runKey, [document]);
  return document;
}

/** As runs did that began before. */
async function recordAndWait(ended: EndedFlow): Promise<ArtifactRef> {
  const document = await recordFlow.executeWithOptions({ summary: 'write the result' }, [ended]);
  await giveStorageBack(ended.runKey, [document]);
  return document;
}

async function finish(
  result: RunResult,
  admitted: AdmittedFlow,
  runKey: string,
  record: FlowRecord,
): Promise<FlowRunResult> {
  const { definition, digest, sessionId = runKey } = admitted;
  const { state, output = null, failure, reason } = result;
  const ended = { runKey, sessionId, definition, digest, result };
  const document = patched('clean-up-by-itself') ? await close(ended) : await recordAndWait(ended);
  record.document = document;
  if (state === 'cancelled') {
    record.enter('cancelled', reason ?? 'Cancelled');
    throw new CancelledFailure(reason ?? 'Cancelled');
  }
  if (state === 'failed') {
    const message = failure?.message ?? reason ?? 'unknown reason';
    record.enter('failed', message);
    throw ApplicationFailure.create({
      message,
      type: FLOW_FAILED,
      nonRetryable: true,
      details: [{ step: failure?.step ?? null, type: failure?.type ?? null, document, runKey }],
    });
  }
  record.enter('done', state === 'done' ? 'Done' : `Stopped: ${result.leftOut?.join(', ')}`);
  return {
    state: state === 'stopped' ? 'stopped' : 'done',
    flow: definition.name,
    version: definition.version,
    digest,
    output,
    reason: reason ?? null,
    leftOut: [...(result.leftOut ?? [])],
    failures: toleratedFailures(result.snapshot.root),
    document,
    runKey,
  };
}

/** What people see of a run, and how they reach it. */
class FlowRecord {
  readonly signals: SignalBox;
  /** What the run left, once it has ended: a cancelled one can name it nowhere else. */
  document: ArtifactRef | null = null;
  private readonly progress = keepProgress(
    { stage: 'flow', done: 0, total: 0, words: 'Checking the flow' },
    () => this.counts(),
  );
  private readonly approvals = new Approvals((waiting) => this.noteWaiting(waiting));
  private handle: RunHandle | undefined;
  private ended = 0;
  private total = 0;
  private lastWaiting = '';

  constructor(signals: SignalBox) {
    this.signals = signals;
    const { states, waiting, document } = flowQueries;
    setHandler(defineQuery<ArtifactRef | null>(document), () => this.document);
    setHandler(defineQuery<Record<string, string>>(states), () => this.handle?.states() ?? {});
    setHandler(defineQuery<WaitingStep[]>(waiting), () => this.approvals.waiting());
    setHandler(
      defineUpdate<void, [FlowAnswer]>(answerUpdate),
      (answer) => this.approvals.answer(answer),
      { validator: (answer) => this.approvals.validate(answer) },
    );
    setDefaultSignalHandler((name, ...payloads) =>
      this.signals.put(name, (payloads[0] ?? null) as Json),
    );
  }

  async run(
    request: FlowRequest,
    runKey: string,
    { definition, input, tasks, lanes = [], sessionId = runKey }: AdmittedFlow,
    snapshot: Snapshot | undefined,
  ): Promise<RunResult> {
    const { workflowId } = workflowInfo();
    this.total = Object.keys(definition.steps).length;
    this.progress.report({ total: this.total, words: '0 tasks ended' });
    const startedAt = new Date(snapshot?.startedAtMs ?? Date.now()).toISOString();
    const { name, version } = definition;
    const outside = CancellationScope.current();
    const engine = new DurableEngine({
      definition,
      tasks,
      lanes,
      runKey,
      sessionId,
      facts: () => ({ id: workflowId, flow: name, version, startedAt }),
      approvals: this.approvals,
      signals: this.signals,
      isAdvisedToPause,
      onTaskEnd: () => this.noteTaskEnd(),
    });
    const options = {
      definition,
      input,
      cancellation: new Cancellation(),
      runId: workflowId,
      engine,
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(request.start === undefined ? {} : { start: request.start }),
      ...(request.stopAfter === undefined ? {} : { stopAfter: request.stopAfter }),
    };
    // Every step decides for itself what cancellation means to it: some run whatever happens.
    const { cancellation } = options;
    return CancellationScope.nonCancellable(async () => {
      const result = await inScope(cancellation, () => {
        const run = startRun(options);
        this.handle = run;
        outside.cancelRequested.catch(() => run.cancel('Cancelled'));
        return run.result;
      });
      await engine.allStopped();
      return result;
    });
  }

  admit({ definition, digest, input }: AdmittedFlow, { tenant }: FlowRequest): void {
    const { workflowId, startTime } = workflowInfo();
    const { name: flow, version } = definition;
    const facts = { id: workflowId, flow, version, startedAt: startTime.toISOString() };
    upsertSearchAttributes([
      ...searchValues(definition, input, facts),
      { key: searchAttributes.flowName, value: definition.name },
      { key: searchAttributes.flowDigest, value: digest },
      ...(tenant === undefined ? [] : [{ key: searchAttributes.tenant, value: tenant }]),
    ]);
  }

  enter(stage: Stage, words: string): void {
    this.progress.report({ stage, words });
    upsertSearchAttributes([{ key: searchAttributes.stage, value: stage }]);
  }

  private noteTaskEnd(): void {
    this.progress.report({ words: `${++this.ended} tasks ended` });
  }

  private counts(): Partial<Progress> {
    if (this.handle === undefined) return {};
    const states = Object.values(this.handle.states());
    const done = states.filter((state) => state === 'done' || state === 'reused').length;
    return { done, total: Math.max(states.length, this.total) };
  }

  private noteWaiting(waiting: readonly string[]): void {
    const value = waiting.join(' ').slice(0, 200);
    if (value === this.lastWaiting) return;
    this.lastWaiting = value;
    const { workflowId } = workflowInfo();
    this.progress.report({
      words:
        value === ''
          ? `${this.ended} tasks ended`
          : `Waits for an answer: skyloom approve ${workflowId} ${waiting.join(' or ')}`,
    });
    upsertSearchAttributes([
      value === ''
        ? { key: searchAttributes.waitingFor, value: null }
        : { key: searchAttributes.waitingFor, value },
    ]);
  }
}
