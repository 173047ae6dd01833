import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { NEEDED_SERVER } from '../../platform/temporal/binaries.ts';
import { isAtLeast } from '../../platform/temporal/cli-version.ts';
import { findAttributeFaults, hasNamespace } from '../../platform/temporal/namespace.ts';
import { listQueuePollers } from '../queue-pollers.ts';
import { type Check, fault, ok, reasonIn, warning } from './check.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

/** Timers and schedules are the server's; ages and log lines are this machine's. */
const MAX_CLOCK_SKEW_MS = 5_000;
const POLL_MS = 3_000;
const LOOK_MS = 100;

export async function checkServer(connection: Connection, address: string): Promise<Check> {
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  const words = `${address}, version ${serverVersion ?? 'unknown'}`;
  const isNewEnough = isAtLeast((serverVersion ?? '0').replace(/[^\d.].*$/, ''), NEEDED_SERVER);
  if (isNewEnough) return ok('server', words);
  return fault('server', words, `Use Temporal server ${NEEDED_SERVER} or newer`);
}

export async function checkNamespace(connection: Connection, namespace: string): Promise<Check> {
  if (await hasNamespace(connection, namespace)) return ok('namespace', namespace);
  return fault('namespace', `the server has no "${namespace}"`, 'Create it by "skyloom init"');
}

export async function checkSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<Check> {
  const { missing, mistyped } = await findAttributeFaults(connection, namespace);
  const name = 'search attributes';
  if (mistyped.length > 0) {
    const words = mistyped.map(({ name: attribute, type }) => `${attribute} is not ${type}`);
    return fault(
      name,
      words.join(', '),
      'Their types cannot be changed: use another namespace (TEMPORAL_NAMESPACE) and "skyloom init"',
    );
  }
  if (missing.length === 0) return ok(name, 'all are registered');
  return fault(
    name,
    `missing: ${missing.map((attribute) => attribute.name).join(', ')}`,
    'Register them by "skyloom init"',
  );
}

/** One check for each queue, as each is scaled alone. */
export async function checkWorkers(client: Client): Promise<Check[]> {
  const queues = await listQueuePollers(client);
  return queues.map(({ kind, taskQueue, identities }) => {
    const name = `worker ${kind}`;
    if (identities.length > 0) return ok(name, `${identities.length}: ${identities.join(', ')}`);
    return fault(
      name,
      `nobody serves ${taskQueue}`,
      `Start one by "skyloom worker ${kind}", or all by "skyloom up"`,
    );
  });
}

/** Compares the clocks: polls a queue that nobody uses, and reads when the server says that was. */
export async function checkClock(connection: Connection, namespace: string): Promise<Check> {
  const taskQueue = { name: `skyloom-doctor-${randomUUID()}` };
  const before = Date.now();
  // Ends by its deadline, as there is nothing to do on that queue.
  const polling = connection
    .withDeadline(before + POLL_MS, () =>
      connection.workflowService.pollActivityTaskQueue({
        namespace,
        taskQueue,
        identity: 'doctor',
      }),
    )
    .catch(() => undefined);
  const seenMs = await pollSeenAt(connection, namespace, taskQueue.name, before + POLL_MS);
  const after = Date.now();
  await polling;
  if (seenMs === null) {
    return warning('clock', 'the server did not tell its time', 'Try again in a while');
  }
  const skewMs = Math.max(0, before - seenMs, seenMs - after);
  const words = `${Math.round(skewMs)} ms off the server's`;
  if (skewMs <= MAX_CLOCK_SKEW_MS) return ok('clock', words);
  return warning('clock', words, 'Synchronize the clocks of this machine and the server (NTP)');
}

/** The server's time of a poll; it forgets a poll that has ended, so it is asked meanwhile. */
async function pollSeenAt(
  connection: Connection,
  namespace: string,
  queue: string,
  deadline: number,
): Promise<number | null> {
  while (Date.now() < deadline) {
    await delay(LOOK_MS);
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue },
      taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    });
    const seen = pollers?.[0]?.lastAccessTime;
    if (seen) return Number(seen.seconds) * 1000 + Number(seen.nanos) / 1e6;
  }
  return null;
}

/** A check that could not be made is a fault of its own. */
export async function made(name: string, check: Promise<Check>): Promise<Check> {
  try {
    return await check;
  } catch (error) {
    return fault(name, reasonIn(error), 'See the log of the server');
  }
}
