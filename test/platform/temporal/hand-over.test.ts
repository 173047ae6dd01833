import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NativeConnection, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { taskQueues } from '../../../contracts/task-queues.ts';
import { workThroughBatch } from '../../../platform/temporal/batch-checkpoint.ts';
import { startTestStack, type TestStack } from '../../support/test-stack.ts';
import { until } from '../../support/until.ts';

const ITEMS = Array.from({ length: 30 }, (_, index) => `item ${index}`);
const ITEM_MS = 150;

let testStack: TestStack;
let connection: NativeConnection;

beforeAll(async () => {
  testStack = await startTestStack(['accuracy']);
  connection = await NativeConnection.connect(testStack.stack.access.connectionOptions);
}, 60_000);

afterAll(async () => {
  await connection.close();
  await testStack.stop();
}, 60_000);

describe('a worker that is told to stop during a batch longer than its grace period', () => {
  it('ends, and another goes on from where it stopped', async () => {
    const worked: string[] = [];
    const first = await startWorker(worked);
    const handle = await testStack.client.workflow.start('AccuracyPageWorkflow', {
      workflowId: 'hand-over',
      taskQueue: taskQueues.accuracy,
      args: [
        { page: 1, pages: 1, images: artifact, imageCount: ITEMS.length, runKey: 'hand-over' },
      ],
    });
    await until('some work', async () => worked.length >= 5);
    const toldAt = Date.now();
    await first.stop();
    expect(Date.now() - toldAt).toBeLessThan(3_000);
    const workedByFirst = worked.length;
    expect(workedByFirst).toBeLessThan(ITEMS.length);

    const second = await startWorker(worked);
    await until('the end of the batch', async () => worked.includes(ITEMS.at(-1)!));
    await handle.terminate();
    await second.stop();
    // Nothing was left out, and nothing that was done was done again.
    expect(worked).toEqual(ITEMS);
  }, 60_000);
});

const artifact = { sha256: '0'.repeat(64), bytes: 1, mediaType: 'application/json' };

/** A processor worker whose grace period is a moment, and whose images are waits. */
async function startWorker(worked: string[]): Promise<{ stop: () => Promise<void> }> {
  const worker = await Worker.create({
    connection,
    taskQueue: taskQueues.processor,
    shutdownGraceTime: '300 milliseconds',
    activities: {
      assessImages: () =>
        workThroughBatch(
          ITEMS,
          z.string(),
          { atATime: 1, nameOf: String },
          async (item) => {
            await delay(ITEM_MS);
            worked.push(item);
            return item;
          },
          () => 'poisoned',
        ),
    },
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
    },
  };
}
