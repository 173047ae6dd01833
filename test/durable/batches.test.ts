import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutIntoSlices, pixelBatchSize } from '../../durable/batches.ts';

describe('cutIntoSlices()', () => {
  it('covers every item once', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 1, max: 100 }), (total, size) => {
        const covered = cutIntoSlices(total, size).flatMap(({ from, count }) =>
          Array.from({ length: count }, (_, index) => from + index),
        );
        expect(covered).toEqual(Array.from({ length: total }, (_, index) => index));
      }),
    );
  });
});

describe('pixelBatchSize()', () => {
  it('gives a small flight small batches and a large one batches of 25', () => {
    expect([3, 40, 160, 400, 100_000].map(pixelBatchSize)).toEqual([5, 5, 10, 25, 25]);
  });
});
