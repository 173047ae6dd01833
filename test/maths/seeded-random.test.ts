import { describe, expect, it } from '@jest/globals';
import { randomNumbers } from '../../maths/seeded-random.ts';

const firstOf = (seed: string, count: number) => {
  const next = randomNumbers(seed);
  return Array.from({ length: count }, () => next());
};

describe('randomNumbers()', () => {
  it('gives the same for the same seed, and others for another', () => {
    expect(firstOf('content', 50)).toEqual(firstOf('content', 50));
    expect(firstOf('content', 5)).not.toEqual(firstOf('contend', 5));
  });

  it('fills the range evenly', () => {
    const bins = Array<number>(10).fill(0);
    for (const value of firstOf('even', 20_000)) bins[Math.floor(value * 10)]!++;
    // Five sigma of a count of 2000.
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(215);
  });
});
