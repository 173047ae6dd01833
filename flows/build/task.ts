import { z } from 'zod';
import type { TaskFacts } from '../../contracts/flow-catalogue.ts';
import type { Json, JsonSchema, TaskSettings } from '../../contracts/flow-definition.ts';
import type { Collection } from '../../contracts/flow-results.ts';
import type { TaskContext } from './task-context.ts';

/** A piece of TypeScript that flows may run, known by its name. */
export interface Task<Input = never, Output = unknown> {
  readonly facts: TaskFacts;
  /** Checks the input and fills in its defaults. @throws {z.ZodError} when it does not fit. */
  readonly parseInput: (value: unknown) => unknown;
  /** Checks the output and fills in its defaults. @throws {z.ZodError} when it does not fit. */
  readonly parseOutput: (value: unknown) => Json;
  readonly run: (input: never, context: TaskContext) => unknown;
  /** What a flow binds, for the compiler only. */
  readonly $input?: (input: Input) => void;
  /** What later steps see, for the compiler only. */
  readonly $output?: Output;
}

type Shapes = Readonly<Record<string, z.ZodType>>;

/** What `defineTask` is told. */
export interface TaskOptions<
  In extends z.ZodType,
  Out extends z.ZodType,
  Route extends string,
  Reads extends Shapes,
  Writes extends Shapes,
  Spawns extends readonly Task[],
> extends TaskSettings {
  /** `name@major`. */
  readonly name: string;
  readonly title?: string;
  readonly input: In;
  readonly output: Out;
  /** Types of failures that no retry can mend. */
  readonly errors?: readonly string[];
  /** Jumps that the task may ask for. */
  readonly routes?: readonly Route[];
  /** How often it may ask to be run again. */
  readonly repeats?: number;
  /** Tasks that it may add to the run. */
  readonly spawns?: Spawns;
  /** Channels that it reads, by the type of their value. */
  readonly reads?: Reads;
  /** Channels that it writes, by the type of one write. */
  readonly writes?: Writes;
  readonly run: (
    input: z.output<In>,
    context: TaskContext<ShapesOf<Reads>, ShapesOf<Writes>, Route>,
  ) => Promise<z.input<Out>> | z.input<Out>;
}

type ShapesOf<S extends Shapes> = { readonly [K in keyof S]: z.output<S[K]> };

type Spawned<Spawns extends readonly Task[]> = number extends Spawns['length']
  ? unknown
  : { readonly spawned: Collection<OutputOf<Spawns[number]>> };

/** What later steps see of a task. */
export type OutputOf<T> = T extends Task<infer _, infer Output> ? Output : never;

/**
 * Makes a task of a function.
 *
 * A flow binds the input as it is before defaults are filled in; the function receives it after.
 */
export function defineTask<
  In extends z.ZodType,
  Out extends z.ZodType,
  const Route extends string = never,
  Reads extends Shapes = Record<never, never>,
  Writes extends Shapes = Record<never, never>,
  const Spawns extends readonly Task[] = readonly Task[],
>(
  options: TaskOptions<In, Out, Route, Reads, Writes, Spawns>,
): Task<z.input<In>, z.output<Out> & Spawned<Spawns>> {
  let facts: TaskFacts | undefined;
  return {
    // Made when first asked for: a worker with many tasks starts sooner.
    get facts() {
      return (facts ??= factsOf(options));
    },
    parseInput: (value) => options.input.parse(value),
    parseOutput: (value) => options.output.parse(value) as Json,
    run: options.run as Task['run'],
  };
}

type AnyOptions = TaskOptions<z.ZodType, z.ZodType, string, Shapes, Shapes, readonly Task[]>;

function factsOf(options: Omit<AnyOptions, 'run'>): TaskFacts {
  const { name, title, queue, timeout, retry, cache, priority, errors } = options;
  const except = [...new Set([...(retry?.except ?? []), ...(errors ?? [])])];
  const settings = { title, queue, timeout, cache, priority };
  return {
    name,
    ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    ...(retry === undefined && except.length === 0 ? {} : { retry: { ...retry, except } }),
    input: schemaOf(options.input, 'input'),
    output: schemaOf(options.output, 'output'),
    routes: options.routes ?? [],
    repeats: options.repeats ?? 0,
    spawns: (options.spawns ?? []).map((task) => task.facts.name),
    reads: schemasOf(options.reads, 'input'),
    writes: schemasOf(options.writes, 'output'),
  };
}

function schemasOf(shapes: Shapes = {}, io: 'input' | 'output') {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, schemaOf(shape, io)]),
  );
}

/** Schemas that were JSON Schema from the start. */
const written = new WeakMap<z.ZodType, JsonSchema>();

/** A JSON Schema where a zod schema is asked for. It checks nothing: the run checks against it. */
export function jsonSchema<T>(schema: JsonSchema): z.ZodType<T, T> {
  const made = z.unknown().clone();
  written.set(made, schema);
  return made as unknown as z.ZodType<T, T>;
}

/** A task whose code is elsewhere, for flows that only name it. */
export function declareTask<Input, Output>(name: string): Task<Input, Output> {
  const elsewhere = () => {
    throw new TypeError(`Cannot run "${name}": only its name is known here`);
  };
  const facts = {
    name,
    input: {},
    output: {},
    routes: [],
    repeats: 0,
    spawns: [],
    reads: {},
    writes: {},
  };
  return { facts, parseInput: elsewhere, parseOutput: elsewhere, run: elsewhere };
}

/** The JSON Schema of one side of a zod schema: a default is optional before it, and present after. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const asWritten = written.get(schema);
  if (asWritten !== undefined) return asWritten;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
