import type { Binding, From } from '../../contracts/flow-definition.ts';
import { evaluate, isFrom, isList, isText, MissingValue, type Scope } from '../model/binding.ts';
import { follow, parsePath } from '../model/path.ts';
import { referencesIn } from '../model/references.ts';

/** A value that is not there before a run; it may stand for a part of a value that is. */
export class Unknown {
  /** Addresses of the steps that have to run first; empty when the run itself gives it. */
  readonly because: readonly string[];

  constructor(because: Iterable<string>) {
    this.because = [...new Set(because)];
  }
}

const seen = new WeakMap<object, Unknown | 'known'>();

/** What is unknown inside of a value, all in one; `undefined` when the whole of it is known. */
export function unknownIn(value: unknown): Unknown | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Unknown) return value;
  // A list of 10,000 items is looked at by each of their bodies: once is enough.
  let found = seen.get(value);
  if (found === undefined) {
    found = joinUnknown(Object.values(value).map(unknownIn)) ?? 'known';
    seen.set(value, found);
  }
  return found === 'known' ? undefined : found;
}

/** Unknown for the reasons of all of them; `undefined` when none is. */
export function joinUnknown(parts: readonly (Unknown | undefined)[]): Unknown | undefined {
  const found = parts.filter((part) => part !== undefined);
  return found.length === 0 ? undefined : new Unknown(found.flatMap(({ because }) => because));
}

/**
 * The value of a binding as far as it is known: as `evaluate` where it is, with `Unknown` in the places
 * that are not. What is inside of an unknown value is unknown.
 *
 * @throws {MissingValue} as `evaluate` does.
 */
export function evaluatePartly(binding: Binding, scope: Scope): unknown {
  if (typeof binding !== 'object' || binding === null) return binding;
  if (!readsUnknown(binding, scope)) return evaluate(binding, scope);
  if (isList(binding)) return binding.map((item) => evaluatePresent(item, scope));
  if (isFrom(binding)) return evaluateFrom(binding, scope);
  if (isText(binding)) {
    return joinUnknown(binding.$text.map((piece) => unknownIn(evaluatePresent(piece, scope))));
  }
  const members = Object.entries(binding)
    .map(([key, member]) => [key, evaluatePartly(member, scope)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(members);
}

function readsUnknown(binding: Binding, scope: Scope): boolean {
  return referencesIn(binding, '').some(
    ({ from }) => unknownIn(followPartly(from, scope)) !== undefined,
  );
}

function evaluateFrom(from: From, scope: Scope): unknown {
  const value = followPartly(from, scope);
  return value === undefined && from.or !== undefined ? evaluatePartly(from.or, scope) : value;
}

function evaluatePresent(item: Binding, scope: Scope): unknown {
  const value = evaluatePartly(item, scope);
  if (value === undefined) throw new MissingValue((item as From).$from);
  return value;
}

function followPartly({ $from }: From, scope: Scope): unknown {
  const { root, rest } = parsePath($from);
  let value = scope(root);
  for (const part of rest) {
    if (value instanceof Unknown) return value;
    value = follow(value, [part]);
  }
  return value;
}
