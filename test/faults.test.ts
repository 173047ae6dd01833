import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { AutomationResult } from '../contracts/automation.ts';
import { type Progress, progressQuery } from '../contracts/progress.ts';
import type { WorkerKind } from '../contracts/task-queues.ts';
import { readSettings } from '../platform/configuration.ts';
import { resultOf, startAutomation } from '../starter/automation-run.ts';
import { startWorkerProcess } from '../starter/stack.ts';
import { itAtLength } from './support/long-tests.ts';
import { scratchFolder } from './support/scratch-folder.ts';
import { startTestStack, type TestStack } from './support/test-stack.ts';
import { writeTexturedFlight } from './support/textured-flight.ts';
import { until } from './support/until.ts';
import { startWorkerProgram } from './support/worker-program.ts';

/** A flight needs no others. */
const FLIGHT_KINDS: WorkerKind[] = ['automation', 'ingestion', 'accuracy', 'processor', 'cleanup'];
const IMAGES = 24;
const MEGAPIXELS = 6;

/** Each flight has images of its own, so that nothing is answered from memory; their bytes are equal. */
let flight: string;
let undisturbed: AutomationResult;

beforeAll(async () => {
  flight = join(await scratchFolder(), 'flight');
  await writeTexturedFlight(flight, IMAGES, MEGAPIXELS);
  undisturbed = await withStack(async ({ client }) => {
    await begin(client);
    return resultOf(client.workflow.getHandle('navad/fault'));
  });
  // Otherwise no sum of residuals would be part of what has to stay the same.
  expect(undisturbed.message).toContain('on 5 surveyed points');
}, 180_000);

describe('a flight ends with the same digest', () => {
  itAtLength(
    'when its processor worker is killed half-way',
    async () => {
      const digest = await withStack(async ({ client, stack }) => {
        await begin(client);
        await untilExamined(client, 4);
        process.kill(stack.workers.get('processor')!.pid!, 'SIGKILL');
        return (await resultOf(client.workflow.getHandle('navad/fault'))).digest;
      });
      expect(digest).toBe(undisturbed.digest);
    },
    120_000,
  );

  it('when the server is killed half-way', async () => {
    const digest = await withStack(async ({ client, stack }) => {
      await begin(client);
      await untilExamined(client, 4);
      process.kill(stack.serverPid()!, 'SIGKILL');
      for (;;) {
        // The connection is lost with the server: what a client does then is ask again.
        try {
          return (await resultOf(client.workflow.getHandle('navad/fault'))).digest;
        } catch (error) {
          if (!/UNAVAILABLE|Failed to connect|ECONN|poll|CANCELLED|gRPC/i.test(String(error)))
            throw error;
          await delay(500);
        }
      }
    });
    expect(digest).toBe(undisturbed.digest);
  }, 120_000);

  itAtLength(
    'with two processor workers',
    async () => {
      const digest = await withStack(async ({ client, stack, home }) => {
        const second = await startWorkerProcess(
          'processor',
          stack.access,
          readSettings({ ...process.env, SKYLOOM_HOME: home }),
          stack.logFolder,
          () => undefined,
        );
        try {
          await begin(client);
          return (await resultOf(client.workflow.getHandle('navad/fault'))).digest;
        } finally {
          await second.stop();
        }
      });
      expect(digest).toBe(undisturbed.digest);
    },
    120_000,
  );
});

describe('a flight whose workers of one kind come and go', () => {
  it('ends with the same digest, and no other worker is started anew', async () => {
    const kinds = FLIGHT_KINDS.filter((kind) => kind !== 'processor');
    await withStack(async (testStack) => {
      const { client, stack } = testStack;
      const pids = () => kinds.map((kind) => stack.workers.get(kind)!.pid);
      const pidsBefore = pids();
      const start = () => startWorkerProgram('processor', testStack);
      const hasBatch = (pid: number) =>
        until(`a batch held by process ${pid}`, async () =>
          (await holdersOfBatches(client)).some((holder) => holder.endsWith(`:${pid}`)),
        );

      const [first, second] = await Promise.all([start(), start()]);
      await begin(client);
      await Promise.all([hasBatch(first.pid), hasBatch(second.pid)]);
      second.stop('SIGKILL');
      first.stop('SIGTERM');
      // What it holds takes less than its grace period, so it is finished and not handed back.
      expect(await first.ended).toBe(0);
      const [third, fourth] = await Promise.all([start(), start()]);
      await Promise.race([hasBatch(third.pid), hasBatch(fourth.pid)]);
      third.stop('SIGTERM');
      expect(await third.ended).toBe(0);
      const { digest } = await resultOf(client.workflow.getHandle('navad/fault'));
      fourth.stop('SIGTERM');
      expect(await fourth.ended).toBe(0);

      expect(digest).toBe(undisturbed.digest);
      expect(pids()).toEqual(pidsBefore);
      // A worker that was told to stop costs no batch an attempt; one that was killed costs those it held.
      const attempts = await attemptsOfBatches(client);
      expect(attempts).toHaveLength(5);
      expect(attempts.filter((attempt) => attempt > 2)).toEqual([]);
      expect(attempts.filter((attempt) => attempt === 2).length).toBeLessThanOrEqual(2);
    }, kinds);
  }, 120_000);
});

