import { describe, expect, it } from '@jest/globals';
import { median, nmad } from '../../maths/robust.ts';

describe('median() and nmad()', () => {
  it('give the values worked out by hand', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(nmad([1, 2, 3, 4, 100])).toBeCloseTo(1.4826, 12);
  });

  it('give the published values of ten residuals', () => {
    const east = [0.021, -0.012, 0.045, -0.008, 0.03, 0.015, -0.027, 0.038, 0.004, -0.019];
    expect(median(east)).toBeCloseTo(0.0095, 12);
    expect(nmad(east)).toBeCloseTo(0.0311346, 10);
  });

  it('say null of nothing', () => {
    expect([median([]), nmad([])]).toEqual([null, null]);
  });
});
