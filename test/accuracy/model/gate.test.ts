import { describe, expect, it } from '@jest/globals';
import { claimsOf, RELATIVE_CLAIM } from '../../../accuracy/model/claims.ts';
import { askGate, type GateQuestion, suggestedClasses } from '../../../accuracy/model/gate.ts';

const evidence = (rmse: number, points = 40, bias = 0) => ({
  withSuspects: { points, rmse, bias },
  withoutSuspects: { points, rmse, bias },
});
const question: GateQuestion = {
  classHorizontal: 0.1,
  classVertical: 0.15,
  horizontal: evidence(0.06),
  vertical: evidence(0.08),
  verticalNotAssessed: null,
  surveyHorizontal: 0.02,
  surveyVertical: 0.03,
  requiredPoints: 30,
  areSuspectsConfirmed: false,
  blocking: [],
};
const ask = (change: Partial<GateQuestion>) => askGate({ ...question, ...change });

describe('askGate()', () => {
  it('passes what is shown good, with the numbers that decided', () => {
    const { verdict, numbers, reasons } = ask({});
    expect(verdict).toBe('pass');
    expect(numbers.map(({ direction }) => direction)).toEqual(['horizontal', 'vertical']);
    expect(numbers[0]!.rmse).toBeCloseTo(Math.hypot(0.06, 0.02), 12);
    expect(numbers[0]!.interval.upper).toBeLessThan(0.1);
    expect(reasons).toHaveLength(2);
  });

  it('fails what is shown bad', () => {
    expect(ask({ horizontal: evidence(0.2) }).verdict).toBe('fail');
    expect(ask({ vertical: evidence(0.3) }).reasons[0]).toContain('vertical RMSE');
    expect(ask({ blocking: ['the flight was rejected'] })).toMatchObject({
      verdict: 'fail',
      reasons: ['the flight was rejected'],
    });
  });

  it.each<[doubt: string, change: Partial<GateQuestion>]>([
    ['12 distinct check points of the 30 required', { horizontal: evidence(0.02, 12) }],
    ['on both sides of the class', { horizontal: evidence(0.095) }],
    ['takes more than a quarter of the class', { horizontal: evidence(0.05, 40, 0.03) }],
    ['no accuracy class was asked for', { classHorizontal: null, classVertical: null }],
    ['no check point was evaluated', { horizontal: null, vertical: null }],
    [
      'the vertical accuracy was not assessed: datum unknown',
      { vertical: null, verticalNotAssessed: 'datum unknown' },
    ],
  ])('leaves for review, as: %s', (doubt, change) => {
    const { verdict, reasons } = ask(change);
    expect(verdict).toBe('review');
    expect(reasons.join('; ')).toContain(doubt);
  });

  it('leaves for review what only suspects make bad, until a person confirms them', () => {
    const horizontal = {
      withSuspects: { points: 40, rmse: 0.5, bias: 0 },
      withoutSuspects: { points: 39, rmse: 0.06, bias: 0 },
    };
    const open = ask({ horizontal });
    expect(open.verdict).toBe('review');
    expect(open.reasons.join()).toContain('suspected blunders change the horizontal verdict');
    expect(open.numbers[0]!.points).toBe(40);
    expect(ask({ horizontal, areSuspectsConfirmed: true }).verdict).toBe('pass');
  });

  it('does not ask for heights when no vertical class was asked for', () => {
    expect(ask({ classVertical: null, vertical: null }).verdict).toBe('pass');
  });
});

describe('suggestedClasses()', () => {
  it('is one, two and three pixels on the ground', () => {
    expect(suggestedClasses(0.02)).toEqual({ high: 0.02, standard: 0.04, visual: 0.06 });
  });
});

describe('claimsOf()', () => {
  const behind = {
    method: 'direct',
    points: 40,
    surveyHorizontal: 0.02,
    wereUsedInAdjustment: false,
    isDerived: false,
  } as const;

  it('says how many points there are and how good', () => {
    const claims = claimsOf(behind);
    expect(claims).toHaveLength(2);
    expect(claims[0]).toContain('1 degree at 100 m is 1.75 m');
    expect(claims[1]).toBe('40 distinct points stand behind it, surveyed to 0.02 m.');
  });

  it('says what the points cannot show', () => {
    const claims = claimsOf({
      method: 'adjusted',
      points: 10,
      surveyHorizontal: null,
      wereUsedInAdjustment: true,
      isDerived: true,
    }).join(' ');
    expect(claims).toContain('does not meet the ASPRS Edition 2 minimum of 30 check points');
    expect(claims).toContain('took part in the adjustment');
    expect(claims).toContain('no independent accuracy');
    expect(claims).toContain('survey accuracy is not stated');
    expect(RELATIVE_CLAIM).toContain('nothing about where that ground is');
  });
});
