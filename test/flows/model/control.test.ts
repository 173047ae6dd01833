import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Steps } from '../../../contracts/flow-definition.ts';
import { defineTask, type Task } from '../../../flows/build/task.ts';
import { createProbe, flowOf, probe, runProbe } from '../support/probe.ts';

describe('goto', () => {
  const steps: Steps = {
    download: probe({ value: 'file' }),
    check: probe({ value: { $from: 'download' } } as never, {
      routes: { back: 'download', on: 'publish' },
    }),
    polish: probe({ value: { $from: 'check' } } as never),
    publish: probe({ value: { $from: 'polish', or: 'raw' } } as never),
  };

  it('runs the target and what follows it again, and not what followed the jump', async () => {
    let checks = 0;
    const { task, calls } = createProbe(({ value }, ctx) => {
      if (ctx.step.startsWith('check') && ++checks === 1) ctx.goto('back');
      return value;
    });
    const result = await runProbe(flowOf(steps), [task]);
    expect(calls).toEqual(['download', 'check', 'download#2', 'check#2', 'polish', 'publish']);
    expect(result.state).toBe('done');
    expect(result.states).toMatchObject({ check: 'done', 'check#2': 'done', polish: 'done' });
  });

  it('jumps forward over what it leaves out', async () => {
    const { task, calls } = createProbe(({ value }, ctx) => {
      if (ctx.step === 'check') ctx.goto('on');
      return value;
    });
    const result = await runProbe(flowOf(steps, { output: { $from: 'publish' } }), [task]);
    expect(calls).toEqual(['download', 'check', 'publish']);
    expect(result.states).toMatchObject({ polish: 'skipped', publish: 'done' });
    expect(result.output).toBe('raw');
  });

  it('ends at maxSteps when it never stops', async () => {
    const { task } = createProbe((_, ctx) => {
      if (ctx.step.startsWith('check')) ctx.goto('back');
    });
    const result = await runProbe(flowOf(steps, { limits: { maxSteps: 30 } }), [task]);
    expect(result).toMatchObject({ state: 'failed', limit: 'maxSteps' });
  });

  it('refuses a route that the task does not declare', async () => {
    const { task } = createProbe((_, ctx) => ctx.goto('elsewhere'));
    const { failure } = await runProbe(flowOf({ a: probe() }), [task]);
    expect(failure).toMatchObject({ type: 'Undeclared', step: 'a' });
  });
});

describe('again', () => {
  it('runs the step again with data over its input', async () => {
    const { task, calls } = createProbe(({ value, tried = 0 }, ctx) => {
      if ((tried as number) < 2) ctx.again({ tried: (tried as number) + 1 });
      return `${value as string} after ${tried as number}`;
    });
    const flow = flowOf({ a: probe({ value: 'x' }) }, { output: { $from: 'a' } });
    expect((await runProbe(flow, [task])).output).toBe('x after 2');
    expect(calls).toEqual(['a', 'a(2)', 'a(3)']);
  });

  it('fails beyond the repeats that the task declares', async () => {
    const { task, calls } = createProbe((_, ctx) => ctx.again({}));
    const { failure } = await runProbe(flowOf({ a: probe() }), [task]);
    expect(failure?.type).toBe('Undeclared');
    expect(calls).toHaveLength(4);
  });
});

describe('spawn', () => {
  const leaf = defineTask({
    name: 'test.leaf@1',
    input: z.object({ n: z.number() }),
    output: z.number(),
    run: ({ n }) => n * n,
  });
  const parent = defineTask({
    name: 'test.parent@1',
    input: z.object({ count: z.number() }),
    output: z.object({ made: z.number() }),
    spawns: [leaf],
    run: ({ count }, ctx) => {
      for (let n = 0; n < count; n++) ctx.spawn(leaf, { n });
      return { made: count };
    },
  });
  const flow = flowOf(
    { a: { task: 'test.parent@1', with: { count: 3 } } },
    { output: { $from: 'a' } },
  );

  it('adds tasks whose outputs the step collects, and is done when all are', async () => {
    const { output } = await runProbe(flow, [parent, leaf] as Task[]);
    expect(output).toEqual({
      made: 3,
      spawned: { count: 3, ok: 3, failed: 0, items: [0, 1, 4], failures: [] },
    });
  });

  it('counts towards maxSteps', async () => {
    const limited = { ...flow, limits: { maxSteps: 3 } };
    const result = await runProbe(limited, [parent, leaf] as Task[]);
    expect(result).toMatchObject({ state: 'failed', limit: 'maxSteps' });
  });
});

describe('stop and cancel', () => {
  const steps: Steps = {
    a: probe(),
    b: probe({ value: { $from: 'a' } } as never),
    cleanup: probe({}, { on: 'always', after: ['b'] }),
  };

  it('stop ends the run well: what has not run is skipped, what always runs has run', async () => {
    const { task } = createProbe((_, ctx) => (ctx.step === 'a' ? ctx.stop('enough') : undefined));
    const result = await runProbe(flowOf(steps), [task]);
    expect(result).toMatchObject({ state: 'done', reason: 'enough' });
    expect(result.states).toEqual({ a: 'done', b: 'skipped', cleanup: 'done' });
  });

  it('cancel ends the run as failed', async () => {
    const { task } = createProbe((_, ctx) => (ctx.step === 'a' ? ctx.cancel('broken') : undefined));
    const result = await runProbe(flowOf(steps), [task]);
    expect(result).toMatchObject({ state: 'failed', reason: 'broken' });
    expect(result.states).toEqual({ a: 'done', b: 'cancelled', cleanup: 'done' });
  });
});
