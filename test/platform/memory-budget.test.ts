import { totalmem } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { cutoutBudget, MemoryBudget } from '../../platform/memory-budget.ts';
import { readSettings } from '../../platform/configuration.ts';
import { editBytes } from '../../imaging/model/edit-memory.ts';

const never = new AbortController().signal;

describe('MemoryBudget', () => {
  it('lets work in as memory gets free, in the order of asking', async () => {
    const budget = new MemoryBudget(100);
    const log: string[] = [];
    const gates = new Map<string, () => void>();
    const work = (name: string, bytes: number, signal = never) =>
      budget.run(bytes, name, signal, async () => {
        log.push(name);
        await new Promise<void>((open) => gates.set(name, open));
      });
    const all = [work('a', 60), work('b', 60), work('c', 30)];
    await settle();
    // c would fit beside a, but must not pass b for ever.
    expect(log).toEqual(['a']);
    gates.get('a')!();
    await settle();
    expect(log).toEqual(['a', 'b', 'c']);
    gates.get('b')!();
    gates.get('c')!();
    await Promise.all(all);
  });

  it('refuses by name what never fits, and forgets who is cancelled while waiting', async () => {
    const budget = new MemoryBudget(100e6);
    await expect(budget.run(101e6, 'big.tif', never, async () => 0)).rejects.toThrow(
      /Cannot work on image "big.tif" as that needs about 101 megabytes and this worker takes 100/,
    );
    let open = () => undefined as void;
    const first = budget.run(100e6, 'a', never, () => new Promise<void>((go) => (open = go)));
    const controller = new AbortController();
    const second = budget.run(100e6, 'b', controller.signal, async () => 'never');
    controller.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    open();
    await first;
    expect(await budget.run(100e6, 'c', never, async () => 'in')).toBe('in');
  });
});

describe('cutoutBudget()', () => {
  it('holds at least one process, and as many as the operator says', () => {
    const budgetOf = (more: Record<string, string>) =>
      cutoutBudget(readSettings({ SKYLOOM_HOME: 'x', ...more })).limitBytes;
    const megabytes = { SKYLOOM_CUTOUT_MEGABYTES: '1000' };
    expect(budgetOf({ ...megabytes, SKYLOOM_CUTOUT_PROCESSES: '3' })).toBe(3e9);
    expect(budgetOf(megabytes)).toBeGreaterThanOrEqual(1e9);
    expect(budgetOf(megabytes)).toBeLessThanOrEqual(Math.max(1e9, 0.4 * totalmem()));
    expect(budgetOf({ SKYLOOM_CUTOUT_MEGABYTES: '900000000' })).toBe(9e14);
  });
});

describe('editBytes()', () => {
  const header = { width: 4000, height: 3000, channels: 3, depth: 'uchar', format: 'jpeg' };

  it('counts lines of what is read line by line, and all of what is not', () => {
    expect(editBytes(header, 5e6)).toBeCloseTo(52.2e6, -1);
    const whole = [
      { ...header, orientation: 6 },
      { ...header, isProgressive: true },
      { ...header, format: 'webp' },
      { ...header, depth: 'ushort', orientation: 3 },
    ].map((more) => editBytes(more, 5e6));
    for (const bytes of whole) expect(bytes).toBeGreaterThan(90e6);
  });

  it('counts what is written, and what has to be held for it', () => {
    const read = editBytes(header, 5e6);
    const written = { ...header, format: 'png' as const };
    expect(editBytes(header, 5e6, { written }) - read).toBeCloseTo(1.1 * 36e6, -1);
    expect(editBytes(header, 5e6, { isWhole: true }) - read).toBeGreaterThan(36e6);
    // Codes that are made to measure need all coefficients; a larger picture goes without.
    const jpeg = (width: number) => ({ ...header, width, format: 'jpeg' as const });
    const small = editBytes(header, 5e6, { written: jpeg(4000) });
    const large = editBytes(header, 5e6, { written: jpeg(8000) });
    expect(large).toBeLessThan(small);
  });
});

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
