import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Steps } from '../../../contracts/flow-definition.ts';
import { LocalEngine } from '../../../flows/local/local-engine.ts';
import { INLINE_ITEMS, type Engine, type MapCall } from '../../../flows/model/engine.ts';
import { startBatch } from '../../../flows/model/run-batch.ts';
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
  it('comes to the same in batches, even ones that pause, as a map that runs whole', async () => {
    const item = fc.record({ key: fc.nat(400), bad: fc.boolean() });
    const lists = fc.array(item, { minLength: INLINE_ITEMS, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 7, max: 90 }), async (list, size) => {
        const whole = await run(list);
        const batches: number[] = [];
        const cut = await run(list, (engine) => ({
          runMap: async (call) => {
            const answers = [];
            for (let at = 0; at < call.items.length; at += size) {
              batches.push(at);
              answers.push(
                ...(await runPart({ ...call, items: call.items.slice(at, at + size) }, engine)),
              );
            }
            return { items: answers };
          },
        }));
        const different = new Set(list.map(({ key }) => key)).size;
        expect(batches.length > 0).toBe(different > INLINE_ITEMS);
        expect(cut.output).toEqual(whole.output);
        expect(cut.channels).toEqual(whole.channels);
      }),
      { numRuns: 30 },
    );
  });
});

function run(list: readonly object[], more: (engine: Engine) => Partial<Engine> = () => ({})) {
  const engine = createEngine();
  return startRun({
    definition,
    input: { list } as never,
    engine: Object.assign(engine, more(engine)),
    runId: 'run',
  }).result;
}

async function runPart(call: MapCall, engine: Engine) {
  const facts = { id: 'run', flow: 'test', version: '1.0.0', startedAt: '' };
  let root: object | undefined;
  for (;;) {
    let started = 0;
    const own = Object.assign(createEngine(), {
      runTask: (...call: Parameters<Engine['runTask']>) => (started++, engine.runTask(...call)),
      isAdvisedToPause: () => started >= 20,
    });
    const batch = { definition, input: {}, facts, call, ...(root && { root: root as never }) };
    const result = await startBatch(JSON.parse(JSON.stringify(batch)) as typeof batch, own).result;
    if (result.state === 'done') return result.items;
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
