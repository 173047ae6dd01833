import type {
  Binding,
  Block,
  Channel,
  Condition,
  FlowDefinition,
  Json,
  Policy,
  Step,
  StepBase,
  Steps,
} from '../../contracts/flow-definition.ts';
import { canonicalForm } from '../model/canonical-form.ts';
import { outerReferences } from '../model/references.ts';
import type { Ends } from './flow-types.ts';
import { createReference, toBinding } from './reference.ts';
import { schemaOf, type Task } from './task.ts';
import { z } from 'zod';

type Scope = Record<string, unknown>;
type InScope<Result = unknown> = (scope: Scope) => Result;

interface Options extends Record<string, unknown> {
  readonly if?: InScope<Condition>;
  readonly key?: InScope;
}

/** What a builder knows: the steps so far, and what surrounds them. */
export interface BuilderState {
  readonly head: Omit<FlowDefinition, 'steps'>;
  readonly steps: Steps;
  /** Steps that nothing follows yet: what a `then` comes after. */
  readonly open: readonly string[];
  /** Path of the last result. */
  readonly last: string;
  /** Names that a path may start with, those of the steps left out. */
  readonly roots: readonly string[];
}

/** Makes the steps of a flow or body, whatever their types: `flow-types.ts` says what may be called. */
export class FlowBuilder implements Ends<unknown> {
  private readonly state: BuilderState;

  constructor(state: BuilderState) {
    this.state = state;
  }

  get block(): Block {
    const { steps, head, last } = this.state;
    return { steps, output: head.output ?? { $from: last } };
  }

  get definition(): FlowDefinition {
    return canonicalForm({ ...this.state.head, ...this.block });
  }

