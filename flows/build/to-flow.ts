import { z } from 'zod';
import type { TaskFacts } from '../../contracts/flow-catalogue.ts';
import type { Binding, Json, Step, Steps } from '../../contracts/flow-definition.ts';
import { canonicalForm } from '../model/canonical-form.ts';
import { type FlowOptions, headOf } from './define-flow.ts';
import { type FlowClass, type StepMethod, stepMethods } from './flow-class.ts';
import { present } from './flow-builder.ts';
import type { CallableFlow } from './flow-types.ts';
import { toBinding } from './reference.ts';
import { schemaOf, type Task } from './task.ts';

type ClassOf<Input> = (abstract new (...input: never[]) => FlowClass<Input>) & {
  readonly prototype: object;
};

/** What `toFlow` is told beside the class. */
interface ToFlowOptions<In extends z.ZodType> extends FlowOptions<In, Record<never, never>> {
  readonly name: string;
  /** Paths of the result; without it, the result of the only step nothing else uses. */
  readonly output?: string | Readonly<Record<string, string>>;
}

/** What the tasks of a class are called, which is known once it has become a flow. */
const names = new WeakMap<object, { flow: string; major: string }>();

const noItems = { count: 0, ok: 0, failed: 0, items: [], failures: [] };

/** The flow of a class, the same definition as a file or a builder would give. */
export function toFlow<Input, In extends z.ZodType<Input>>(
  flowClass: ClassOf<Input>,
  options: ToFlowOptions<In>,
): CallableFlow<Input, unknown> {
  const { name, version, output } = options;
  const methods = stepMethods(flowClass.prototype);
  const mapped = new Set(
    methods.filter((step) => step.options.each !== undefined).map((step) => step.name),
  );
  names.set(flowClass, { flow: name, major: version.split('.')[0]! });
  const steps: Steps = Object.fromEntries(
    methods.map((method) => [
      method.name,
      new StepWriter(method, mapped, taskName(flowClass, method)).write(),
    ]),
  );
  const bindings = output === undefined ? {} : { output: outputBinding(output, mapped) };
  const definition = canonicalForm({ ...headOf(name, options), steps, ...bindings });
  const block = { steps: definition.steps, output: definition.output ?? null };
  return { definition, block, toJSON: () => definition };
}

/** The tasks of an instance, by the names that its flow gives them, ready for a worker. */
export function toActivities(instance: FlowClass<unknown>): Readonly<Record<string, Task>> {
  const flowClass = instance.constructor;
  const own = stepMethods(Object.getPrototypeOf(instance) as object).filter(
    ({ options }) => options.task === undefined,
  );
  return Object.fromEntries(
    own.map((step) => {
      const name = taskName(flowClass, step);
      return [name, methodTask(name, step, instance)];
    }),
  );
}

function taskName(flowClass: object, { name, options }: StepMethod): string {
  if (options.task !== undefined) return options.task.facts.name;
  const known = names.get(flowClass);
  if (known === undefined) {
    throw new TypeError(`Cannot name the task of "${name}": its class has not become a flow yet`);
  }
  return `${known.flow}.${name.replaceAll(/[A-Z_]/g, asDash)}@${known.major}`;
}

/** Names of tasks are lower case. */
function asDash(letter: string): string {
  return letter === '_' ? '-' : `-${letter.toLowerCase()}`;
}

function methodTask(name: string, { options, method }: StepMethod, instance: object): Task {
  const { input = z.unknown(), output = z.unknown(), repeats = 0, routes = {} } = options;
  const facts: TaskFacts = {
    name,
    input: schemaOf(input, 'input'),
    output: schemaOf(output, 'output'),
    routes: Object.keys(routes),
    repeats,
    spawns: [],
    reads: {},
    writes: {},
  };
  return {
    facts,
    parseInput: (value) => input.parse(value),
    parseOutput: (value) => output.parse(value ?? null) as Json,
    run: (value, context) => method.call(instance, value, context),
  };
}

function outputBinding(
  output: string | Readonly<Record<string, string>>,
  mapped: ReadonlySet<string>,
): Binding {
  if (typeof output === 'string') return { $from: asResults(output, mapped) };
  return Object.fromEntries(
    Object.entries(output).map(([field, path]) => [field, { $from: asResults(path, mapped) }]),
  );
}

/** `fetch[]` is the list of results of a mapped method. */
function asResults(path: string, mapped: ReadonlySet<string>): string {
  const [, id = '', rest = ''] = /^(\w+)\[\](.*)$/.exec(path) ?? [];
  if (id === '') return path;
  if (!mapped.has(id)) {
    throw new TypeError(`Cannot read "${path}" as "${id}" is not mapped: it has one result`);
  }
  return `${id}.items${rest}`;
}

class StepWriter {
  private readonly step: StepMethod;
  private readonly mapped: ReadonlySet<string>;
  private readonly task: string;

  constructor(step: StepMethod, mapped: ReadonlySet<string>, task: string) {
    this.step = step;
    this.mapped = mapped;
    this.task = task;
  }

  write(): Step {
    const { title, on, if: condition, timeout, after, routes } = this.step.options;
    const base = present({ title, on, if: condition, timeout, after, routes });
    return {
      ...base,
      ...(this.step.options.each === undefined ? this.call() : this.map()),
    } as Step;
  }

  private call(): object {
    const { queue, retry, cache, priority } = this.step.options;
    return present({ task: this.task, with: this.input(), queue, retry, cache, priority });
  }

  private map(): object {
    const { each = '', key, concurrency, batch, policy, failFast } = this.step.options;
    const map = present({
      over: this.read(each, 'each'),
      key: key === undefined ? undefined : { $from: `item.${key.replace(/^item\./, '')}` },
      concurrency,
      batch,
      do: { steps: { do: this.call() } },
    });
    return present({ map, policy, failFast });
  }

  private input(): Binding {
    const { from, each, collect = {} } = this.step.options;
    if (from === undefined && each !== undefined) return { item: { $from: 'item' } };
    const fields = Object.entries(from ?? {}).map(([field, path]) => [
      field,
      this.read(path, field),
    ]);
    const collections = Object.entries(collect).map(([field, id]) => [
      field,
      this.collect(id, field),
    ]);
    return Object.fromEntries([...fields, ...collections]) as Binding;
  }

  private read(path: string, field: string): Binding {
    const id = /^\w+/.exec(path)?.[0] ?? '';
    if (this.mapped.has(id) && !path.startsWith(`${id}[]`)) {
      throw new TypeError(
        `Cannot read "${path}" in "${this.step.name}" as "${id}" is mapped: write "${id}[]", or collect it`,
      );
    }
    return this.withOr(
      { $from: asResults(path, this.mapped) },
      field,
      path.endsWith('[]') ? [] : undefined,
    );
  }

  private collect(id: string, field: string): Binding {
    if (!this.mapped.has(id)) {
      throw new TypeError(`Cannot collect "${id}" in "${this.step.name}" as it is not mapped`);
    }
    return this.withOr({ $from: id }, field, noItems);
  }

  /** A step that runs whatever happened reads lists that may be absent: then they are empty. */
  private withOr(from: { $from: string }, field: string, empty: unknown): Binding {
    const { or = {}, on = 'success' } = this.step.options;
    const fallback = Object.hasOwn(or, field) ? or[field] : on === 'success' ? undefined : empty;
    return fallback === undefined ? from : { ...from, or: toBinding(fallback) };
  }
}
