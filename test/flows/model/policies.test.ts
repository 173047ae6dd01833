import { describe, expect, it } from '@jest/globals';
import type { Policy, Steps } from '../../../contracts/flow-definition.ts';
import { createProbe, flowOf, probe, runProbe } from '../support/probe.ts';

const ids = ['a', 'b', 'c', 'd'];
const subsets = Array.from({ length: 16 }, (_, bits) => ids.filter((_id, at) => bits & (1 << at)));

/** Whether a group of four succeeds when these members fail, worked out by hand. */
const policies: [string, Policy, (failed: string[]) => boolean][] = [
  ['strict', 'strict', (failed) => failed.length === 0],
  ['bestEffort', 'bestEffort', () => true],
  ['atLeast 0', { atLeast: 0 }, () => true],
  ['atLeast 3', { atLeast: 3 }, (failed) => failed.length <= 1],
  ['atLeast 4', { atLeast: 4 }, (failed) => failed.length === 0],
  ['atLeast 50%', { atLeast: '50%' }, (failed) => failed.length <= 2],
  ['atLeast 51%', { atLeast: '51%' }, (failed) => failed.length <= 1],
  ['critical b', { critical: ['b'] }, (failed) => !failed.includes('b')],
  [
    'critical a, d',
    { critical: ['a', 'd'] },
    (failed) => !failed.includes('a') && !failed.includes('d'),
  ],
];

describe.each(policies)('a group of four under %s', (_, policy, succeeds) => {
  it.each(subsets.map((failed) => [failed.join('') || 'none', failed] as const))(
    'with failing members: %s',
    async (_name, failed) => {
      const { task, calls } = createProbe();
      const members: Steps = Object.fromEntries(
        ids.map((id) => [id, probe({ value: id, fail: failed.includes(id) })]),
      );
      const group = flowOf(
        { group: { parallel: members, policy } },
        { output: { $from: 'group' } },
      );
      const result = await runProbe(group, [task]);
      expect(result.state).toBe(succeeds(failed) ? 'done' : 'failed');
      // Every member runs once, and the outcome of each is kept.
      expect(calls.toSorted()).toEqual(ids.map((id) => `group.${id}`));
      for (const id of ids) {
        expect(result.states[`group.${id}`]).toBe(failed.includes(id) ? 'failed' : 'done');
      }
      if (result.state === 'failed') {
        expect(result.failure!.step).toMatch(/^group\.[abcd]$/);
        return;
      }
      const isSure = (id: string) =>
        policy === 'strict' ||
        (typeof policy === 'object' && 'critical' in policy && policy.critical.includes(id));
      expect(result.output).toEqual(
        Object.fromEntries(
          ids.map((id) => {
            if (isSure(id)) return [id, id];
            const error = { type: 'Error', message: `Cannot do "group.${id}"` };
            return [id, failed.includes(id) ? { ok: false, error } : { ok: true, value: id }];
          }),
        ),
      );
    },
  );
});

describe('a map', () => {
  const mapOf = (policy: Policy, more: object = {}) =>
    flowOf(
      {
        all: {
          map: {
            over: { $from: 'input.list' },
            do: {
              steps: {
                one: probe({ value: { $from: 'item.n' }, fail: { $from: 'item.bad' } } as never),
              },
            },
            ...more,
          },
          policy,
        },
      },
      { output: { $from: 'all' } },
    );
  const list = [1, 2, 3, 4].map((n) => ({ n, bad: n === 2 }));

  it('keeps the order of its list, and names what failed', async () => {
    const result = await runProbe(mapOf('bestEffort'), [createProbe().task], { input: { list } });
    expect(result.output).toEqual({
      count: 4,
      ok: 3,
      failed: 1,
      items: [1, 3, 4],
      failures: [{ index: 1, error: { type: 'Error', message: 'Cannot do "all[1].one"' } }],
    });
  });

  it('fails with the step, the items and the first cause', async () => {
    const flow = mapOf({ atLeast: '80%' }, { key: { $from: 'item.n' } });
    const { failure } = await runProbe(flow, [createProbe().task], { input: { list } });
    expect(failure).toEqual({
      type: 'Error',
      message:
        'Cannot finish "all" as 4 of 4 members have to succeed, 1 failed: Cannot do "all[1].one"',
      step: 'all[1].one',
      items: [2],
    });
  });

  it('refuses at its start a number above the size of its list', async () => {
    const result = await runProbe(mapOf({ atLeast: 5 }), [createProbe().task], { input: { list } });
    expect(result.failure?.type).toBe('ImpossiblePolicy');
  });

  it('has at most as many items under way as it may, over the whole map', async () => {
    let underWay = 0;
    let most = 0;
    const { task } = createProbe(async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay--;
    });
    const input = { list: Array.from({ length: 20 }, (_, n) => ({ n, bad: false })) };
    await runProbe(mapOf('strict', { concurrency: 3 }), [task], { input });
    expect(most).toBe(3);
  });

  it('starts no further item once it is lost, if it fails fast', async () => {
    const { task, calls } = createProbe();
    const flow = mapOf('strict', { concurrency: 1 });
    const steps = { all: { ...flow.steps['all'], failFast: true } } as Steps;
    const result = await runProbe({ ...flow, steps }, [task], { input: { list } });
    expect(result.state).toBe('failed');
    expect(calls).toEqual(['all[0].one', 'all[1].one']);
  });
});

describe('a group with a handler among its members', () => {
  it('succeeds when the failure was handled, though another member did not run', async () => {
    const members: Steps = {
      a: probe({ fail: true }),
      handler: probe({ value: 'handled' }, { on: 'failure', after: ['a'] }),
      next: probe({}, { after: ['a'] }),
    };
    const flow = flowOf({ group: { parallel: members } }, { output: { $from: 'group' } });
    const result = await runProbe(flow, [createProbe().task]);
    expect(result).toMatchObject({ state: 'done', output: { handler: 'handled' } });
    expect(result.states).toMatchObject({ 'group.a': 'failed', 'group.next': 'skipped' });
  });
});
