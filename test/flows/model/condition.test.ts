import { describe, expect, it } from '@jest/globals';
import type { Binding, Condition } from '../../../contracts/flow-definition.ts';
import { holds } from '../../../flows/model/condition.ts';

const values: Readonly<Record<string, unknown>> = {
  one: 1,
  text: '1',
  nothing: null,
  list: [{ a: 1, b: 2 }],
};
const scope = (root: string) => values[root];
const one: Binding = { $from: 'one' };
const absent: Binding = { $from: 'absent' };

describe('holds()', () => {
  it.each<[boolean, Condition]>([
    [true, { eq: [one, 1] }],
    [false, { eq: [one, '1'] }],
    [true, { eq: [{ $from: 'list[0]' }, { b: 2, a: 1 }] }],
    [true, { ne: [one, '1'] }],
    [true, { lt: [one, 2] }],
    [false, { lt: [one, '2'] }],
    [false, { le: [{ $from: 'nothing' }, 1] }],
    [true, { le: [one, 1] }],
    [true, { ge: ['b', 'a'] }],
    [false, { gt: [one, 1] }],
    [true, { in: [{ a: 1, b: 2 }, { $from: 'list' }] }],
    [false, { in: [one, { $from: 'text' }] }],
    [true, { exists: { $from: 'nothing' } }],
    [false, { exists: { $from: 'absent' } }],
    [true, { exists: { $from: 'absent', or: 1 } }],
    [false, { eq: [absent, absent] }],
    [true, { ne: [absent, absent] }],
    [false, { lt: [absent, 1] }],
    [false, { in: [one, [absent, 1]] }],
    [true, { not: { eq: [absent, 1] } }],
    [true, { and: [{ eq: [one, 1] }, { not: { eq: [one, 2] } }] }],
    [true, { or: [{ eq: [one, 2] }, { eq: [one, 1] }] }],
  ])('%s: %j', (expected, condition) => {
    expect(holds(condition, scope)).toBe(expected);
  });
});
