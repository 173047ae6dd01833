import { describe, expect, it } from '@jest/globals';
import { reasonToRefuse } from '../../../flows/model/approval-answer.ts';
import type { ApprovalCall } from '../../../flows/model/engine.ts';

const call: ApprovalCall = {
  address: 'qa',
  title: 'Publish?',
  show: [],
  roles: ['editor'],
  deadlineMs: 1000,
  form: {
    type: 'object',
    properties: { stars: { type: 'integer', minimum: 1, maximum: 5 } },
    required: ['stars'],
  },
};
const answer = { approved: true, by: 'ann', form: { stars: 5 } };

describe('reasonToRefuse()', () => {
  it('takes an answer of the right person, in the right form, in time', () => {
    expect(reasonToRefuse(call, answer, ['editor'], 999)).toBeUndefined();
  });

  it('takes a rejection without a form', () => {
    expect(reasonToRefuse(call, { approved: false, by: 'ann' }, ['editor'], 0)).toBeUndefined();
  });

  it('refuses a form where none is asked for', () => {
    const { form: _, ...formless } = call;
    expect(reasonToRefuse(formless, answer, ['editor'], 0)).toBe(
      'Cannot answer "qa" with a form as the step asks for none: leave it out',
    );
    expect(reasonToRefuse(formless, { ...answer, form: {} }, ['editor'], 0)).toBeUndefined();
  });

  it.each([
    ['late', answer, ['editor'], 1000, 'its time was over at 1970-01-01T00:00:01.000Z'],
    ['of a stranger', answer, ['guest'], 0, 'one of the roles editor is needed: found guest'],
    ['without its form', { approved: true, by: 'ann' }, ['editor'], 0, 'a field "stars" is needed'],
    [
      'with a wrong form',
      { ...answer, form: { stars: 6 } },
      ['editor'],
      0,
      '"/stars" of the form does not fit: 5 at most is needed',
    ],
  ] as const)('refuses one that is %s', (_, given, roles, nowMs, words) => {
    expect(reasonToRefuse(call, given, roles, nowMs)).toContain(words);
  });
});
