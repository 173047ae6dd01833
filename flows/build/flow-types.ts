import type { z } from 'zod';
import type { Block, Condition, FlowDefinition, Retry } from '../../contracts/flow-definition.ts';
import type { Approval, Collection, RunFacts } from '../../contracts/flow-results.ts';
import type { PolicyFor, strict, UnderPolicy } from './policies.ts';
import type { Bindable, Held, Ref, Unbound } from './reference-types.ts';
import type { Task } from './task.ts';

type Reserved = 'input' | 'item' | 'index' | 'loop' | 'run' | 'channels';

/** An id that is not taken yet; another one shows the reason in the compiler's message. */
type FreeId<Id extends string, Steps, Outside> = Id &
  (Id extends Reserved | keyof Steps | keyof Outside ? `the id "${Id}" is taken` : unknown);

/** What the function of a binding sees: references to the input, to the steps so far, and outwards. */
export type Scope<In, Steps, Outside> = {
  readonly input: Ref<In>;
  readonly run: Ref<RunFacts>;
} & { readonly [Id in keyof Steps]: Ref<Steps[Id]> } & Outside;

/** Options of any step. */
export interface StepOptions<S> {
  readonly title?: string;
  readonly on?: 'success' | 'failure' | 'always';
  readonly if?: (scope: S) => Condition;
  readonly timeout?: string;
  /** The steps that it comes after; without it, everything before it. Data always orders. */
  readonly after?: readonly string[];
}

/** Options of a step that runs a task. */
export interface TaskStepOptions<S> extends StepOptions<S> {
  readonly queue?: string;
  readonly retry?: Retry;
  readonly cache?: boolean;
  readonly priority?: number;
  /** Where the jumps lead that the task may ask for; `routes()` checks the names. */
  readonly routes?: Readonly<Record<string, string>>;
}

/** Options of a map. */
export interface MapOptions<S, Key> extends StepOptions<S> {
  readonly concurrency?: number;
  readonly batch?: number;
  readonly policy?: PolicyFor<never>;
  readonly failFast?: boolean;
  /** Items with equal keys run once and share the result. */
  readonly key?: (scope: Key) => unknown;
}

/** A result that is absent when its step did not run. */
type Given<Out, Options> = Options extends { readonly if: unknown } | { readonly on: 'failure' }
  ? Out | undefined
  : Out;

/** What the function of a body returns: something with steps and one result. */
export interface Ends<out Out> {
  readonly block: Block;
  readonly $ends?: Out;
}

/** A body under construction, as maps, branches and iterations get one. */
type Body<In, Last, Outside> = Flow<In, unknown, Last, Outside>;

type OutsideOf<Steps, Outside> = { readonly [Id in keyof Steps]: Ref<Steps[Id]> } & Outside;

type ItemScope<Item> = { readonly item: Ref<Item>; readonly index: Ref<number> };

type LoopScope<Value> = {
  readonly loop: {
    readonly value: Ref<Value>;
    readonly last: Ref<Value>;
    readonly count: Ref<number>;
  };
};

/** What the function of a group sees: the scope, and `run` to make members. */
export type GroupScope<S> = Omit<S, 'run'> & {
  run<Input, Output>(
    task: Task<Input, Output>,
    bind: NoInfer<Bindable<Input>>,
    options?: TaskStepOptions<S>,
  ): Member<Output>;
};

/** A member of a group under construction. */
export interface Member<out Out> {
  readonly $member?: Out;
}

type MembersOf<Members> = {
  [Id in keyof Members]: Members[Id] extends Member<infer Out> ? Out : never;
};

type Branches = Readonly<Record<string, readonly [Condition | 'else', Ends<unknown>]>>;

type ChoiceOf<B extends Branches> =
  | {
      [Name in keyof B & string]: {
        branch: Name;
        value: B[Name][1] extends Ends<infer Out> ? Out : never;
      };
    }[keyof B & string]
  | ('else' extends B[keyof B][0] ? never : undefined);

/** A flow that can be called by others: its name, its input and its result. */
export interface CallableFlow<In, Out> extends Ends<Out> {
  readonly definition: FlowDefinition;
  readonly $input?: (input: In) => void;
  toJSON(): FlowDefinition;
}

/** What a flow waits for. */
export type WaitOptions<S> =
  | { readonly for: string }
  | { readonly until: (scope: S) => Bindable<string> }
  | { readonly signal: string; readonly within?: string };

/** What an approval asks. */
export interface ApproveOptions<S, Form extends z.ZodType> extends StepOptions<S> {
  readonly title: string;
  readonly show?: (scope: S) => readonly unknown[];
  readonly form?: Form;
  readonly roles?: readonly string[];
  readonly within?: string;
  readonly otherwise?: 'reject' | 'approve' | 'fail';
}

type Next<In, Steps, Id extends string, Out, Outside> = Flow<
  In,
  Steps & { readonly [Key in Id]: Out },
  Out,
  Outside
>;

/**
 * A flow under construction. Each call gives a new one with one more step in its type; none changes.
 *
 * The functions see references and no data: they run once, while the flow is built.
 */
export interface Flow<In, Steps, Last, Outside> extends CallableFlow<In, Last> {
  /** Types of the results so far, for the compiler only. */
  readonly $steps?: Steps;

  /** A task after everything before it; without `bind`, the last result is its input if it fits. */
  then<
    const Id extends string,
    Input,
    Output,
    const Options extends TaskStepOptions<Scope<In, Steps, Outside>> = Record<never, never>,
  >(
    id: FreeId<Id, Steps, Outside>,
    task: Task<Input, Output>,
    ...rest: Last extends Input
      ? [
          bind?: (scope: Scope<In, Steps, Outside>) => Bindable<Input>,
          options?: Options & TaskStepOptions<Scope<In, Steps, Outside>>,
        ]
      : [
          bind: (scope: Scope<In, Steps, Outside>) => Bindable<Input>,
          options?: Options & TaskStepOptions<Scope<In, Steps, Outside>>,
        ]
  ): Next<In, Steps, Id, Given<Output, Options>, Outside>;

