import type { Client } from '@temporalio/client';
import type { ImageType } from '../contracts/automation.ts';
import { listQueuePollers, neededKinds } from './queue-pollers.ts';

/** A run that says nothing new for this long may wait for a worker that is not there. */
const SILENCE_MS = 5_000;
const CHECK_INTERVAL_MS = 10_000;

/** Looks, while a run is silent, whether a queue that it needs is served by nobody, and says so once. */
export class UnservedQueues {
  private readonly client: Client;
  private readonly imageType: ImageType;
  private readonly tell: (words: string) => void;
  private lastNews = Date.now();
  private lastCheck = 0;
  private lastTold = '';

  constructor(client: Client, imageType: ImageType, tell: (words: string) => void) {
    this.client = client;
    this.imageType = imageType;
    this.tell = tell;
  }

  /** The run said something new. */
  noteNews(): void {
    this.lastNews = Date.now();
  }

  async lookWhenSilent(): Promise<void> {
    const now = Date.now();
    if (now - this.lastNews < SILENCE_MS || now - this.lastCheck < CHECK_INTERVAL_MS) return;
    this.lastCheck = now;
    const words = await unservedWords(this.client, this.imageType);
    if (words === this.lastTold) return;
    this.lastTold = words;
    if (words !== '') this.tell(words);
  }
}

/** One line on the queues that nobody serves, or nothing. */
export async function unservedWords(client: Client, imageType: ImageType): Promise<string> {
  const all = await listQueuePollers(client, neededKinds(imageType));
  const unserved = all.filter(({ identities }) => identities.length === 0);
  if (unserved.length === 0) return '';
  const queues = unserved.map(({ taskQueue }) => taskQueue).join(', ');
  const kinds = unserved.map(({ kind }) => kind).join(' ');
  return `No worker serves ${queues}: the run waits there until one is started, by "skyloom worker ${kinds}"`;
}
