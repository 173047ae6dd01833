import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FlowDefinition, Step } from '../../../contracts/flow-definition.ts';
import { canonicalForm, canonicalText } from '../../../flows/model/canonical-form.ts';
import { randomFlow } from '../support/random-flows.ts';

const random = randomFlow.map((block): FlowDefinition => ({
  flow: '1',
  name: 'random',
  version: '1.0.0',
  ...block,
}));

describe('canonicalForm()', () => {
  it('is its own canonical form', () => {
    fc.assert(
      fc.property(random, (flow) => {
        expect(canonicalForm(canonicalForm(flow))).toEqual(canonicalForm(flow));
      }),
    );
  });

  it('does not depend on the order of keys, nor on what is a default', () => {
    fc.assert(
      fc.property(random, (flow) => {
        const said = { $schema: 'x', limits: { maxSteps: 10_000 }, labels: {}, ...flow };
        expect(canonicalText(reversed(said) as FlowDefinition)).toBe(canonicalText(flow));
      }),
    );
  });

  it('leaves out entries of "after" that data or others imply', () => {
    const wait = (more: object) => ({ wait: { for: '1s' }, ...more }) as Step;
    const flow: FlowDefinition = {
      flow: '1',
      name: 'x',
      version: '1.0.0',
      steps: {
        a: wait({ on: 'success', after: [] }),
        b: wait({ after: ['a', 'a'] }),
        c: wait({ after: ['b', 'a'] }),
        d: { task: 't@1', with: { x: { $from: 'c' } }, after: ['c', 'a'] },
      },
      output: { $from: 'd' },
    };
    expect(canonicalForm(flow)).toEqual({
      flow: '1',
      name: 'x',
      version: '1.0.0',
      steps: {
        a: { wait: { for: '1s' } },
        b: { wait: { for: '1s' }, after: ['a'] },
        c: { wait: { for: '1s' }, after: ['b'] },
        d: { task: 't@1', with: { x: { $from: 'c' } } },
      },
    });
  });

  it('keeps what only a task knows as its default', () => {
    const step = { task: 't@1', cache: false, priority: 3 };
    const flow: FlowDefinition = { flow: '1', name: 'x', version: '1.0.0', steps: { a: step } };
    expect(canonicalForm(flow).steps['a']).toEqual(step);
  });
});

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  const entries = Object.entries(value).map(([key, part]) => [key, reversed(part)] as const);
  return Object.fromEntries(entries.reverse());
}