  toJSON(): FlowDefinition {
    return this.definition;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- awaiting a flow is refused below
  then(id: string, task: Task, bind?: InScope, options: Options = {}): FlowBuilder {
    if (typeof id !== 'string') {
      throw new TypeError('Cannot wait for a flow as it is a definition: run it first');
    }
    return this.add(id, this.taskStep(task, bind, options, this.scope()), options);
  }

  step(id: string, task: Task, bind: InScope, options: Options = {}): FlowBuilder {
    const step = { ...this.taskStep(task, bind, options, this.scope()), ...this.base(options) };
    return this.addAs(id, step as Step);
  }

  parallel(id: string, members: InScope<Record<string, Step>>, options: Options = {}): FlowBuilder {
    const scope = this.scope();
    const run = (task: Task, bind: unknown, settings: Options = {}) => ({
      ...this.taskStep(task, () => bind, settings, scope),
      ...this.base(settings),
    });
    return this.add(id, { parallel: members({ ...scope, run }), ...groupFields(options) }, options);
  }

  map(
    id: string,
    over: InScope,
    body: ((body: FlowBuilder) => Ends<unknown>) | Task,
    ...rest: readonly unknown[]
  ): FlowBuilder {
    if (typeof body !== 'function') return this.mapTask(id, over, body, rest);
    const [options = {}] = rest as [Options?];
    return this.addMap(id, over, body(this.inner(['item', 'index'], 'item')).block, options);
  }

  choose(
    id: string,
    branches: (
      scope: Scope,
      body: FlowBuilder,
    ) => Record<string, readonly [unknown, Ends<unknown>]>,
    options: Options = {},
  ): FlowBuilder {
    const made = branches(this.scope(), this.inner([], this.state.last));
    const choose = Object.entries(made).map(([name, [condition, ends]]) => ({
      name,
      ...(condition === 'else' ? {} : { if: condition as Condition }),
      do: ends.block,
    }));
    return this.add(id, { choose }, options);
  }

  repeat(
    id: string,
    options: Options & { start: InScope; until: InScope<Condition>; max: number },
    body: (body: FlowBuilder) => Ends<unknown>,
  ): FlowBuilder {
    const { start, until, max, ...others } = options;
    const repeat = {
      start: toBinding(start(this.scope())),
      until: until(this.scope(['loop'])),
      max,
      do: body(this.inner(['loop'], 'loop.value')).block,
    };
    return this.add(id, { repeat }, others as Options);
  }

  approve(id: string, options: Options & { show?: InScope; form?: z.ZodType }): FlowBuilder {
    const { title, show, form, roles, within, otherwise, ...others } = options;
    const approve = present({
      title,
      show: show && toBinding(show(this.scope())),
      form: form && schemaOf(form, 'input'),
      roles,
      within,
      otherwise,
    });
    return this.add(id, { approve } as unknown as Step, others as Options);
  }

  wait(id: string, what: Readonly<Record<string, unknown>>, options: Options = {}): FlowBuilder {
    const until = what['until'] as InScope | undefined;
    const wait = until === undefined ? what : { until: toBinding(until(this.scope())) };
    return this.add(id, { wait } as unknown as Step, options);
  }

  call(id: string, flow: { definition: FlowDefinition }, bind: InScope, options: Options = {}) {
    const { name, version } = flow.definition;
    const input = toBinding(bind(this.scope()));
    return this.add(id, { flow: `${name}@${version.split('.')[0]}`, with: input }, options);
  }

  routes(id: string, routes: Readonly<Record<string, string>>): FlowBuilder {
    const step = { ...this.state.steps[id]!, routes };
    return new FlowBuilder({ ...this.state, steps: { ...this.state.steps, [id]: step } });
  }

  search(attributes: InScope): FlowBuilder {
    const search = toBinding(attributes(this.scope())) as Record<string, Binding>;
    return new FlowBuilder({ ...this.state, head: { ...this.state.head, search } });
  }

  output(result: InScope): FlowBuilder {
    const head = { ...this.state.head, output: toBinding(result(this.scope())) };
    return new FlowBuilder({ ...this.state, head });
  }

  private mapTask(id: string, over: InScope, task: Task, rest: readonly unknown[]): FlowBuilder {
    const [bind, options = {}] = rest as [InScope, Options?];
    const step = this.taskStep(task, bind, options, this.scope(['item', 'index']));
    return this.addMap(id, over, { steps: { do: step } }, options);
  }

  private addMap(id: string, over: InScope, body: Block, options: Options): FlowBuilder {
    const { key, concurrency, batch } = options;
    const map = present({
      over: toBinding(over(this.scope())),
      key: key && toBinding(key(this.scope(['item', 'index']))),
      concurrency,
      batch,
      do: body,
    });
    return this.add(id, { map, ...groupFields(options) } as unknown as Step, options);
  }

  private taskStep(task: Task, bind: InScope | undefined, options: Options, scope: Scope): Step {
    const { queue, retry, cache, priority, routes } = options;
    const input = bind === undefined ? { $from: this.state.last } : toBinding(bind(scope));
    const step = { task: task.facts.name, with: input, queue, retry, cache, priority, routes };
    return present(step) as unknown as Step;
  }

  private base({ title, on, if: condition, timeout, after }: Options): StepBase {
    return present({ title, on, if: condition?.(this.scope()), timeout, after }) as StepBase;
  }

  /** Adds a step after all that nothing follows yet. */
  private add(id: string, step: object, options: Options): FlowBuilder {
    const whole = { after: this.state.open, ...step, ...this.base(options) };
    return this.addAs(id, whole as Step);
  }

  private addAs(id: string, step: Step): FlowBuilder {
    const { steps, open } = this.state;
    if (Object.hasOwn(steps, id)) {
      throw new TypeError(`Cannot add a second step "${id}"`);
    }
    const before = new Set([
      ...(step.after ?? []),
      ...outerReferences(step).map(({ root }) => root),
    ]);
    return new FlowBuilder({
      ...this.state,
      steps: { ...steps, [id]: step },
      open: [...open.filter((name) => !before.has(name)), id],
      last: id,
    });
  }

  private inner(added: readonly string[], last: string): FlowBuilder {
    const { roots, steps } = this.state;
    return new FlowBuilder({
      head: { flow: '1', name: '', version: '', steps: {} } as Omit<FlowDefinition, 'steps'>,
      steps: {},
      open: [],
      last,
      roots: [...roots, ...Object.keys(steps), ...added],
    });
  }

  private scope(added: readonly string[] = []): Scope {
    const names = [...this.state.roots, ...Object.keys(this.state.steps), ...added];
    return Object.fromEntries(
      names.map((root) => [root, createReference<unknown>({ root, rest: [] })]),
    );
  }
}

function groupFields({ policy, failFast }: Options): { policy?: Policy; failFast?: boolean } {
  return present({
    policy: policy as Policy | undefined,
    failFast: failFast as boolean | undefined,
  });
}

/** Channels with their schemas as JSON Schema. */
export function channelsOf(
  channels: Readonly<
    Record<string, { merge: Channel['merge']; schema?: z.ZodType; initial?: unknown }>
  >,
): Record<string, Channel> {
  return Object.fromEntries(
    Object.entries(channels).map(([name, { merge, schema, initial }]) => [
      name,
      present({
        merge,
        schema: schema && schemaOf(schema, 'output'),
        initial: initial as Json | undefined,
      }),
    ]),
  );
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** An object without the members that nothing was said of. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}
