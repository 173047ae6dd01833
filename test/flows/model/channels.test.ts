import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Channel, Json, Steps } from '../../../contracts/flow-definition.ts';
import { channelValues, joinParts, partsOf } from '../../../flows/model/channels.ts';
import { createProbe, flowOf, probe, runProbe } from '../support/probe.ts';

const channels: Record<string, Channel> = {
  notes: { merge: 'append' },
  sum: { merge: 'sum', initial: 100 },
};

describe('channels', () => {
  it('lose no write of steps that run together, and keep the order of the plan', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { task } = createProbe(async ({ value }, ctx) => {
          await scheduler.schedule(Promise.resolve());
          ctx.write('notes', value);
          ctx.write('sum', 10);
        });
        const steps: Steps = {
          z: probe({ value: 'z' }),
          group: { parallel: { b: probe({ value: 'b' }), a: probe({ value: 'a' }) } },
          map: {
            map: {
              over: { $from: 'input' },
              do: { steps: { one: probe({ value: { $from: 'item' } } as never) } },
            },
          },
          after: probe({ value: 'after' }, { after: ['z'] }),
        };
        const run = runProbe(flowOf(steps, { channels }), [task], { input: [1, 2, 3] });
        const result = await scheduler.waitFor(run);
        expect(result.channels).toEqual({
          notes: ['a', 'b', 1, 2, 3, 'z', 'after'],
          sum: 170,
        });
      }),
      { numRuns: 30 },
    );
  });

  it('show a step the writes of those before it, and of no others', async () => {
    const seen: Record<string, unknown> = {};
    const { task } = createProbe(({ value }, ctx) => {
      seen[ctx.step] = ctx.read('notes');
      ctx.write('notes', value);
    });
    const steps: Steps = {
      a: probe({ value: 'a' }),
      b: probe({ value: 'b' }),
      c: probe({ value: 'c' }, { after: ['a'] }),
    };
    await runProbe(flowOf(steps, { channels }), [task]);
    expect(seen).toEqual({ a: [], b: [], c: ['a'] });
  });

  it('can be read by bindings', async () => {
    const { task } = createProbe((_, ctx) => ctx.write('sum', 5));
    const flow = flowOf({ a: probe() }, { channels, output: { $from: 'channels.sum' } });
    expect((await runProbe(flow, [task])).output).toBe(105);
  });

  it('keep the writes of earlier attempts', async () => {
    const { task } = createProbe((_, ctx) => {
      ctx.write('notes', ctx.step);
      if (ctx.step === 'b') ctx.goto('back');
    });
    const steps: Steps = { a: probe(), b: probe({}, { after: ['a'], routes: { back: 'a' } }) };
    const result = await runProbe(flowOf(steps, { channels }), [task]);
    expect(result.channels['notes']).toEqual(['a', 'a#2', 'b', 'b#2']);
  });
});

describe('joinParts()', () => {
  const merges = fc.constantFrom<Channel['merge']>('last', 'append', 'sum', 'min', 'max', 'union');

  it('gives one value however the writes are grouped, so that blocks may shorten theirs', () => {
    fc.assert(
      fc.property(merges, fc.array(fc.array(fc.integer({ min: -9, max: 9 }))), (merge, groups) => {
        const declared = { c: { merge } };
        const parts = groups.map((values) =>
          partsOf(
            values.map((value) => ({ channel: 'c', value })),
            declared,
          ),
        );
        const flat: Json[] = groups.flat();
        const whole = partsOf(
          flat.map((value) => ({ channel: 'c', value })),
          declared,
        );
        expect(channelValues(joinParts(parts, declared), declared)).toEqual(
          channelValues(whole, declared),
        );
      }),
    );
  });
});
