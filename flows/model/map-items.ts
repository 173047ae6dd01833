import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import { isStoredList, type StoredList } from '../../contracts/stored-list.ts';
import { evaluate, type Scope } from './binding.ts';
import { firstPlaces, type MapLayout } from './map-layout.ts';
import { neededMembers } from './policy.ts';
import { StepCancelled, type StepContext, StepFailed } from './run.ts';
import { withStored } from './stored-lists.ts';

/** The places of a list, each with the first one of its key: only those run. */
export type Items = MapLayout & Required<Pick<MapLayout, 'first'>>;

/**
 * The list that a map runs over.
 *
 * @throws {StepFailed} when it is no list, or its policy could never be met.
 * @throws {StepCancelled} when it is longer than the limit, which ends the run.
 */
export async function readList(
  { run, address, frame }: StepContext,
  { map, policy }: MapStep,
): Promise<readonly Json[] | StoredList> {
  const all = await withStored(run.engine, () => evaluate(map.over, frame.lookUp));
  if (!isList(all)) {
    const found = all === undefined ? 'nothing' : JSON.stringify(all).slice(0, 60);
    const message = `Cannot map over "${map.over.$from}" in "${address}" as a list is needed: found ${found}`;
    throw new StepFailed({ type: 'NotAList', message, step: address });
  }
  const count = isStoredList(all) ? all.count : all.length;
  const { maxItems } = run.definition.limits ?? {};
  if (maxItems !== undefined && count > maxItems) {
    const reason = `Cannot map over ${count} items in "${address}": the limit "maxItems" of ${maxItems} is reached`;
    run.end({ kind: 'limit', limit: 'maxItems', reason });
    throw new StepCancelled();
  }
  const isImpossible =
    typeof policy === 'object' &&
    'atLeast' in policy &&
    neededMembers(policy.atLeast, count) > count;
  if (isImpossible) {
    const message = `Cannot start "${address}" as ${policy.atLeast} items have to succeed: found ${count}`;
    throw new StepFailed({ type: 'ImpossiblePolicy', message, step: address });
  }
  return all;
}

/** What the items have in common. */
export function keyedItems(
  { frame }: StepContext,
  { map: { key } }: MapStep,
  list: readonly Json[],
): Items {
  const count = list.length;
  if (key === undefined) return { count, first: list.map((_, index) => index) };
  const keys = list.map((item, index) => evaluate(key, withLocals(frame.lookUp, { item, index })));
  return {
    count,
    first: firstPlaces(keys),
    keys: keys.map((found) => (found === undefined ? [] : [found])),
  };
}

/** A scope with more in it. */
export function withLocals(around: Scope, locals: Readonly<Record<string, unknown>>): Scope {
  return (root) => (Object.hasOwn(locals, root) ? locals[root] : around(root));
}

function isList(value: Json | undefined): value is readonly Json[] | StoredList {
  return Array.isArray(value) || isStoredList(value);
}
