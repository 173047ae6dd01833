import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { ImageType } from '../contracts/automation.ts';
import { taskQueues, type WorkerKind, workerKinds } from '../contracts/task-queues.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

/**
 * A worker asks for work at least this often. The server itself lists a worker for five minutes after
 * it was last heard of, which is too long for somebody who waits.
 */
const LONGEST_POLL_MS = 90_000;
/** A worker that was heard of longer ago is busy, or stopped a moment ago: that is said. */
const LONG_AGO_SECONDS = 65;

/** Who serves the queue of one kind of worker. */
export interface QueuePollers {
  kind: WorkerKind;
  taskQueue: string;
  /** Such as `processor@host:4711`, each once. */
  identities: string[];
}

/** Kinds of worker that a run of the type cannot end without. */
export function neededKinds(imageType: ImageType): WorkerKind[] {
  const domains: WorkerKind[] =
    imageType === 'Navad' ? ['ingestion', 'accuracy'] : ['geolocalization'];
  return ['automation', ...domains, 'processor', 'cleanup'];
}

/** Asks the server which workers were heard of lately, for each kind in the order given. */
export function listQueuePollers(
  client: Client,
  kinds: readonly WorkerKind[] = workerKinds,
): Promise<QueuePollers[]> {
  return Promise.all(
    kinds.map(async (kind) => {
      const taskQueue = taskQueues[kind];
      const both = await Promise.all([
        pollersOf(client, taskQueue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
        pollersOf(client, taskQueue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
      ]);
      return { kind, taskQueue, identities: [...new Set(both.flat())].sort() };
    }),
  );
}

/** Whether a worker was heard of lately that does activities of a queue. */
export async function isQueueServed(client: Client, taskQueue: string): Promise<boolean> {
  const pollers = await pollersOf(client, taskQueue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY);
  return pollers.length > 0;
}

async function pollersOf(
  client: Client,
  name: string,
  taskQueueType: proto.temporal.api.enums.v1.TaskQueueType,
): Promise<string[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType,
  });
  const heardOf = (pollers ?? []).filter(
    ({ lastAccessTime }) =>
      Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < LONGEST_POLL_MS,
  );
  return heardOf.map(({ identity, lastAccessTime }) => {
    const secondsAgo = Math.round(Date.now() / 1000 - Number(lastAccessTime?.seconds ?? 0));
    return secondsAgo > LONG_AGO_SECONDS ? `${identity} (${secondsAgo} s ago)` : `${identity}`;
  });
}
