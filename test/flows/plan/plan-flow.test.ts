import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import type { FlowDefinition, Json } from '../../../contracts/flow-definition.ts';
import { canonicalJson } from '../../../maths/canonical-json.ts';
import { defineTask } from '../../../flows/build/task.ts';
import { LocalEngine } from '../../../flows/local/local-engine.ts';
import { resumable } from '../../../flows/model/resume.ts';
import { type RunResult, startRun } from '../../../flows/model/run-flow.ts';
import { planFlow, type TakenOver } from '../../../flows/plan/plan-flow.ts';
import type { PlanPort } from '../../../flows/plan/planned-step.ts';
import { flowOf, probe } from '../support/probe.ts';
import { randomFlow } from '../support/random-flows.ts';

/** A number that any input gives: a task that never fails, as a plan assumes. */
const compute = defineTask({
  name: 'test.compute@1',
  input: z.unknown(),
  output: z.object({ n: z.number() }),
  cache: true,
  run: (input) => ({ n: numberOf(input) }),
});

const inputs = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

describe('planFlow() on random flows', () => {
  it('says nothing that the run does not do, whatever results are kept', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, inputs, fc.nat(), async (flow, list, seed) => {
        const definition: FlowDefinition = { ...head, ...flow };
        const kept = (input: Json) => numberOf([input, seed]) % 2 === 0;
        const plan = await planFlow(definition, { list }, portOf(kept));
        const result = await run(definition, { list });
        const foreseen = new Map(plan.steps.map(({ address, outlook }) => [address, outlook]));
        const failed = Object.entries(settled(result)).filter(([, state]) => state === 'failed');
        // A plan holds if nothing fails but what it names: here, if no iteration comes to its limit.
        if (failed.some(([address]) => foreseen.get(address) !== 'fail')) return;
        for (const [address, outlook] of foreseen) {
          if (outlook !== 'unknown') {
            expect([address, result.states[address]]).toEqual([address, states[outlook]]);
          }
        }
        if (plan.failure !== undefined) expect(result.state).toBe('failed');
      }),
      { numRuns: 300 },
    );
  });

  it('knows every step and the output when every result is kept', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, inputs, async (flow, list) => {
        const definition: FlowDefinition = { ...head, ...flow };
        const plan = await planFlow(
          definition,
          { list },
          portOf(() => true),
        );
        const result = await run(definition, { list });
        const ran = settled(result);
        const planned = plan.steps.map(({ address, outlook }) => [address, states[outlook]]);
        // The words of a failure are unknown before it, and with them what is made of them.
        const isBlurred = plan.counts.fail > 0;
        if (isBlurred) {
          const definite = planned.filter(([, state]) => state !== states.unknown);
          expect(ran).toMatchObject(Object.fromEntries(definite));
        } else {
          expect(Object.fromEntries(planned)).toEqual(ran);
        }
        expect(
          plan.steps.some(({ outlook, task }) => outlook === 'run' && task !== undefined),
        ).toBe(false);
        if (!isBlurred) expect(plan.failure === undefined).toBe(result.state === 'done');
        if (plan.outputNeeds === undefined) expect(plan.output).toEqual(result.output);
        else expect(isBlurred).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('planFlow()', () => {
  const twoMaps = flowOf(
    {
      first: {
        map: {
          over: { $from: 'input.list' },
          do: { steps: { one: { task: 'test.compute@1', with: { v: { $from: 'item' } } } } },
        },
      },
      second: {
        map: {
          over: { $from: 'first.items' },
          do: { steps: { two: { task: 'test.compute@1', with: { v: { $from: 'item.n' } } } } },
        },
      },
      last: { task: 'test.plain@1', with: { all: { $from: 'second.items' } } },
    },
    { output: { $from: 'last' } },
  );

  it('goes item by item through maps that follow each other', async () => {
    const isKept = (input: Json) => (input as { v: number }).v !== 2;
    const plan = await planFlow(twoMaps, { list: [1, 2] }, portOf(isKept));
    expect(brief(plan)).toEqual([
      'first run',
      'first[0].one reuse',
      'first[1].one run',
      'second unknown',
      'second[0].two reuse',
      'second[1].two unknown after first[1].one',
      'last run after second[1].two',
    ]);
    expect(plan.counts).toEqual({ run: 2, reuse: 2, skip: 0, fail: 0, unknown: 1 });
    expect(plan.outputNeeds).toEqual(['last']);
  });

  it('takes over what an earlier run had done, down to single items', async () => {
    const failing = flowOf({
      items: {
        map: {
          over: { $from: 'input.list' },
          do: { steps: { one: { task: 'test.compute@1', with: { v: { $from: 'item' } } } } },
        },
      },
      broken: probe({}, { task: 'test.broken@1', after: ['items'] }),
      never: probe({}, { after: ['broken'] }),
    });
    const broken = defineTask({
      name: 'test.broken@1',
      input: z.unknown(),
      output: z.unknown(),
      retry: { attempts: 1 },
      run: () => Promise.reject(new Error('broken')),
    });
    const before = await run(failing, { list: [1, 2] }, [broken]);
    expect(before.state).toBe('failed');
    const from = { runId: 'r7', snapshot: resumable(before.snapshot) };
    const plan = await planFlow(
      failing,
      { list: [1, 2] },
      portOf(() => false),
      from,
    );
    expect(brief(plan)).toEqual(['items reuse', 'broken run', 'never run']);
    expect(plan.steps[0]!.words).toBe('done in run r7');
    await takesOverSingleItems();
  });

  async function takesOverSingleItems() {
    const flow = flowOf({
      items: {
        map: {
          over: { $from: 'input.list' },
          do: { steps: { one: probe({ value: { $from: 'item' } } as never) } },
        },
      },
    });
    const node = (value: Json) =>
      ({ state: 'done', record: { state: 'reused', value, steps: 0 } }) as const;
    const root = {
      state: 'running',
      inner: { items: { state: 'failed', inner: { '[1]': node(5) } } },
    };
    const snapshot = { startedAtMs: 0, root } as TakenOver['snapshot'];
    const plan = await planFlow(
      flow,
      { list: [4, 5] },
      portOf(() => false),
      { runId: 'r8', snapshot },
    );
    expect(brief(plan)).toEqual(['items run', 'items[0].one run', 'items[1] reuse']);
  }

  it('decides conditions that are known, and says what the others wait for', async () => {
    const flow = flowOf({
      a: probe(),
      yes: probe({}, { if: { eq: [{ $from: 'input.kind' }, 'x'] } }),
      no: probe({}, { if: { ne: [{ $from: 'input.kind' }, 'x'] } }),
      perhaps: probe({}, { if: { exists: { $from: 'a' } } }),
      both: probe({}, { if: { and: [{ exists: { $from: 'a' } }, { eq: [1, 2] }] } }),
      after: probe({ v: { $from: 'perhaps' } } as never),
      pick: {
        choose: [
          { name: 'one', if: { gt: [{ $from: 'a.n' }, 1] }, do: { steps: { x: probe() } } },
          { name: 'two', do: { steps: { y: probe() } } },
        ],
      },
      trouble: probe({}, { on: 'failure', after: ['a'] }),
      ask: { approve: { title: 'Well?' } },
    });
    const plan = await planFlow(
      flow,
      { kind: 'x' },
      portOf(() => false),
    );
    expect(brief(plan)).toEqual([
      'a run',
      'ask run',
      'no skip',
      'yes run',
      'both skip',
      'perhaps unknown after a',
      'pick unknown after a',
      'trouble skip',
      'after unknown after a',
    ]);
  });

  it('foresees failures: limits, no list, a value that is not there, iterations that never end', async () => {
    const flow = flowOf(
      {
        many: { map: { over: { $from: 'input.list' }, do: { steps: { s: probe() } } } },
        none: { map: { over: { $from: 'input.kind' }, do: { steps: { t: probe() } } } },
        absent: probe({ list: [{ $from: 'input.nothing' }] } as never),
        endless: {
          repeat: { max: 3, until: { eq: [1, 2] }, do: { steps: { u: probe() } } },
        },
        next: probe({}, { after: ['absent'] }),
        help: probe({}, { after: ['absent'], on: 'failure' }),
      },
      { limits: { maxItems: 1 } },
    );
    const plan = await planFlow(
      flow,
      { list: [1, 2], kind: 'x' },
      portOf(() => false),
    );
    expect(
      Object.fromEntries(plan.steps.map(({ address, words }) => [address, words])),
    ).toMatchObject({
      many: '2 items are more than the limit "maxItems" of 1',
      none: 'it maps over "input.kind", which is no list',
      absent: 'Cannot read "input.nothing" as it is absent and has no "or"',
      endless: 'its condition does not hold within the limit "max" of 3',
      next: 'absent will fail',
      help: 'runs each time',
    });
    expect(plan.failure).toBeDefined();
  });

  it('looks into flows that are called, and not without end', async () => {
    const called = flowOf(
      { inside: { task: 'test.compute@1', with: { v: { $from: 'input.v' } } } },
      { output: { $from: 'inside' } },
    );
    const flow = flowOf({
      call: { flow: 'called@1', with: { v: 1 } },
      self: { flow: 'self@1' },
      use: { task: 'test.compute@1', with: { v: { $from: 'call.n' } } },
    });
    const selfish = flowOf({ again: { flow: 'self@1' } });
    const flows: Record<string, FlowDefinition> = { 'called@1': called, 'self@1': selfish };
    const port = { ...portOf(() => false), flow: (name: string) => flows[name] };
    expect(brief(await planFlow(flow, {}, port))).toEqual([
      'call run',
      'call.inside run',
      'self run',
      'self.again run',
      'use unknown after call.inside',
    ]);
  });
});

const head = { flow: '1', name: 'random', version: '1.0.0' } as const;

const states = {
  run: 'done',
  reuse: 'done',
  skip: 'skipped',
  fail: 'failed',
  unknown: '?',
} as const;

function numberOf(input: unknown): number {
  const text = canonicalJson(input);
  let n = 7;
  for (let at = 0; at < text.length; at++) n = (n * 31 + text.charCodeAt(at)) % 1009;
  return n % 10;
}

/** Results of those inputs are kept. */
function portOf(isKept: (input: Json) => boolean): PlanPort {
  return {
    factsOf: (name) => (name === compute.facts.name ? compute.facts : undefined),
    recall: (_task, input) =>
      Promise.resolve(isKept(input) ? { value: { n: numberOf(input) } } : null),
    flow: () => undefined,
  };
}

function run(
  definition: FlowDefinition,
  input: Json,
  more: readonly unknown[] = [],
): Promise<RunResult> {
  const all = [compute, ...(more as (typeof compute)[])];
  const tasks = new Map(all.map((task) => [task.facts.name, task]));
  return startRun({ definition, input, engine: new LocalEngine(tasks, 'r', {}), runId: 'r' })
    .result;
}

/** States of steps; items, branches and iterations are places and no steps. */
function settled({ states: all }: RunResult): Record<string, string> {
  const isStep = ([address, state]: [string, string]) =>
    state !== 'waiting' && state !== 'running' && !/[\])]$/.test(address);
  return Object.fromEntries(Object.entries(all).filter(isStep));
}

function brief({ steps }: Awaited<ReturnType<typeof planFlow>>): string[] {
  return steps.map(
    ({ address, outlook, needs }) =>
      `${address} ${outlook}${needs === undefined ? '' : ` after ${needs.join(', ')}`}`,
  );
}
