import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { neededMembers, reasonOfFailure } from '../model/policy.ts';
import { addressOf } from '../model/step-record.ts';
import { planBody } from './plan-block.ts';
import { evaluatePartly, joinUnknown, Unknown, unknownIn } from './partial-value.ts';
import {
  type Expectation,
  failing,
  outlookOf,
  type PlanContext,
  type PlannedStep,
} from './planned-step.ts';

/** A map: each of its items, once its list is known. */
export async function planMap(context: PlanContext, step: MapStep): Promise<Expectation> {
  const { map, policy = 'strict' } = step;
  const { address, lookUp, planning } = context;
  const list = evaluatePartly(map.over, lookUp);
  if (list instanceof Unknown) return later(context, 'its list is known', list);
  if (!Array.isArray(list)) return failing(`it maps over "${map.over.$from}", which is no list`);
  const all = list as readonly unknown[];
  const { maxItems = Infinity } = planning.definition.limits ?? {};
  if (all.length > maxItems) {
    return failing(`${all.length} items are more than the limit "maxItems" of ${maxItems}`);
  }
  if (
    typeof policy === 'object' &&
    'atLeast' in policy &&
    neededMembers(policy.atLeast, all.length) > all.length
  ) {
    return failing(`${policy.atLeast} of ${all.length} items can't succeed`);
  }
  const keys = keysOf(context, step, all);
  const unknownKey = joinUnknown(keys.map(unknownIn));
  if (unknownKey !== undefined)
    return later(context, 'the keys of its items are known', unknownKey);
  const first = firstPlaces(keys);
  const items = new Map<number, Item>();
  const inner: PlannedStep[] = [];
  for (const [index, item] of all.entries()) {
    if (first[index] !== index) continue;
    const planned = await planItem(context, step, item, index);
    items.set(index, planned);
    inner.push(...planned.listed);
  }
  const outcomes = all.map((_, index) => items.get(first[index]!)!);
  const failed = outcomes.flatMap(({ failure }, index) =>
    failure === undefined ? [] : [String(index)],
  );
  const total = all.length;
  const reason = reasonOfFailure(policy, { total, ok: total - failed.length, skipped: 0, failed });
  if (reason !== undefined) return failing(reason, inner);
  const values = outcomes.filter(({ failure }) => failure === undefined).map(({ value }) => value);
  return {
    outlook: total === 0 ? 'run' : outlookOf(inner),
    words: `${items.size} ${items.size === 1 ? 'item' : 'items'}`,
    presence: 'yes',
    value: {
      count: total,
      ok: values.length,
      failed: failed.length,
      items: values,
      failures: failed.map(() => new Unknown([address])),
    },
    inner,
  };
}

interface Item {
  readonly listed: readonly PlannedStep[];
  readonly value?: unknown;
  readonly failure?: Expectation;
}

async function planItem(
  context: PlanContext,
  { map }: MapStep,
  item: unknown,
  index: number,
): Promise<Item> {
  const key = `[${index}]`;
  const address = addressOf(context.address, key);
  const node = context.node?.inner?.[key];
  if (node?.record !== undefined) {
    const words = `done in run ${context.planning.from}`;
    return {
      listed: [{ address, kind: 'item', outlook: 'reuse', words }],
      value: node.record.value,
    };
  }
  const lookUp = withItem(context, item, index);
  const { block, ...end } = await planBody(
    { ...context, steps: {}, address, node, lookUp },
    map.do,
  );
  return { listed: block.listed, ...end };
}

function keysOf(
  context: PlanContext,
  { map: { key } }: MapStep,
  all: readonly unknown[],
): unknown[] {
  return all.map((item, index) =>
    key === undefined ? undefined : evaluatePartly(key, withItem(context, item, index)),
  );
}

function withItem({ lookUp }: PlanContext, item: unknown, index: number) {
  return (root: string) => (root === 'item' ? item : root === 'index' ? index : lookUp(root));
}

/** For each item the first one of its key: only that one runs. */
function firstPlaces(keys: readonly unknown[]): number[] {
  const places = new Map<string, number>();
  return keys.map((key, index) => {
    if (key === undefined) return index;
    const text = canonicalJson(key as Json);
    if (!places.has(text)) places.set(text, index);
    return places.get(text)!;
  });
}

function later({ address }: PlanContext, what: string, unknown: Unknown): Expectation {
  return {
    outlook: 'unknown',
    words: `its items are planned once ${what}`,
    needs: unknown.because,
    presence: 'yes',
    value: new Unknown([address]),
    inner: [],
  };
}
