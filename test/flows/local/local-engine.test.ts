import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Steps } from '../../../contracts/flow-definition.ts';
import { defineTask } from '../../../flows/build/task.ts';
import { runLocally } from '../../../flows/local/run-locally.ts';
import { resumable } from '../../../flows/model/resume.ts';
import { createProbe, flowOf, instantClock, probe, runProbe } from '../support/probe.ts';

describe('tasks in memory', () => {
  it('are tried again, after pauses that grow', async () => {
    const clock = instantClock();
    let tries = 0;
    const { task } = createProbe((_, ctx) => {
      if (++tries < 4) throw new Error('not yet');
      return ctx.attempt;
    });
    const retry = { attempts: 5, first: '1s', factor: 3, max: '5s' };
    const flow = flowOf({ a: probe({}, { retry }) }, { output: { $from: 'a' } });
    expect((await runProbe(flow, [task], { clock })).output).toBe(4);
    expect(clock.slept).toEqual([1000, 3000, 5000]);
  });

  it('wait as long as their first pause says, though the longest one of the defaults is shorter', async () => {
    const clock = instantClock();
    const { task } = createProbe((_, ctx) => {
      if (ctx.attempt < 3) throw new Error('not yet');
    });
    const flow = flowOf({ a: probe({}, { retry: { attempts: 3, first: '2h' } }) });
    expect((await runProbe(flow, [task], { clock })).state).toBe('done');
    expect(clock.slept).toEqual([7_200_000, 7_200_000]);
  });

  it('are not tried again after a failure that no retry can mend', async () => {
    class UnsupportedImage extends Error {
      override readonly name = 'UnsupportedImage';
    }
    const { task, calls } = createProbe(() => {
      throw new UnsupportedImage('Cannot decode it');
    });
    const retry = { attempts: 5, except: ['UnsupportedImage'] };
    const { failure } = await runProbe(flowOf({ a: probe({}, { retry }) }), [task]);
    expect(failure).toEqual({ type: 'UnsupportedImage', message: 'Cannot decode it', step: 'a' });
    expect(calls).toHaveLength(1);
  });

  it('are aborted when their time is over', async () => {
    let signal: AbortSignal | undefined;
    const { task } = createProbe((_, ctx) => {
      signal = ctx.signal;
      return new Promise(() => {});
    });
    const { failure } = await runProbe(flowOf({ a: probe({}, { timeout: '1s' }) }), [task]);
    expect(failure?.type).toBe('Timeout');
    expect(signal?.aborted).toBe(true);
  });

  it('get their defaults filled in, and may give no output that does not fit', async () => {
    const task = defineTask({
      name: 'test.strict@1',
      input: z.object({ width: z.number().default(320) }),
      output: z.number().max(400),
      run: ({ width }) => width * 2,
    });
    const { failure } = await runProbe(flowOf({ a: { task: 'test.strict@1' } }), [task]);
    expect(failure?.type).toBe('InvalidOutput');
    expect(failure?.message).toContain('Cannot use the output of "test.strict@1"');
  });
});

describe('cancellation from outside', () => {
  it('aborts what runs, and still runs what always runs', async () => {
    const controller = new AbortController();
    const { task, calls } = createProbe((_, ctx) => {
      if (ctx.step !== 'a') return null;
      controller.abort();
      return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', reject));
    });
    const steps: Steps = {
      a: probe({}),
      b: probe({}, { after: ['a'] }),
      cleanup: probe({}, { on: 'always', after: ['b'] }),
    };
    const channels = { notes: { merge: 'append' }, sum: { merge: 'sum' } } as const;
    const routed = Object.fromEntries(
      Object.entries(steps).map(([id, step]) => [id, { ...step, routes: { back: id, on: id } }]),
    ) as Steps;
    const result = await runLocally(flowOf(routed, { channels }), {}, [task], {
      signal: controller.signal,
    });
    expect(result).toMatchObject({ state: 'cancelled', reason: 'Cancelled from outside' });
    expect(result.states).toEqual({ a: 'cancelled', b: 'cancelled', cleanup: 'done' });
    expect(calls).toEqual(['a', 'cleanup']);
  });
});

describe('approvals and signals', () => {
  const ask = { approve: { title: 'Publish?', within: '2d' } };

  it('give the answer with the fields of the form', async () => {
    const flow = flowOf({ qa: ask }, { output: { $from: 'qa' } });
    const approve = () => Promise.resolve({ approved: true, by: 'ann', form: { stars: 5 } });
    const { output } = await runProbe(flow, [], { approve });
    expect(output).toEqual({ approved: true, by: 'ann', note: null, stars: 5 });
  });

  it.each([
    ['reject', { approved: false, by: null, note: 'Nobody answered within 2d' }],
    ['approve', { approved: true, by: null, note: 'Nobody answered within 2d' }],
  ] as const)('do "%s" when nobody answers', async (otherwise, value) => {
    const qa = { approve: { ...ask.approve, otherwise } };
    const flow = flowOf({ qa }, { output: { $from: 'qa' } });
    const { output } = await runProbe(flow, [], { approve: () => new Promise(() => {}) });
    expect(output).toEqual(value);
  });

  it('fail when nobody answers and nothing is said', async () => {
    const { failure } = await runProbe(flowOf({ qa: ask }), [], {
      approve: () => new Promise(() => {}),
    });
    expect(failure?.type).toBe('NoAnswer');
  });

  it('wait for a signal and give its payload', async () => {
    const flow = flowOf({ w: { wait: { signal: 'go' } } }, { output: { $from: 'w' } });
    const receive = (name: string) => Promise.resolve({ name });
    expect((await runProbe(flow, [], { receive })).output).toEqual({ name: 'go' });
  });
});

describe('parts of a run', () => {
  const steps: Steps = {
    a: probe({ value: 1 }),
    b: probe({ value: { $from: 'a', or: 7 } } as never),
    c: probe({ value: { $from: 'b' } } as never),
  };
  const flow = flowOf(steps, { output: { $from: 'c', or: 'none' } });

  it('starts at a step, and says what it left out', async () => {
    const result = await runProbe(flow, [createProbe().task], { start: 'b' });
    expect(result).toMatchObject({ state: 'stopped', leftOut: ['a'], output: 7 });
  });

  it('stops after some steps, and says what it left out', async () => {
    const result = await runProbe(flow, [createProbe().task], { stopAfter: 2 });
    expect(result).toMatchObject({ state: 'stopped', leftOut: ['c'] });
  });

  it('resumes a failed run and does again only what was not done', async () => {
    let isBroken = true;
    const { task, calls } = createProbe(({ value }, ctx) => {
      if (isBroken && ctx.step === 'c') throw new Error('broken');
      return value;
    });
    const failed = await runProbe(flow, [task]);
    isBroken = false;
    const resumed = await runProbe(flow, [task], { snapshot: resumable(failed.snapshot) });
    expect(calls).toEqual(['a', 'b', 'c', 'c']);
    expect(resumed.states).toEqual({ a: 'reused', b: 'reused', c: 'done' });
    expect(resumed.output).toBe(1);
  });
});
