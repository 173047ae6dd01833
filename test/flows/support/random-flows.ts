import fc from 'fast-check';
import { z } from 'zod';
import type {
  Binding,
  Block,
  Condition,
  Policy,
  Step,
  Steps,
} from '../../../contracts/flow-definition.ts';
import { canonicalJson } from '../../../maths/canonical-json.ts';
import { defineTask } from '../../../flows/build/task.ts';

/** What the random flows are made of: a task that fails for some inputs, and always for the same. */
export function compute(input: unknown): { n: number } | undefined {
  const text = canonicalJson(withoutWords(input));
  let n = 7;
  for (let at = 0; at < text.length; at++) n = (n * 31 + text.charCodeAt(at)) % 1009;
  return n % 5 === 0 ? undefined : { n: n % 10 };
}

/** The reference keeps no words of failures, so nothing may depend on them. */
export function withoutWords(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutWords);
  const kept = Object.entries(value).filter(([key]) => key !== 'error' && key !== 'failures');
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutWords(part)]));
}

/** `compute` as a task. */
export const computeTask = defineTask({
  name: 'test.compute@1',
  input: z.unknown(),
  output: z.object({ n: z.number() }),
  retry: { attempts: 1 },
  run: (input) => {
    const result = compute(input);
    if (result === undefined) throw new Error('Cannot compute this');
    return result;
  },
});

/** Flows of every kind of step that needs no clock and no person, with failures on the way. */
export const randomFlow: fc.Arbitrary<Block> = blockOf('s', 2, []);

function blockOf(prefix: string, depth: number, outside: readonly string[]): fc.Arbitrary<Block> {
  return stepsOf(prefix, depth, outside).map((steps) => ({
    steps,
    output: Object.fromEntries(
      Object.keys(steps).map((id) => [id, { $from: id, or: 'absent' }]),
    ) as Binding,
  }));
}

function stepsOf(prefix: string, depth: number, outside: readonly string[]): fc.Arbitrary<Steps> {
  return fc.integer({ min: 1, max: depth === 2 ? 6 : 3 }).chain((count) => {
    const ids = Array.from({ length: count }, (_, place) => `${prefix}${place}`);
    const steps = ids.map((id, place) => stepOf(id, depth, ids.slice(0, place), outside));
    return fc
      .tuple(...steps)
      .map((made) => Object.fromEntries(made.map((step, place) => [ids[place]!, step])));
  });
}

function stepOf(
  id: string,
  depth: number,
  before: readonly string[],
  outside: readonly string[],
): fc.Arbitrary<Step> {
  const visible = [...outside, ...before];
  const base = fc.record({
    on: fc.constantFrom('success', 'success', 'success', 'always', 'failure'),
    if: fc.option(conditionOn(visible), { nil: undefined, freq: 4 }),
    after: fc.subarray([...before], { maxLength: Math.min(2, before.length) }),
  });
  return fc
    .tuple(base, kindOf(id, depth, visible))
    .map(([shared, kind]) => JSON.parse(JSON.stringify({ ...shared, ...kind })) as Step);
}

function kindOf(id: string, depth: number, visible: readonly string[]): fc.Arbitrary<object> {
  const task = taskOn(visible);
  if (depth === 0) return task;
  const inner = blockOf(`${id}x`, depth - 1, visible);
  return fc.oneof(
    { weight: 5, arbitrary: task },
    { weight: 1, arbitrary: groupOf(id, depth, visible) },
    { weight: 1, arbitrary: mapOf(id, depth, visible) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(conditionOn(visible), inner, blockOf(`${id}y`, depth - 1, visible), fc.boolean())
        .map(([condition, first, second, hasElse]) => ({
          choose: [
            { name: 'one', if: condition, do: first },
            { name: 'two', ...(hasElse ? {} : { if: condition }), do: second },
          ],
        })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          taskOn([...visible, 'loop']),
          fc.integer({ min: 0, max: 9 }),
          fc.integer({ min: 1, max: 4 }),
        )
        .map(([body, enough, max]) => ({
          repeat: {
            start: { n: 0 },
            do: { steps: { [`${id}x0`]: body } },
            until: { ge: [{ $from: 'loop.last.n' }, enough] },
            max,
          },
        })),
    },
  );
}

function groupOf(id: string, depth: number, visible: readonly string[]): fc.Arbitrary<object> {
  return stepsOf(`${id}x`, depth - 1, visible).chain((members) =>
    policyFor(Object.keys(members)).map((policy) => ({ parallel: members, policy })),
  );
}

function mapOf(id: string, depth: number, visible: readonly string[]): fc.Arbitrary<object> {
  const body = blockOf(`${id}x`, depth - 1, [...visible, 'item', 'index']);
  return fc
    .tuple(body, policyFor([]), fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([made, policy, concurrency, hasKey]) => ({
      map: {
        over: { $from: 'input.list' },
        ...(hasKey ? { key: { $from: 'item' } } : {}),
        concurrency,
        do: made,
      },
      policy,
    }));
}

function policyFor(ids: readonly string[]): fc.Arbitrary<Policy> {
  const named = fc.constantFrom<Policy>('strict', 'bestEffort', { atLeast: '50%' }, { atLeast: 1 });
  if (ids.length === 0) return fc.constantFrom<Policy>('strict', 'bestEffort', { atLeast: '50%' });
  const critical = fc.subarray([...ids], { minLength: 1 }).map((some) => ({ critical: some }));
  return fc.oneof(named, critical);
}

function taskOn(visible: readonly string[]): fc.Arbitrary<object> {
  const reads = fc.array(referenceTo(visible), { maxLength: 2 });
  return fc.tuple(reads, fc.nat(99)).map(([values, salt]) => ({
    task: 'test.compute@1',
    with: Object.fromEntries([
      ['salt', salt],
      ...values.map((value, at) => [`v${at}`, value]),
    ]) as Binding,
  }));
}

function referenceTo(visible: readonly string[]): fc.Arbitrary<Binding> {
  return fc
    .tuple(fc.constantFrom('input.list', ...visible), fc.boolean())
    .map(([path, hasOr]) => (hasOr ? { $from: path, or: 'none' } : { $from: path }));
}

function conditionOn(visible: readonly string[]): fc.Arbitrary<Condition> {
  return fc
    .tuple(
      fc.constantFrom('input.list[0]', ...visible.map((id) => `${id}.n`)),
      fc.integer({ min: 0, max: 9 }),
      fc.boolean(),
    )
    .map(([path, least, isNot]): Condition => {
      const condition: Condition = { ge: [{ $from: path }, least] };
      return isNot ? { not: condition } : condition;
    });
}
