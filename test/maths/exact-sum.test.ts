import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exactSum, valueOfSum } from '../../maths/exact-sum.ts';

describe('exactSum()', () => {
  it('loses nothing', () => {
    expect(exactSum([1e100, 1, -1e100])).toEqual([1]);
    expect(exactSum([])).toEqual([]);
    expect(valueOfSum(exactSum(Array.from({ length: 10 }, () => 0.1)))).toBe(1);
    expect(exactSum([1, 2 ** -60])).toEqual([1, 2 ** -60]);
    // Half way between two numbers, what is left below decides.
    expect(valueOfSum(exactSum([1, 2 ** -53, 2 ** -106]))).toBe(1 + 2 ** -52);
    expect(valueOfSum(exactSum([1, 2 ** -53]))).toBe(1);
  });

  it('gives the same list in any order and grouping', () => {
    const values = fc.array(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 }),
    );
    fc.assert(
      fc.property(values, values, fc.nat(), (some, others, seed) => {
        const all = exactSum([...some, ...others]);
        expect(exactSum([...exactSum(others), ...exactSum(some)])).toEqual(all);
        const turn = all.length === 0 ? 0 : seed % (some.length + others.length);
        const mixed = [...others, ...some];
        expect(exactSum([...mixed.slice(turn), ...mixed.slice(0, turn)])).toEqual(all);
      }),
    );
  });

  it('refuses what is not finite', () => {
    expect(() => exactSum([1, NaN])).toThrow('must be finite: found NaN');
  });
});
