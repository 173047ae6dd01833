import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chiSquareProbability, chiSquareQuantile } from '../../maths/chi-square.ts';
import { percentile } from '../../maths/percentile.ts';

describe('chiSquareQuantile()', () => {
  it.each([
    [0.975, 20, 34.16960690283833],
    [0.025, 20, 9.590777392264867],
    [0.025, 1, 0.0009820691171752583],
    [0.975, 1, 5.023886187314888],
    [0.025, 3, 0.2157952826238981],
    [0.5, 2, 2 * Math.LN2],
    [0.975, 240, 284.80248374],
  ])(
    'gives the tabulated value for %d and %d degrees of freedom',
    (probability, degrees, value) => {
      expect(chiSquareQuantile(probability, degrees) / value).toBeCloseTo(1, 7);
    },
  );

  it('is undone by the probability', () => {
    const probabilities = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(probabilities, fc.integer({ min: 1, max: 3000 }), (probability, degrees) => {
        const back = chiSquareProbability(chiSquareQuantile(probability, degrees), degrees);
        expect(back).toBeCloseTo(probability, 10);
      }),
    );
  });

  it('refuses certainty', () => {
    expect(() => chiSquareQuantile(1, 10)).toThrow('found 1 and 10');
  });
});

describe('percentile()', () => {
  it('interpolates between ranks', () => {
    expect(percentile([5, 3, 1, 2, 4], 0.9)).toBeCloseTo(4.6, 12);
    expect(percentile([7], 0.9)).toBe(7);
    expect(percentile([], 0.9)).toBeNull();
    expect(() => percentile([1], 1.1)).toThrow('found 1.1');
  });
});
