/** Anything that JSON can say. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON Schema of draft 2020-12, as data. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A reference to a value of the run; `or` stands in when that value is absent. */
export interface From {
  readonly $from: string;
  readonly or?: Binding;
}

/** Pieces put together: the only text building that a definition can do. */
export interface Text {
  readonly $text: readonly (string | number | From)[];
}

/** A value taken as it stands, for literals with a key that starts with `$`. */
export interface Verbatim {
  readonly $value: Json;
}

/** Where a value comes from: a literal, a reference, or arrays and objects of them. */
export type Binding =
  | From
  | Text
  | Verbatim
  | null
  | boolean
  | number
  | string
  | readonly Binding[]
  | { readonly [key: string]: Binding };

export type Pair = readonly [Binding, Binding];

/** A question about recorded values; exactly one operator an object. */
export type Condition =
  | { readonly eq: Pair }
  | { readonly ne: Pair }
  | { readonly lt: Pair }
  | { readonly le: Pair }
  | { readonly gt: Pair }
  | { readonly ge: Pair }
  | { readonly in: Pair }
  | { readonly exists: From }
  | { readonly and: readonly Condition[] }
  | { readonly or: readonly Condition[] }
  | { readonly not: Condition };

/** When a group counts as succeeded, though members failed. */
export type Policy =
  | 'strict'
  | 'bestEffort'
  | { readonly atLeast: number | string }
  | { readonly critical: readonly string[] };

/** Attempts of a task: pauses grow from `first` by `factor` up to `max`; types in `except` end it. */
export interface Retry {
  readonly attempts?: number;
  readonly first?: string;
  readonly factor?: number;
  readonly max?: string;
  readonly except?: readonly string[];
}

/** What a step may say about how its task is run, and a flow for all its tasks. */
export interface TaskSettings {
  readonly queue?: string;
  readonly timeout?: string;
  readonly retry?: Retry;
  readonly cache?: boolean;
  readonly priority?: number;
}

/** Steps with a result of their own; without `output` it is that of the only step nothing else uses. */
export interface Block {
  readonly steps: Steps;
  readonly output?: Binding;
}

export type Steps = Readonly<Record<string, Step>>;

/** What any step may say, whatever its kind. */
export interface StepBase {
  readonly title?: string;
  readonly after?: readonly string[];
  readonly on?: 'success' | 'failure' | 'always';
  readonly if?: Condition;
  readonly timeout?: string;
  readonly routes?: Readonly<Record<string, string>>;
}

export interface TaskStep extends StepBase, TaskSettings {
  readonly task: string;
  readonly with?: Binding;
}

export interface ParallelStep extends StepBase {
  readonly parallel: Steps;
  readonly policy?: Policy;
  readonly failFast?: boolean;
}

export interface MapStep extends StepBase {
  readonly map: {
    readonly over: From;
    readonly key?: Binding;
    readonly concurrency?: number;
    readonly batch?: number;
    readonly do: Block;
  };
  readonly policy?: Policy;
  readonly failFast?: boolean;
}

export interface Branch {
  readonly name: string;
  readonly if?: Condition;
  readonly do: Block;
}

export interface ChooseStep extends StepBase {
  readonly choose: readonly Branch[];
}

export interface RepeatStep extends StepBase {
  readonly repeat: {
    readonly start?: Binding;
    readonly do: Block;
    readonly until: Condition;
    readonly max: number;
  };
}

export interface ApproveStep extends StepBase {
  readonly approve: {
    readonly title: string;
    readonly show?: readonly Binding[];
    readonly form?: JsonSchema;
    readonly roles?: readonly string[];
    readonly within?: string;
    readonly otherwise?: 'reject' | 'approve' | 'fail';
  };
}

export interface WaitStep extends StepBase {
  readonly wait:
    | { readonly for: string }
    | { readonly until: Binding }
    | { readonly signal: string; readonly within?: string };
}

export interface FlowStep extends StepBase {
  readonly flow: string;
  readonly with?: Binding;
  readonly detached?: boolean;
}

/** A node of the graph; the key that names its kind is present exactly once. */
export type Step =
  TaskStep | ParallelStep | MapStep | ChooseStep | RepeatStep | ApproveStep | WaitStep | FlowStep;

/** How the writes of many steps become one value. */
export type Merge = 'last' | 'append' | 'sum' | 'min' | 'max' | 'union';

/** A value that the steps of a run share. */
export interface Channel {
  readonly merge: Merge;
  readonly schema?: JsonSchema;
  readonly initial?: Json;
}

/** One flow as data: what all three spellings become, what is checked, hashed, stored and run. */
export interface FlowDefinition {
  readonly $schema?: string;
  readonly flow: '1';
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly input?: JsonSchema;
  readonly output?: Binding;
  readonly defaults?: TaskSettings;
  readonly limits?: {
    readonly maxSteps?: number;
    readonly maxItems?: number;
    readonly timeout?: string;
  };
  readonly channels?: Readonly<Record<string, Channel>>;
  readonly search?: Readonly<Record<string, Binding>>;
  readonly steps: Steps;
}
