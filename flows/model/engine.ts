import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Json, JsonSchema, MapStep, TaskSettings } from '../../contracts/flow-definition.ts';
import type { Failure, ItemFailure, TaskAnswer } from '../../contracts/flow-results.ts';
import type { StoredList } from '../../contracts/stored-list.ts';
import type { Cancellation } from './cancellation.ts';
import type { ChannelParts } from './channels.ts';

/** One execution of a task that the scheduler asks for. */
export interface TaskCall {
  readonly task: string;
  readonly input: Json;
  /** Address of the step, with its attempt: unique in the run, and the same in every replay. */
  readonly address: string;
  readonly title?: string;
  /** What the step says; what it leaves open the task says, and then `defaults`. */
  readonly settings: TaskSettings;
  readonly defaults: TaskSettings;
  /** How often the task has asked to be run again before this execution. */
  readonly repeat: number;
  /** Channels as the steps before this one left them. Worked out when called: most tasks read none. */
  readChannels(): Readonly<Record<string, Json>>;
}

/** A call of another flow. */
export interface FlowCall {
  readonly flow: string;
  readonly input: Json;
  readonly address: string;
  /** The run does not wait for it, and gets its id. */
  readonly isDetached: boolean;
}

/** A question to a person. */
export interface ApprovalCall {
  readonly address: string;
  readonly title: string;
  readonly show: readonly Json[];
  readonly form?: JsonSchema;
  readonly roles: readonly string[];
  readonly deadlineMs?: number;
}

/** What a person answered. */
export interface ApprovalAnswer {
  readonly approved: boolean;
  readonly by: string;
  readonly note?: string;
  readonly form?: Readonly<Record<string, Json>>;
}

/** A map whose items an engine runs elsewhere, because they are many. */
export interface MapCall {
  readonly step: MapStep;
  readonly address: string;
  /** Where the step stands in the definition, as a JSON Pointer. */
  readonly pointer: string;
  readonly list: readonly Json[] | StoredList;
  readonly concurrency: number;
  readonly batch: number;
  /** Values outside of the body that its bindings and its key read, by their root. */
  readonly outside: Readonly<Record<string, Json>>;
  /** Writes to channels that the body sees. */
  readonly writes: ChannelParts;
  /** Parts that ran before, in this run or one that it resumes. */
  readonly known: MapParts;
  /** Told after each part which ones have run. */
  readonly onPart: (parts: MapParts) => void;
}

/** What parts of a large map gave: a file of answers, by the hash of the file of its items. */
export type MapParts = Readonly<Record<string, ArtifactRef>>;

/** What became of one item. */
export interface ItemAnswer {
  readonly index: number;
  readonly value?: Json;
  readonly failure?: Failure & { readonly step?: string };
  readonly writes?: Readonly<Record<string, readonly Json[]>>;
}

/** What became of a large map. */
export interface MapAnswer {
  readonly count: number;
  readonly ok: number;
  readonly failed: number;
  /** What the items gave, in the order of the list; a stored list when they are long. */
  readonly items: Json;
  readonly failures: Json;
  /** The first failures, and the innermost step of the very first. */
  readonly named: readonly ItemFailure[];
  readonly firstStep?: string;
  readonly writes: ChannelParts;
  /** What ended the whole run, when something in an item did. */
  readonly ending?: RunEnding;
}

/** What ended a run before its steps were through. */
export interface RunEnding {
  readonly kind: 'stop' | 'cancel' | 'limit' | 'outside';
  readonly reason: string;
  /** Name of the limit that was reached. */
  readonly limit?: 'maxSteps' | 'maxItems' | 'timeout';
}

/**
 * All that the scheduler asks of the world: an engine answers with activities and timers of a
 * workflow, or with functions in memory. Each call is made in the same order in every replay.
 *
 * A call whose cancellation is cancelled ends soon, in whatever way: its result then counts no more
 * unless it is a value.
 */
export interface Engine {
  runTask(call: TaskCall, cancellation: Cancellation): Promise<TaskAnswer>;
  runFlow(call: FlowCall, cancellation: Cancellation): Promise<Json>;
  /** Resolves when someone answers; who may answer, and how, is for the engine to ask. */
  askForApproval(call: ApprovalCall, cancellation: Cancellation): Promise<ApprovalAnswer>;
  waitForSignal(name: string, address: string, cancellation: Cancellation): Promise<Json>;
  sleep(durationMs: number, cancellation: Cancellation): Promise<void>;
  /** Time that does not differ in a replay. */
  nowMs(): number;
  /** The failure behind what a call threw. */
  failureOf(error: unknown): Failure;
  /** Reads a value inside a stored list, or the whole of it; absent, the run has none. */
  readStored?: (
    list: StoredList,
    rest: readonly (string | number)[],
  ) => Promise<{ readonly value?: Json }>;
  /** Runs the items of a large map elsewhere; absent, all of them run here. */
  runMap?: (call: MapCall, cancellation: Cancellation) => Promise<MapAnswer>;
  /** Whether the run had better hand over to a fresh one; asked before each start of a step. */
  isAdvisedToPause?: () => boolean;
}

/** Items that a map runs here before it hands them to `runMap`. */
export const INLINE_ITEMS = 50;
