import { describe, expect, it } from '@jest/globals';
import type { FlowDefinition, Step, Steps } from '../../../contracts/flow-definition.ts';
import { createProbe, flowOf, probe, runProbe } from '../support/probe.ts';

/** Four executions: more than a limit of three allows. */
const chain: Steps = {
  s1: probe(),
  s2: probe({}, { after: ['s1'] }),
  s3: probe({}, { after: ['s2'] }),
  s4: probe({}, { after: ['s3'] }),
};
const endless: Steps = { s1: { wait: { for: '9d' } } };
const manyItems: Steps = {
  s1: { map: { over: { $from: 'input.list' }, do: { steps: { s2: probe() } } } },
};

const places: [string, (steps: Steps) => Steps][] = [
  ['in a step', (steps) => steps],
  [
    'in the body of a map',
    (steps) => ({
      outer: { map: { over: { $from: 'input.one' }, do: { steps, output: null } } },
    }),
  ],
  [
    'in a branch',
    (steps) => ({ outer: { choose: [{ name: 'only', do: { steps, output: null } }] } }),
  ],
  ['in a group', (steps) => ({ outer: { parallel: steps } })],
];

const limits: [string, Steps, FlowDefinition['limits']][] = [
  ['maxSteps', chain, { maxSteps: 3 }],
  ['maxItems', manyItems, { maxItems: 3 }],
  ['timeout', endless, { timeout: '1h' }],
];

describe.each(limits)('the limit %s', (name, steps, limit) => {
  it.each(places)('ends the run and is named when it is reached %s', async (_, around) => {
    const { task, calls } = createProbe();
    const cleanup: Step = probe({}, { on: 'always', after: [] });
    const flow = flowOf({ ...around(steps) }, { limits: limit! });
    const steps2 = { ...flow.steps, cleanup: { ...cleanup, after: Object.keys(flow.steps) } };
    const input = { list: [1, 2, 3, 4], one: [1] };
    const result = await runProbe({ ...flow, steps: steps2 } as FlowDefinition, [task], { input });
    expect(result).toMatchObject({ state: 'failed', limit: name });
    expect(result.failure?.message).toContain(`the limit "${name}"`);
    // What runs whatever happens has run all the same.
    expect(calls).toContain('cleanup');
  });

  it('is named when it is reached in a flow that this one calls', async () => {
    const child = flowOf(steps, { limits: limit! });
    const parent = flowOf({ call: { flow: 'child@1', with: { list: [1, 2, 3, 4] } } });
    const result = await runProbe(parent, [createProbe().task], { flows: { 'child@1': child } });
    expect(result).toMatchObject({
      state: 'failed',
      failure: { type: 'LimitReached', step: 'call' },
    });
    expect(result.failure?.message).toContain(`the limit "${name}"`);
  });

  it('is not handled by a step that runs on failure, nor by a lenient group', async () => {
    const flow = flowOf(
      {
        outer: { parallel: steps, policy: 'bestEffort' },
        handler: probe({}, { on: 'failure', after: ['outer'] }),
      },
      { limits: limit! },
    );
    const result = await runProbe(flow, [createProbe().task], { input: { list: [1, 2, 3, 4] } });
    expect(result).toMatchObject({ state: 'failed', limit: name });
  });
});

describe('other limits', () => {
  it('counts jumps and iterations', async () => {
    const loop: Step = {
      repeat: { do: { steps: { one: probe() } }, until: { eq: [1, 2] }, max: 1000 },
    };
    const result = await runProbe(flowOf({ loop }, { limits: { maxSteps: 20 } }), [
      createProbe().task,
    ]);
    expect(result).toMatchObject({ state: 'failed', limit: 'maxSteps' });
  });

  it('fails an iteration that does not come to its end', async () => {
    const loop: Step = {
      repeat: { do: { steps: { one: probe() } }, until: { eq: [1, 2] }, max: 3 },
    };
    const { failure } = await runProbe(flowOf({ loop }), [createProbe().task]);
    expect(failure).toMatchObject({ type: 'LimitReached', step: 'loop' });
    expect(failure?.message).toContain('the limit "max" of 3');
  });

  it('gives each item of a map its own steps: a map of many items stays below maxSteps', async () => {
    const list = Array.from({ length: 200 }, (_, n) => n);
    const flow = flowOf(manyItems, { limits: { maxSteps: 3 } });
    expect((await runProbe(flow, [createProbe().task], { input: { list } })).state).toBe('done');
  });

  it('fails a step whose time is over, and cancels what is inside', async () => {
    const { task, calls } = createProbe();
    const steps: Steps = {
      slow: {
        parallel: { wait: { wait: { for: '9d' } }, after: probe({}, { after: ['wait'] }) },
        timeout: '1m',
      },
      handler: probe({}, { on: 'failure', after: ['slow'] }),
    };
    const result = await runProbe(flowOf(steps), [task]);
    expect(result.states).toEqual({
      slow: 'failed',
      'slow.wait': 'cancelled',
      'slow.after': 'cancelled',
      handler: 'done',
    });
    expect(result.state).toBe('done');
    expect(calls).toEqual(['handler']);
  });
});
