import type { Channel, FlowDefinition, Json, Step } from '../../contracts/flow-definition.ts';
import type { RunFacts } from '../../contracts/flow-results.ts';
import { Cancellation } from './cancellation.ts';
import type { ChannelParts } from './channels.ts';
import type { Engine, RunEnding } from './engine.ts';
import { DEFAULT_MAX_STEPS } from './format-defaults.ts';
import type { StepFailure, StepNode, StepRecord } from './step-record.ts';

/** A step that ended badly, on its way to the record of it. */
export class StepFailed extends Error {
  readonly failure: StepFailure;
  /** Writes of what inside had ended well. */
  readonly writes: ChannelParts | undefined;

  constructor(failure: StepFailure, writes?: ChannelParts) {
    super(failure.message);
    this.failure = failure;
    this.writes = writes;
  }
}

/** The run, or the group around it, ended a step before it was through. */
export class StepCancelled extends Error {}

/** The step stopped in the middle because the run pauses: it goes on where it was. */
export const PAUSED = Symbol('paused');

/** What a kind of step makes of its execution. */
export type Execution = Promise<Omit<StepRecord, 'steps'> | typeof PAUSED>;

/** What surrounds a block: values outside, and writes that came before it. */
export interface Frame {
  /** A value outside of the block's steps, by the first word of its path. */
  readonly lookUp: (root: string) => unknown;
  /** Writes that the steps of the block see before any of their own. */
  readonly writes: ChannelParts;
}

/** One execution of a step, as the code of its kind sees it. */
export interface StepContext {
  readonly run: Run;
  readonly id: string;
  readonly step: Step;
  readonly node: StepNode;
  readonly address: string;
  /** Place of the step in the definition. */
  readonly pointer: string;
  readonly frame: Frame;
  readonly cancellation: Cancellation;
  /** The step's own: it counts what happens inside of it. */
  readonly budget: Budget;
}

/** What all the blocks of one run share. */
export class Run {
  readonly definition: FlowDefinition;
  readonly engine: Engine;
  readonly input: Json;
  readonly facts: RunFacts;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly hasChannels: boolean;
  readonly cancellation: Cancellation;
  /** Cancelled when the run pauses, so that what only waits lets go. */
  readonly pause = new Cancellation();
  /** Executions started since the run began or went on. */
  started = 0;
  ending: RunEnding | undefined;
  private readonly stopAfter: number | undefined;

  constructor(options: {
    definition: FlowDefinition;
    engine: Engine;
    input: Json;
    facts: RunFacts;
    stopAfter?: number | undefined;
    cancellation?: Cancellation | undefined;
  }) {
    this.definition = options.definition;
    this.engine = options.engine;
    this.input = options.input;
    this.facts = options.facts;
    this.cancellation = options.cancellation ?? new Cancellation();
    this.stopAfter = options.stopAfter;
    this.channels = options.definition.channels ?? {};
    this.hasChannels = Object.keys(this.channels).length > 0;
  }

  /** Ends the run early, once: the first reason counts. */
  end(ending: RunEnding): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.cancellation.cancel();
  }

  /** Whether nothing new may start because the run hands over; asked before each start. */
  isPausing(): boolean {
    if (this.pause.isCancelled) return true;
    const isAdvised =
      this.engine.isAdvisedToPause?.() === true ||
      (this.stopAfter !== undefined && this.started >= this.stopAfter);
    if (isAdvised) this.pause.cancel();
    return isAdvised;
  }
}

/**
 * Executions that `maxSteps` allows. A run has one, and each item of a map has its own: the number of
 * items is bounded by `maxItems`, and no item can use up the steps of another.
 */
export class Budget {
  used = 0;
  private readonly run: Run;
  private readonly outer: Budget | undefined;

  constructor(run: Run, outer?: Budget) {
    this.run = run;
    this.outer = outer;
  }

  /** Counts what happens inside of one step; this one counts it too. */
  inner(): Budget {
    return new Budget(this.run, this);
  }

  /** Counts executions; one too many ends the run and names the limit. */
  count(executions = 1): void {
    this.used += executions;
    this.outer?.count(executions);
    const limit = this.run.definition.limits?.maxSteps ?? DEFAULT_MAX_STEPS;
    if (this.used <= limit) return;
    const reason = `Cannot start another step: the limit "maxSteps" of ${limit} is reached`;
    this.run.end({ kind: 'limit', limit: 'maxSteps', reason });
  }
}
