import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, Steps } from '../../../contracts/flow-definition.ts';
import { LocalEngine } from '../../../flows/local/local-engine.ts';
import { joinParts } from '../../../flows/model/channels.ts';
import {
  INLINE_ITEMS,
  type Engine,
  type ItemAnswer,
  type MapAnswer,
  type MapCall,
} from '../../../flows/model/engine.ts';
import {
  joinAnswers,
  layOut,
  type MapLayout,
  type PageItem,
} from '../../../flows/model/map-layout.ts';
import { type BatchResult, headOf, startBatch } from '../../../flows/model/run-batch.ts';
import { startRun } from '../../../flows/model/run-flow.ts';
import { createProbe, flowOf, probe } from '../support/probe.ts';

const channels = { notes: { merge: 'append' } } as const;
const steps: Steps = {
  first: probe({ value: 'first' }),
  all: {
    map: {
      over: { $from: 'input.list' },
      key: { $from: 'item.key' },
      concurrency: 4,
      do: {
        steps: {
          one: probe({
            value: [{ $from: 'first' }, { $from: 'item.key' }],
            fail: { $from: 'item.bad' },
          } as never),
        },
      },
    },
    policy: 'bestEffort',
  },
};
const definition = flowOf(steps, { channels, output: { $from: 'all' } });

describe('startBatch()', () => {
  it('comes to the same in parts, even ones that pause, as a map that runs whole', async () => {
    const item = fc.record({ key: fc.nat(400), bad: fc.boolean() });
    const lists = fc.array(item, { minLength: INLINE_ITEMS, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 7, max: 90 }), async (list, size) => {
        const whole = await run(list);
        let parts = 0;
        const cut = await run(list, (engine) => ({
          runMap: async (call) => {
            const { layout, pages } = layOut(call.list as Json[], keyOf, {
              batch: size,
              atOnce: 1,
            });
            const ends = [];
            for (const page of pages) ends.push(await runPart(call, page, [], engine));
            parts = ends.length;
            return mapAnswer(layout, ends);
          },
        }));
        const different = new Set(list.map(({ key }) => key)).size;
        expect(parts > 0).toBe(different > INLINE_ITEMS);
        expect(cut.output).toEqual(whole.output);
        expect(cut.channels).toEqual(whole.channels);
      }),
      { numRuns: 30 },
    );
  });

  it('does not run again what an earlier run had done', async () => {
    const list = Array.from({ length: 60 }, (_, key) => ({ key, bad: key === 7 }));
    const { layout, pages } = layOut(list, keyOf, { batch: 100, atOnce: 1 });
    let calls = 0;
    await run(list, (engine) => {
      const counting = Object.assign(createEngine(), {
        runTask: (...call: Parameters<Engine['runTask']>) => (calls++, engine.runTask(...call)),
      });
      return {
        runMap: async (call) => {
          const first = await runPart(call, pages[0]!, [], counting);
          expect(calls).toBe(60);
          const again = await runPart(call, pages[0]!, first.answers, counting);
          expect(calls).toBe(61);
          expect(again.answers.map(({ value }) => value)).toEqual(
            first.answers.map(({ value }) => value),
          );
          return mapAnswer(layout, [again]);
        },
      };
    });
    expect(calls).toBe(61);
  });
});

const keyOf = (item: Json) => (item as { key: number }).key;

type DoneBatch = Extract<BatchResult, { state: 'done' }>;

function mapAnswer(layout: MapLayout, ends: readonly DoneBatch[]): MapAnswer {
  const answers = ends.flatMap((end) => end.answers);
  const joined = joinAnswers(layout, new Map(answers.map((answer) => [answer.index, answer])));
  const { count, items, failures } = joined;
  expect(ends.reduce((failed, end) => failed + end.failed, 0)).toBe(failures.length);
  return {
    count,
    ok: items.length,
    failed: failures.length,
    items,
    failures: failures as unknown as Json,
    named: failures,
    writes: joinParts(
      ends.map(({ writes }) => writes),
      channels,
    ),
  };
}

function run(list: readonly object[], more: (engine: Engine) => Partial<Engine> = () => ({})) {
  const engine = createEngine();
  return startRun({
    definition,
    input: { list } as never,
    engine: Object.assign(engine, more(engine)),
    runId: 'run',
  }).result;
}

async function runPart(
  { step, address, pointer, outside, writes }: MapCall,
  page: readonly PageItem[],
  known: readonly ItemAnswer[],
  engine: Engine,
): Promise<DoneBatch> {
  const facts = { id: 'run', flow: 'test', version: '1.0.0', startedAt: '' };
  const head = headOf(definition);
  const input = { head, step, address, pointer, facts, outside, writes, allowedFailures: null };
  let root: object | undefined;
  for (;;) {
    let started = 0;
    const own = Object.assign(createEngine(), {
      runTask: (...call: Parameters<Engine['runTask']>) => (started++, engine.runTask(...call)),
      isAdvisedToPause: () => started >= 20,
    });
    const batch = { ...input, ...(root && { root: root as never }) };
    const travelled = JSON.parse(JSON.stringify(batch)) as typeof batch;
    const result = await startBatch(travelled, page, known, own).result;
    if (result.state === 'done') return result;
    root = result.root;
  }
}

function createEngine(): LocalEngine {
  const { task } = createProbe(({ value }, context) => {
    context.write('notes', value);
    return value;
  });
  return new LocalEngine(new Map([[task.facts.name, task]]), 'run', {});
}
