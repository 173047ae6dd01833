import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { readSettings } from '../../platform/configuration.ts';
import { resultOf, startAutomation } from '../../starter/automation-run.ts';
import { startWorkerProcess } from '../../starter/stack.ts';
import { itAtLength } from '../support/long-tests.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { startTestStack } from '../support/test-stack.ts';
import { until } from '../support/until.ts';

const ID = 'navad/count';
/** Long enough for the other workers to overtake a frozen one, and shorter than a heartbeat timeout. */
const FROZEN_MS = 4000;

/**
 * Takes the flight through all that accuracy can do, with so many processor workers: of several, the one
 * that first holds a batch is frozen for a while, so that batches end in another order than they began.
 */
async function digestWith(processors: number): Promise<string> {
  const roots = { SKYLOOM_SOURCE_ROOTS: realDataPath('') };
  const testStack = await startTestStack(undefined, roots);
  const { client, stack, home } = testStack;
  const settings = readSettings({ ...process.env, ...roots, SKYLOOM_HOME: home });
  const start = () =>
    startWorkerProcess('processor', stack.access, settings, stack.logFolder, () => undefined);
  const more = await Promise.all(Array.from({ length: processors - 1 }, start));
  try {
    await startAutomation(
      client,
      {
        imageType: 'Navad',
        imagePath: realDataPath('synthetic-flight-clean'),
        jobId: 'count',
        gate: { relativeAccuracy: true, bundleAdjustment: true },
      },
      ID,
    );
    if (processors > 1) {
      const pid = await holderOfTies(client);
      process.kill(pid, 'SIGSTOP');
      await delay(FROZEN_MS);
      process.kill(pid, 'SIGCONT');
    }
    const { digest, message } = await resultOf(client.workflow.getHandle(ID));
    expect(message).toContain('surveyed points');
    return digest;
  } finally {
    await Promise.all(more.map((worker) => worker.stop()));
    await testStack.stop();
  }
}

/** Process that holds a batch of ties. */
function holderOfTies(client: Client): Promise<number> {
  return until('a batch of ties', async () => {
    const { raw } = await client.workflow.getHandle(`${ID}-accuracy`).describe();
    const holders = (raw.pendingActivities ?? [])
      .filter(({ activityType }) => activityType?.name === 'matchTies')
      .flatMap(({ lastWorkerIdentity }) => /:(\d+)$/.exec(lastWorkerIdentity ?? '')?.[1] ?? []);
    return holders.length > 0 && Number(holders[0]);
  });
}

describeWithRealData('a flight with relative accuracy and bundle adjustment', () => {
  itAtLength(
    'has one digest for 1, 2 and 4 processor workers, whose batches end in any order',
    async () => {
      const alone = await digestWith(1);
      expect(await digestWith(2)).toBe(alone);
      expect(await digestWith(4)).toBe(alone);
    },
    600_000,
  );
});
