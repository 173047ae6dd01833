import type { Client } from '@temporalio/client';
import type { ImageType } from '../contracts/automation.ts';
import { listQueuePollers, neededKinds } from './queue-pollers.ts';

/** One line on the queues that nobody serves, or nothing. */
export async function unservedWords(client: Client, imageType: ImageType): Promise<string> {
  const all = await listQueuePollers(client, neededKinds(imageType));
  const unserved = all.filter(({ identities }) => identities.length === 0);
  if (unserved.length === 0) return '';
  const queues = unserved.map(({ taskQueue }) => taskQueue).join(', ');
  const kinds = unserved.map(({ kind }) => kind).join(' ');
  return `No worker serves ${queues}: the run waits there until one is started, by "skyloom worker ${kinds}"`;
}
