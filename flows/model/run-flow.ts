import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { RunFacts } from '../../contracts/flow-results.ts';
import { evaluate, MissingValue } from './binding.ts';
import { defaultOutput, planOf } from './block-plan.ts';
import { BlockRun } from './block-run.ts';
import { Cancellation } from './cancellation.ts';
import { channelValues } from './channels.ts';
import { durationMs } from './duration.ts';
import type { Engine, RunEnding } from './engine.ts';
import { executeStep } from './execute-step.ts';
import { Budget, Run } from './run.ts';
import { type StepFailure, type StepNode, type StepState, statesOf } from './step-record.ts';
import { whyNoStart } from './start-step.ts';
import { withStored } from './stored-lists.ts';

/** All that a run needs to go on in another process, as JSON. */
export interface Snapshot {
  readonly startedAtMs: number;
  readonly root: StepNode;
}

/** How a run ended. */
export interface RunResult {
  /** `stopped` when it was told to leave steps out, `paused` when it goes on from its snapshot. */
  readonly state: 'done' | 'failed' | 'cancelled' | 'stopped' | 'paused';
  readonly output?: Json;
  readonly failure?: StepFailure;
  /** Name of the limit that ended the run. */
  readonly limit?: NonNullable<RunEnding['limit']>;
  /** Why a task or someone outside ended the run. */
  readonly reason?: string;
  /** Steps that were left out, of a run that stopped. */
  readonly leftOut?: readonly string[];
  readonly channels: Readonly<Record<string, Json>>;
  readonly states: Readonly<Record<string, StepState>>;
  readonly snapshot: Snapshot;
}

/** What a run is told. */
export interface RunOptions {
  /** Checked, in any spelling. */
  readonly definition: FlowDefinition;
  /** Fits the input schema, with its defaults filled in. */
  readonly input: Json;
  readonly engine: Engine;
  readonly runId: string;
  /** Of a run that paused, or that failed and is resumed. */
  readonly snapshot?: Snapshot;
  /** Only this step and those after it run. */
  readonly start?: string;
  /** Executions after which nothing more starts. */
  readonly stopAfter?: number;
  /** Ends the run when it is cancelled; an engine that has scopes runs it in that of this one. */
  readonly cancellation?: Cancellation;
}

/** A run under way. */
export interface RunHandle {
  readonly result: Promise<RunResult>;
  /** Ends the run from outside: steps that run whatever happens still run. */
  cancel(reason: string): void;
  states(): Record<string, StepState>;
}

/** Starts a flow, or goes on with it from a snapshot. */
export function startRun(options: RunOptions): RunHandle {
  const { definition, engine, snapshot } = options;
  const startedAtMs = snapshot?.startedAtMs ?? engine.nowMs();
  const root = snapshot?.root ?? { state: 'running' };
  const facts = factsOf(options, startedAtMs);
  const run = new Run({ ...options, facts });
  const result = toResult(run, { startedAtMs, root }, options);
  return {
    result,
    cancel: (reason) => run.end({ kind: 'outside', reason }),
    states: () => statesOf(root),
  };

  function factsOf({ runId }: RunOptions, startedMs: number): RunFacts {
    const { name, version } = definition;
    return { id: runId, flow: name, version, startedAt: new Date(startedMs).toISOString() };
  }
}

async function toResult(run: Run, snapshot: Snapshot, options: RunOptions): Promise<RunResult> {
  const { definition } = run;
  const excluded = excludedSteps(definition, options.start);
  const block = new BlockRun({
    run,
    steps: definition.steps,
    node: snapshot.root,
    address: '',
    pointer: '/steps',
    frame: { lookUp: (name) => rootValue(run, name), writes: {} },
    cancellation: run.cancellation,
    budget: new Budget(run),
    execute: executeStep,
    excluded,
  });
  const timer = startTimer(run, snapshot.startedAtMs);
  const isPaused = await block.toEnd();
  timer.cancel();
  const common = {
    channels: channelValues(block.writesBefore(), run.channels),
    states: statesOf(snapshot.root),
    snapshot,
  };
  if (run.ending === undefined && isPaused) {
    if (options.stopAfter === undefined) return { state: 'paused', ...common };
    return { state: 'stopped', leftOut: unsettled(block), ...common };
  }
  const end = await withStored(run.engine, () => endOf(run, block, [...excluded]));
  return { ...end, ...common };
}

function endOf(
  run: Run,
  block: BlockRun,
  excluded: readonly string[],
): Omit<RunResult, 'channels' | 'states' | 'snapshot'> {
  const { ending } = run;
  if (ending?.kind === 'limit') {
    const failure = { type: 'LimitReached', message: ending.reason, step: '' };
    return { state: 'failed', failure, ...(ending.limit && { limit: ending.limit }) };
  }
  if (ending?.kind === 'outside') return { state: 'cancelled', reason: ending.reason };
  if (ending?.kind === 'cancel') {
    const failure = { type: 'Cancelled', message: ending.reason, step: '' };
    return { state: 'failed', failure, reason: ending.reason };
  }
  const [failed] = block.unhandled();
  if (failed !== undefined) {
    return { state: 'failed', failure: block.entries.get(failed)!.record!.failure! };
  }
  const stop = ending === undefined ? {} : { reason: ending.reason };
  const leftOut = excluded.filter((id) => block.entries.get(id)!.record!.state === 'skipped');
  const state = leftOut.length === 0 ? 'done' : 'stopped';
  const end = { state, ...stop, ...(leftOut.length === 0 ? {} : { leftOut }) } as const;
  try {
    const output = evaluate(outputOf(run.definition), block.scopeOf());
    return output === undefined ? end : { ...end, output };
  } catch (error) {
    if (!(error instanceof MissingValue)) throw error;
    // A run that ended early has the output as far as it came: none.
    if (ending !== undefined || state === 'stopped') return end;
    return {
      state: 'failed',
      failure: { type: 'MissingValue', message: error.message, step: '' },
    };
  }
}

function outputOf({ output, steps }: FlowDefinition) {
  return output ?? defaultOutput(steps) ?? null;
}

function rootValue({ input, facts }: Run, name: string): unknown {
  if (name === 'input') return input;
  return name === 'run' ? facts : undefined;
}

function startTimer(run: Run, startedAtMs: number): Cancellation {
  const timer = new Cancellation();
  const { timeout } = run.definition.limits ?? {};
  if (timeout === undefined) return timer;
  const { engine } = run;
  const leftMs = Math.max(0, startedAtMs + durationMs(timeout) - engine.nowMs());
  engine.sleep(leftMs, timer).then(
    () => {
      const reason = `Cannot go on: the limit "timeout" of ${timeout} is reached`;
      if (!timer.isCancelled) run.end({ kind: 'limit', limit: 'timeout', reason });
    },
    () => {},
  );
  return timer;
}

function unsettled({ plan, entries }: BlockRun): string[] {
  return plan.ids.filter((id) => entries.get(id)!.record === undefined);
}

/** @throws {RangeError} when the flow has no such step. */
function excludedSteps({ steps }: FlowDefinition, start: string | undefined): Set<string> {
  if (start === undefined) return new Set();
  const why = whyNoStart(steps, start);
  if (why !== undefined) throw new RangeError(why);
  const plan = planOf(steps);
  return new Set(plan.ids.filter((id) => id !== start && !plan.isBefore(start, id)));
}
