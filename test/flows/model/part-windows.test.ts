import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { layOut } from '../../../flows/model/map-layout.ts';
import { itemsOfPart, PartWindows, partsAtOnce } from '../../../flows/model/part-windows.ts';

describe('PartWindows', () => {
  it('never hands out more than the concurrency of the map, nor a window of none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (concurrency, ends) => {
          const atOnce = partsAtOnce(concurrency);
          const windows = new PartWindows(concurrency, atOnce);
          const running = Array.from({ length: atOnce }, () => windows.take());
          for (const end of ends) {
            expect(Math.min(...running)).toBeGreaterThan(0);
            expect(running.reduce((sum, window) => sum + window, 0)).toBe(concurrency);
            windows.giveBack(running.splice(end % running.length, 1)[0]!);
            running.push(windows.take());
          }
        },
      ),
    );
  });

  it('gives a part several times what it may have in flight', () => {
    expect(itemsOfPart(100, 10)).toBe(100);
    expect(itemsOfPart(100, 40)).toBe(400);
    expect(itemsOfPart(500, 40)).toBe(500);
  });

  it('leaves a map with little concurrency one part at a time', () => {
    expect([1, 9, 10, 100, 1000].map(partsAtOnce)).toEqual([1, 1, 2, 2, 2]);
  });
});

describe('layOut()', () => {
  const sizes = (items: number, batch: number, atOnce: number) =>
    layOut(
      Array.from({ length: items }, (_, place) => place),
      undefined,
      { batch, atOnce },
    ).pages.map((page) => page.length);

  it('gives parts that run side by side as much to do as each other', () => {
    expect(sizes(1000, 100, 2)).toEqual(Array(10).fill(100));
    expect(sizes(300, 100, 2)).toEqual([75, 75, 75, 75]);
    expect(sizes(120, 100, 2)).toEqual([60, 60]);
    expect(sizes(60, 100, 2)).toEqual([60]);
  });

  it('keeps to pages of the size that was asked for when they run one by one', () => {
    expect(sizes(300, 100, 1)).toEqual([100, 100, 100]);
  });
});
