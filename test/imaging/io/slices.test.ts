import { describe, expect, it } from '@jest/globals';
import { inSlices } from '../../../imaging/io/in-slices.ts';
import { resizedSize } from '../../../imaging/model/resized-size.ts';
import { Ticks } from '../support/ticks.ts';
import { groupsOfAlike, hashDistance } from '../../../imaging/model/perceptual-hash.ts';

const never = new AbortController().signal;

describe('inSlices()', () => {
  it('gives the result, and others their turn in between', async () => {
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    // Each step is longer than a slice.
    expect(await inSlices(busySteps(5, 15), never)).toBe('done');
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('stops in the middle once it is aborted', async () => {
    const controller = new AbortController();
    const running = inSlices(busySteps(1000, 15), controller.signal);
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(running).rejects.toThrow('enough');
  });

  function* busySteps(count: number, milliseconds: number): Generator<void, string> {
    for (let step = 0; step < count; step++) {
      const until = performance.now() + milliseconds;
      while (performance.now() < until);
      yield;
    }
    return 'done';
  }
});

describe('groupsOfAlike()', () => {
  it('finds what comparing each with each finds, digit by digit', async () => {
    const hashes = Array.from({ length: 200 }, (_, i) => {
      const family = BigInt(i % 23) * 0x9e3779b97f4a7c15n;
      return ((family ^ (1n << BigInt((i * 7) % 64))) & 0xffff_ffff_ffff_ffffn)
        .toString(16)
        .padStart(16, '0');
    });
    const groups = await inSlices(groupsOfAlike(hashes, 2), never);
    expect(groups).toHaveLength(23);
    for (const [first = 0, ...rest] of groups) {
      for (const other of rest) {
        expect(onesOf(hashes[first]!, hashes[other]!)).toBe(
          hashDistance(hashes[first]!, hashes[other]!),
        );
        expect(other % 23).toBe(first % 23);
      }
    }
  });

  it('lets the event loop go on when there are thousands', async () => {
    const hashes = Array.from({ length: 5000 }, (_, i) =>
      ((BigInt(i % 4999) * 0x9e3779b97f4a7c15n) & 0xffff_ffff_ffff_ffffn)
        .toString(16)
        .padStart(16, '0'),
    );
    const ticks = new Ticks();
    expect(await inSlices(groupsOfAlike(hashes, 0), never)).toEqual([[0, 4999]]);
    expect(ticks.stop()).toBeLessThan(50);
  });

  function onesOf(a: string, b: string): number {
    return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
  }
});

describe('resizedSize()', () => {
  const size = { width: 4000, height: 3000 };

  it.each([
    [{ width: 1600, fit: 'inside', enlarge: false }, 1600, 1200],
    [{ width: 1600, height: 600, fit: 'inside', enlarge: false }, 800, 600],
    [{ width: 1600, height: 600, fit: 'cover', enlarge: false }, 1600, 600],
    [{ width: 8000, fit: 'inside', enlarge: false }, 4000, 3000],
    [{ width: 8000, fit: 'inside', enlarge: true }, 8000, 6000],
  ] as const)('of %o', (request, width, height) => {
    expect(resizedSize(size, request)).toEqual({ width, height });
  });
});