  /** A task ordered by data only: steps that do not feed each other run together. */
  step<
    const Id extends string,
    Input,
    Output,
    const Options extends TaskStepOptions<Scope<In, Steps, Outside>> = Record<never, never>,
  >(
    id: FreeId<Id, Steps, Outside>,
    task: Task<Input, Output>,
    bind: (scope: Scope<In, Steps, Outside>) => Bindable<Input>,
    options?: Options & TaskStepOptions<Scope<In, Steps, Outside>>,
  ): Next<In, Steps, Id, Given<Output, Options>, Outside>;

  /** A group whose members run together. */
  parallel<
    const Id extends string,
    Members extends Readonly<Record<string, Member<unknown>>>,
    const Policy extends PolicyFor<keyof Members & string> = typeof strict,
  >(
    id: FreeId<Id, Steps, Outside>,
    members: (group: GroupScope<Scope<In, Steps, Outside>>) => Members,
    options?: StepOptions<Scope<In, Steps, Outside>> & {
      readonly policy?: Policy;
      readonly failFast?: boolean;
    },
  ): Next<In, Steps, Id, UnderPolicy<MembersOf<Members>, Policy>, Outside>;

  /** A body once per item of a list. */
  map<const Id extends string, Item, Out>(
    id: FreeId<Id, Steps, Outside>,
    over: (scope: Scope<In, Steps, Outside>) => Held<readonly Item[]>,
    body: (body: Body<In, Item, OutsideOf<Steps, Outside> & ItemScope<Item>>) => Ends<Out>,
    options?: MapOptions<Scope<In, Steps, Outside>, Scope<In, Steps, Outside> & ItemScope<Item>>,
  ): Next<In, Steps, Id, Collection<Out>, Outside>;

  /** One task once per item of a list; the step inside has the id `do`. */
  map<const Id extends string, Item, Input, Output>(
    id: FreeId<Id, Steps, Outside>,
    over: (scope: Scope<In, Steps, Outside>) => Held<readonly Item[]>,
    task: Task<Input, Output>,
    bind: (scope: Scope<In, Steps, Outside> & ItemScope<Item>) => Bindable<Input>,
    options?: MapOptions<Scope<In, Steps, Outside>, Scope<In, Steps, Outside> & ItemScope<Item>> &
      TaskStepOptions<Scope<In, Steps, Outside>>,
  ): Next<In, Steps, Id, Collection<Output>, Outside>;

  /** The first branch whose condition holds. */
  choose<const Id extends string, const B extends Branches>(
    id: FreeId<Id, Steps, Outside>,
    branches: (
      scope: Scope<In, Steps, Outside>,
      body: Body<In, Last, OutsideOf<Steps, Outside>>,
    ) => B,
    options?: StepOptions<Scope<In, Steps, Outside>>,
  ): Next<In, Steps, Id, ChoiceOf<B>, Outside>;

  /** A body again and again, from value to value of one type, until a condition holds. */
  repeat<const Id extends string, Start>(
    id: FreeId<Id, Steps, Outside>,
    options: StepOptions<Scope<In, Steps, Outside>> & {
      readonly start: (scope: Scope<In, Steps, Outside>) => Start;
      readonly until: (scope: Scope<In, Steps, Outside> & LoopScope<Unbound<Start>>) => Condition;
      readonly max: number;
    },
    body: (
      body: Body<In, Unbound<Start>, OutsideOf<Steps, Outside> & LoopScope<Unbound<Start>>>,
    ) => Ends<Unbound<Start>>,
  ): Next<In, Steps, Id, Unbound<Start>, Outside>;

  /** A person decides. */
  approve<const Id extends string, Form extends z.ZodType = z.ZodUnknown>(
    id: FreeId<Id, Steps, Outside>,
    options: ApproveOptions<Scope<In, Steps, Outside>, Form>,
  ): Next<In, Steps, Id, Approval & Partial<z.output<Form>>, Outside>;

  /** A time or a signal; gives the payload of the signal. */
  wait<const Id extends string>(
    id: FreeId<Id, Steps, Outside>,
    wait: WaitOptions<Scope<In, Steps, Outside>>,
    options?: StepOptions<Scope<In, Steps, Outside>>,
  ): Next<In, Steps, Id, unknown, Outside>;

  /** Another flow as one step, by its name and major version. */
  call<const Id extends string, Input, Output>(
    id: FreeId<Id, Steps, Outside>,
    flow: CallableFlow<Input, Output>,
    bind: (scope: Scope<In, Steps, Outside>) => Bindable<Input>,
    options?: StepOptions<Scope<In, Steps, Outside>>,
  ): Next<In, Steps, Id, Output, Outside>;

  /** Where the jumps of a step lead, now that all names are known. */
  routes(
    id: keyof Steps & string,
    routes: Readonly<Record<string, keyof Steps & string>>,
  ): Flow<In, Steps, Last, Outside>;

  /** Search attributes of a run, by binding. */
  search(
    attributes: (scope: Scope<In, Steps, Outside>) => Readonly<Record<string, unknown>>,
  ): Flow<In, Steps, Last, Outside>;

  /** The result; nothing can be added after it. */
  output<const Result>(
    result: (scope: Scope<In, Steps, Outside>) => Result,
  ): CallableFlow<In, Unbound<Result>>;
}
