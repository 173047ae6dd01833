import { describe, expect, it } from '@jest/globals';
import { falseAlarmNumber } from '../../../../geolocalization/model/registration/false-alarms.ts';
import {
  judgeRegistration,
  notComparable,
  unlocated,
} from '../../../../geolocalization/model/registration/registration-verdict.ts';

describe('falseAlarmNumber()', () => {
  it.each([
    [4, 6.297e-2],
    [6, 3.42e-4],
    [10, 1.502e-9],
  ])('of %d among 63 is %d', (agreeing, known) => {
    const found = falseAlarmNumber({ matches: 63, agreeing, chance: 1 / 144 });
    expect(Math.abs(found / known - 1)).toBeLessThan(5e-4);
  });

  it('is the number of matches when none has to agree, and grows with the freedom of the model', () => {
    expect(falseAlarmNumber({ matches: 9, agreeing: 0, chance: 0.1 })).toBe(9);
    const of = (drawnThrough: number) =>
      falseAlarmNumber({ matches: 40, agreeing: 8, chance: 1 / 144, drawnThrough });
    expect(of(1)).toBeLessThan(of(2));
    expect(of(2)).toBeLessThan(of(3));
    expect(
      falseAlarmNumber({ matches: 2, agreeing: 2, chance: 0.1, drawnThrough: 3 }),
    ).toBeGreaterThanOrEqual(1);
  });

  it('loses no digits of large numbers of matches', () => {
    const found = falseAlarmNumber({ matches: 5000, agreeing: 4000, chance: 1 / 144 });
    expect(found).toBeGreaterThanOrEqual(0);
    expect(found).toBeLessThan(1e-300);
  });

  it('refuses a chance that is none', () => {
    expect(() => falseAlarmNumber({ matches: 1, agreeing: 1, chance: 0 })).toThrow(/found 0/);
    expect(() => falseAlarmNumber({ matches: 1, agreeing: 1, chance: 1 })).toThrow(/found 1/);
  });
});

describe('judgeRegistration()', () => {
  const evidence = {
    compared: 70,
    skipped: 0,
    accepted: 63,
    agreeing: 10,
    independentAccepted: 63,
    independentAgreeing: 10,
    searchRadius: 12,
    places: 1,
    kind: 'translation',
    shift: { x: 3, y: -4 },
  } as const;

  it('locates what chance does not explain, in words', () => {
    const { status, reason, falseAlarms } = judgeRegistration(evidence);
    expect(status).toBe('LOCATED');
    expect(falseAlarms).toBeCloseTo(1.502e-9, 12);
    expect(reason).toBe(
      'The target lies 5.00 px off by its own georeference (3.00 right, -4.00 down): 10 of 70 windows agree within 1 px, and by chance as many would in one of 670000000 such pairs',
    );
  });

  it.each([
    ['WEAK', { agreeing: 5, independentAgreeing: 5 }, /may lie .* but only 5 of 70/],
    [
      'WEAK',
      { accepted: 5, agreeing: 5, independentAccepted: 5, independentAgreeing: 5 },
      /may lie/,
    ],
    [
      'NO_MATCH',
      { agreeing: 3, independentAgreeing: 3 },
      /63 of 70 windows match, and 3 of them agree/,
    ],
    ['NO_MATCH', { accepted: 2, agreeing: 2 }, /No place/],
    ['NO_MATCH', { accepted: 0, agreeing: 0, shift: null }, /0 of 70 windows match/],
    ['NOT_COMPARABLE', { compared: 0, skipped: 9 }, /all 9 windows lack data or structure/],
    ['NOT_COMPARABLE', { compared: 0 }, /share too small a part/],
  ] as const)('says %s of %j', (status, change, words) => {
    const verdict = judgeRegistration({ ...evidence, ...change });
    expect(verdict.status).toBe(status);
    expect(verdict.reason).toMatch(words);
  });

  it('is not moved by windows that share their pixels', () => {
    const { status } = judgeRegistration({ ...evidence, independentAgreeing: 3 });
    expect(status).toBe('NO_MATCH');
  });

  it('counts each place that was looked at', () => {
    const one = judgeRegistration(evidence).falseAlarms!;
    expect(judgeRegistration({ ...evidence, places: 3 }).falseAlarms).toBeCloseTo(3 * one, 15);
  });

  it('has a sentence for what was not compared at all', () => {
    expect(notComparable('their pixels differ in size by more than 8 times')).toMatchObject({
      status: 'NOT_COMPARABLE',
      falseAlarms: null,
    });
    expect(unlocated('it has no georeference').reason).toBe(
      'The target cannot be located as it has no georeference',
    );
  });
});
