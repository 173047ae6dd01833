import type { Json } from './flow-definition.ts';

/** What went wrong in a step, in a form that is stored and read by later steps. */
export interface Failure {
  /** The kind of failure, as tasks name it in `errors` and retries in `except`. */
  readonly type: string;
  readonly message: string;
}

/** What became of a member of a group that may fail. */
export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Failure };

/** An item of a map that failed, by its place in the list. */
export interface ItemFailure {
  readonly index: number;
  readonly key?: Json;
  readonly error: Failure;
}

/** What a map gives: its results in the order of its list, and what failed. */
export interface Collection<Item> {
  readonly count: number;
  readonly ok: number;
  readonly failed: number;
  readonly items: Item[];
  readonly failures: ItemFailure[];
}

/** What a person decided, with the fields of the form. */
export interface Approval {
  readonly approved: boolean;
  /** `null` when nobody answered in time. */
  readonly by: string | null;
  readonly note: string | null;
}

/** What `run` gives to bindings: facts of the run that do not change. */
export interface RunFacts {
  readonly id: string;
  readonly flow: string;
  readonly version: string;
  /** ISO 8601, in UTC. */
  readonly startedAt: string;
}

/** How a task wants the run to go on. */
export type Control =
  | { readonly kind: 'goto'; readonly route: string }
  | { readonly kind: 'again'; readonly data: Json }
  | { readonly kind: 'stop'; readonly reason: string }
  | { readonly kind: 'cancel'; readonly reason: string };

/** A task that another one adds to the run. */
export interface Spawn {
  readonly task: string;
  readonly input: Json;
}

/** One write to a channel; the run merges them, never the task. */
export interface ChannelWrite {
  readonly channel: string;
  readonly value: Json;
}

/** What a task gives back to the run: its value, and what it did beside it. */
export interface TaskAnswer {
  readonly value: Json;
  readonly writes?: readonly ChannelWrite[];
  readonly control?: Control;
  /** Present, though perhaps empty, when the task declares `spawns`. */
  readonly spawned?: readonly Spawn[];
  /** Whether the value was recorded by an earlier run and the task did not run again. */
  readonly isReused?: boolean;
}
