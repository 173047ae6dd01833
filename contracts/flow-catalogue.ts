import type { JsonSchema, TaskSettings } from './flow-definition.ts';

/** What a task says about itself: all that a flow needs to know to be checked against it. */
export interface TaskFacts extends TaskSettings {
  /** `name@major`; a breaking change of input or output is a new major. */
  readonly name: string;
  readonly title?: string;
  /** What a flow binds: a field with a default may be left out. */
  readonly input: JsonSchema;
  /** What later steps see: a field with a default is always there. */
  readonly output: JsonSchema;
  /** Jumps that the task may ask for; a step maps each to a step of its block. */
  readonly routes: readonly string[];
  /** How often the task may ask to be run again. */
  readonly repeats: number;
  /** Tasks that it may add to the run. */
  readonly spawns: readonly string[];
  /** Channels that it reads, with the type that it expects. */
  readonly reads: Readonly<Record<string, JsonSchema>>;
  /** Channels that it writes, with the type of one write. */
  readonly writes: Readonly<Record<string, JsonSchema>>;
}

/** What is known about a flow that others call, by name and major version. */
export interface FlowFacts {
  readonly name: string;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

/** Everything that a definition may name. A definition resolves its names here and nowhere else. */
export interface Catalogue {
  readonly tasks: readonly TaskFacts[];
  readonly flows?: readonly FlowFacts[];
  /** Lanes that the operator named; absent, any lane is taken. */
  readonly queues?: readonly string[];
}