describe('a flight whose workflow workers are killed', () => {
  itAtLength(
    'ends with the same digest',
    async () => {
      const digest = await withStack(async ({ client, stack }) => {
        const kill = (kind: WorkerKind, signal: NodeJS.Signals = 'SIGKILL') =>
          process.kill(stack.workers.get(kind)!.pid!, signal);
        await begin(client);
        await untilExamined(client, 4);
        kill('ingestion');
        kill('automation');
        // Frozen first, so that the kill comes when it has work and before that work is done.
        kill('accuracy', 'SIGSTOP');
        await until('the assessment', () =>
          client.workflow.getHandle('navad/fault-accuracy').describe(),
        );
        kill('accuracy');
        return (await resultOf(client.workflow.getHandle('navad/fault'))).digest;
      });
      expect(digest).toBe(undisturbed.digest);
    },
    120_000,
  );
});

describe('a cancelled flight', () => {
  it('stops its children and keeps nothing', async () => {
    await withStack(async ({ client, home }) => {
      await begin(client);
      await untilExamined(client, 2);
      await client.workflow.getHandle('navad/fault').cancel();
      await expect(resultOf(client.workflow.getHandle('navad/fault'))).rejects.toThrow(
        'was stopped',
      );
      const child = await client.workflow.getHandle('navad/fault-ingestion').describe();
      expect(child.status.name).toBe('CANCELLED');
      expect(await readdir(join(home, 'owners', 'by-owner'))).toEqual([]);
      const stored = await readdir(join(home, 'artifacts'), { recursive: true });
      expect(stored.filter((name) => /[0-9a-f]{64}$/.test(name))).toEqual([]);
    });
  }, 120_000);
});

async function withStack<Result>(
  work: (stack: TestStack) => Promise<Result>,
  kinds: readonly WorkerKind[] = FLIGHT_KINDS,
): Promise<Result> {
  const stack = await startTestStack(kinds);
  try {
    return await work(stack);
  } finally {
    await stack.stop();
  }
}

async function begin(client: Client): Promise<void> {
  await startAutomation(
    client,
    { imageType: 'Navad', imagePath: flight, jobId: 'fault' },
    'navad/fault',
  );
}

async function untilExamined(client: Client, images: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const progress = await client.workflow
      .getHandle('navad/fault-ingestion')
      .query<Progress>(progressQuery)
      .catch(() => null);
    if (progress !== null && progress.done >= images) {
      // Half-way it must be, or the test shows nothing.
      expect(progress.done).toBeLessThan(IMAGES);
      return;
    }
    await delay(50);
  }
  throw new Error(`Cannot go on as ${images} images were not examined in time`);
}

/** Identities of the workers that hold a batch of the flight at present. */
async function holdersOfBatches(client: Client): Promise<string[]> {
  const { raw } = await client.workflow.getHandle('navad/fault-ingestion').describe();
  return (raw.pendingActivities ?? [])
    .filter(({ activityType }) => activityType?.name === 'examineImages')
    .map(({ lastWorkerIdentity }) => lastWorkerIdentity ?? '');
}

/** For each batch of the flight, at which attempt it was done. */
async function attemptsOfBatches(client: Client): Promise<number[]> {
  const { events } = await client.workflow.getHandle('navad/fault-ingestion').fetchHistory();
  const isBatch = new Set(
    events
      ?.filter(
        (event) =>
          event.activityTaskScheduledEventAttributes?.activityType?.name === 'examineImages',
      )
      .map(({ eventId }) => String(eventId)),
  );
  return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started && isBatch.has(String(started.scheduledEventId)) ? [started.attempt ?? 1] : [],
  );
}
