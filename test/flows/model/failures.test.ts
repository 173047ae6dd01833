import { describe, expect, it } from '@jest/globals';
import type { Steps } from '../../../contracts/flow-definition.ts';
import { canonicalForm } from '../../../flows/model/canonical-form.ts';
import { createProbe, flowOf, probe, runProbe } from '../support/probe.ts';

describe('a failure', () => {
  const handled: Steps = {
    a: probe({ fail: true }),
    handler: probe({}, { on: 'failure', after: ['a'] }),
    next: probe({}, { after: ['handler', 'a'] }),
    other: probe({}, { after: ['a'] }),
  };

  it('is over for those behind the step that handled it, on whatever way they wait for it', async () => {
    const flow = flowOf(handled);
    const states = { a: 'failed', handler: 'done', next: 'done', other: 'skipped' };
    expect((await runProbe(flow, [createProbe().task])).states).toEqual(states);
    const short = canonicalForm(flow);
    expect(short.steps['next']!.after).toEqual(['handler']);
    const result = await runProbe(short, [createProbe().task]);
    expect(result).toMatchObject({ state: 'done', states });
  });

  it('is handled by none that only runs whatever happens', async () => {
    const steps: Steps = {
      a: probe({ fail: true }),
      cleanup: probe({}, { on: 'always', after: ['a'] }),
      next: probe({}, { after: ['cleanup'] }),
    };
    const result = await runProbe(flowOf(steps), [createProbe().task]);
    expect(result).toMatchObject({
      state: 'failed',
      failure: { step: 'a', type: 'Error', message: 'Cannot do "a"' },
      states: { a: 'failed', cleanup: 'done', next: 'skipped' },
    });
  });

  it('is not handled by a handler that fails itself', async () => {
    const steps: Steps = {
      a: probe({ fail: true }),
      handler: probe({ fail: true }, { on: 'failure', after: ['a'] }),
    };
    const result = await runProbe(flowOf(steps), [createProbe().task]);
    expect(result).toMatchObject({ state: 'failed', failure: { step: 'a' } });
  });
});
