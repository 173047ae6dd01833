import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mapWindow } from '../../durable/map-window.ts';

describe('mapWindow()', () => {
  it('gives the results in the order of the items, whatever the order of completion', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer(), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (scheduler, items, window) => {
          let underWay = 0;
          let most = 0;
          const work = scheduler.scheduleFunction(async (item: number) => item * 2);
          const mapped = mapWindow(items, window, async (item) => {
            most = Math.max(most, ++underWay);
            const result = await work(item);
            underWay--;
            return result;
          });
          expect(await scheduler.waitFor(mapped)).toEqual(items.map((item) => item * 2));
          expect(most).toBeLessThanOrEqual(window);
        },
      ),
    );
  });

  it('takes no further item after a failure, and waits for what is under way', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const mapped = mapWindow([1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      if (item === 1) throw new Error('boom');
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended.push(item);
    });
    await expect(mapped).rejects.toThrow('boom');
    expect(started).toEqual([1, 2]);
    expect(ended).toEqual([2]);
  });

  it('refuses a window that lets nothing through', async () => {
    await expect(mapWindow([1], 0, async () => 1)).rejects.toThrow(RangeError);
  });
});
