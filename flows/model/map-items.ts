import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { evaluate } from './binding.ts';
import { neededMembers } from './policy.ts';
import { StepCancelled, type StepContext, StepFailed } from './run.ts';

/** The list of a map, with what its items have in common. */
export interface Items {
  readonly all: readonly Json[];
  /** Key of each item, where the map has one. */
  readonly keys: readonly (Json | undefined)[];
  /** For each item the place of the first one with its key: only those run. */
  readonly first: readonly number[];
}

/**
 * The list that a map runs over.
 *
 * @throws {StepFailed} when it is no list, or its policy could never be met.
 * @throws {StepCancelled} when it is longer than the limit, which ends the run.
 */
export function readItems({ run, address, frame }: StepContext, { map, policy }: MapStep): Items {
  const all = evaluate(map.over, frame.lookUp);
  if (!Array.isArray(all)) {
    const found = all === undefined ? 'nothing' : JSON.stringify(all).slice(0, 60);
    const message = `Cannot map over "${map.over.$from}" in "${address}" as a list is needed: found ${found}`;
    throw new StepFailed({ type: 'NotAList', message, step: address });
  }
  const list = all as readonly Json[];
  const { maxItems } = run.definition.limits ?? {};
  if (maxItems !== undefined && list.length > maxItems) {
    const reason = `Cannot map over ${list.length} items in "${address}": the limit "maxItems" of ${maxItems} is reached`;
    run.end({ kind: 'limit', limit: 'maxItems', reason });
    throw new StepCancelled();
  }
  const isImpossible =
    typeof policy === 'object' &&
    'atLeast' in policy &&
    neededMembers(policy.atLeast, list.length) > list.length;
  if (isImpossible) {
    const message = `Cannot start "${address}" as ${policy.atLeast} items have to succeed: found ${list.length}`;
    throw new StepFailed({ type: 'ImpossiblePolicy', message, step: address });
  }
  const { key } = map;
  if (key === undefined) {
    return { all: list, keys: list.map(() => undefined), first: list.map((_, index) => index) };
  }
  const keys = list.map((item, index) => evaluate(key, withLocals(frame.lookUp, { item, index })));
  return { all: list, keys, first: firstPlaces(keys) };
}

function firstPlaces(keys: readonly (Json | undefined)[]): number[] {
  const places = new Map<string, number>();
  return keys.map((key, index) => {
    // An item without a key is like no other.
    if (key === undefined) return index;
    const text = canonicalJson(key);
    if (!places.has(text)) places.set(text, index);
    return places.get(text)!;
  });
}

function withLocals(
  lookUp: (root: string) => unknown,
  locals: Readonly<Record<string, unknown>>,
): (root: string) => unknown {
  return (root) => (Object.hasOwn(locals, root) ? locals[root] : lookUp(root));
}
