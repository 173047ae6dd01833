import type { z } from 'zod';
import type { Condition, Policy, Retry } from '../../contracts/flow-definition.ts';
import type { Known, NamingOptions, Provided } from './decorator-types.ts';
import type { TaskContext } from './task-context.ts';
import type { Task } from './task.ts';

/** A flow written as a class: its methods are tasks, and `@task` says what feeds them. */
export abstract class FlowClass<Input> {
  /** For the compiler only. */
  declare readonly $input?: Input;
}

/** What `@task` is told about the method it decorates. */
export interface ClassTaskOptions extends NamingOptions {
  readonly title?: string;
  readonly on?: 'success' | 'failure' | 'always';
  readonly if?: Condition;
  readonly timeout?: string;
  readonly queue?: string;
  readonly retry?: Retry;
  readonly cache?: boolean;
  readonly priority?: number;
  readonly concurrency?: number;
  readonly batch?: number;
  /** Path below `item`: items that give the same value run once. */
  readonly key?: string;
  readonly policy?: Policy;
  readonly failFast?: boolean;
  /** What stands in for a field whose source may be absent. */
  readonly or?: Readonly<Record<string, unknown>>;
  /** Where the jumps lead that the method may ask for. */
  readonly routes?: Readonly<Record<string, string>>;
  /** How often the method may ask to be run again. */
  readonly repeats?: number;
  /** A task that exists already and does the work of this method, whose body is then never run. */
  readonly task?: Task;
  /** Types do not exist at run time: with a schema the worker checks the input too. */
  readonly input?: z.ZodType;
  readonly output?: z.ZodType;
}

/** Options of the decorated methods. Not in `Symbol.metadata`: its polyfill throws where `Symbol` is frozen. */
const decorated = new WeakMap<object, ClassTaskOptions>();

/**
 * Makes a method a step of the flow of its class.
 *
 * `from` binds fields, `each` maps the method over a list, `collect` takes the results of a mapped
 * method with its failures, `after` only orders. A name that is not there does not compile.
 */
export function task<const O extends ClassTaskOptions>(options: O) {
  return <This>(
    method: (this: This, input: Provided<This, O>, context: TaskContext) => unknown,
    _context: ClassMethodDecoratorContext<This> & Known<This, O>,
  ): void => {
    decorated.set(method, options);
  };
}

/** A method that is a step: its name, its options, and the code of the most derived class. */
export interface StepMethod {
  readonly name: string;
  readonly options: ClassTaskOptions;
  readonly method: (input: unknown, context: TaskContext) => unknown;
}

/** The steps of a class, those of its parents too; a method of a subclass replaces that of its parent. */
export function stepMethods(prototype: object): StepMethod[] {
  const found = new Map<string, StepMethod>();
  const chain: object[] = [];
  for (let at = prototype; at !== FlowClass.prototype && at !== null; at = parentOf(at)) {
    chain.unshift(at);
  }
  for (const level of chain) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value !== 'function') continue;
      const method = value as StepMethod['method'];
      const options = decorated.get(method) ?? found.get(name)?.options;
      if (options !== undefined) found.set(name, { name, options, method });
    }
  }
  return [...found.values()];
}

function parentOf(prototype: object): object {
  return Object.getPrototypeOf(prototype) as object;
}
