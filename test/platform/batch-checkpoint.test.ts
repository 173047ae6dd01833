import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { z } from 'zod';
import { workThroughBatch } from '../../platform/temporal/batch-checkpoint.ts';

const items = ['a', 'b', 'c', 'd', 'e'];

describe('workThroughBatch()', () => {
  it('gives the results in the order of the items', async () => {
    const { results } = await runBatch(undefined, async (item) => `${item}!`);
    expect(results).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('goes on after the last checkpoint', async () => {
    const worked: string[] = [];
    const details = { version: 1, done: { a: 'kept', b: 'kept' }, started: {} };
    const { results } = await runBatch(details, async (item) => {
      worked.push(item);
      return `${item}!`;
    });
    expect(worked.sort()).toEqual(['c', 'd', 'e']);
    expect(results).toEqual(['kept', 'kept', 'c!', 'd!', 'e!']);
  });

  it('starts anew from details of another shape', async () => {
    const { results } = await runBatch({ next: 3 }, async (item) => `${item}!`);
    expect(results).toHaveLength(5);
  });

  it('works first and alone on what was in work at a death, and not at all after the second', async () => {
    const order: string[] = [];
    const details = { version: 1, done: {}, started: { c: 1, d: 2 } };
    const { results } = await runBatch(details, async (item) => {
      order.push(item);
      return `${item}!`;
    });
    expect(order[0]).toBe('c');
    expect(order).not.toContain('d');
    expect(results).toEqual(['a!', 'b!', 'c!', 'poisoned', 'e!']);
  });

  it('throws what the work throws, with what was done in the last heartbeat', async () => {
    const failing = runBatch(undefined, async (item) => {
      if (item === 'b') throw new Error('boom');
      return `${item}!`;
    });
    await expect(failing).rejects.toThrow('boom');
  });

  it('ends when it is cancelled', async () => {
    const environment = new MockActivityEnvironment();
    const running = environment.run(() =>
      workThroughBatch(
        items,
        z.string(),
        { atATime: 2, nameOf: String },
        () => new Promise<string>((resolve) => setTimeout(() => resolve('x'), 50)),
        () => 'poisoned',
      ),
    );
    setTimeout(() => environment.cancel(), 10);
    await expect(running).rejects.toThrow();
  });
});

async function runBatch(heartbeatDetails: unknown, work: (item: string) => Promise<string>) {
  const environment = new MockActivityEnvironment({ heartbeatDetails });
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  const results = await environment.run(() =>
    workThroughBatch(items, z.string(), { atATime: 2, nameOf: String }, work, () => 'poisoned'),
  );
  return { results, heartbeats };
}
