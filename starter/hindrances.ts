import type { Client } from '@temporalio/client';
import type { ImageType } from '../contracts/automation.ts';
import { retriedActivities, retriedWords } from './retried-activities.ts';
import { unservedWords } from './unserved-queues.ts';

/** A run that says nothing new for this long may be held up. */
const SILENCE_MS = 5_000;
const CHECK_INTERVAL_MS = 10_000;

export interface HeldRun {
  workflowId: string;
  runId?: string | undefined;
  /** Null of a flow: which queues it needs, its tasks say. */
  imageType: ImageType | null;
}

/** Looks, while a run is silent, at what holds it up, and says each thing once. */
export class Hindrances {
  private readonly client: Client;
  private readonly run: HeldRun;
  private readonly tell: (words: string) => void;
  private lastNews = Date.now();
  private lastCheck = 0;
  private lastTold = '';

  constructor(client: Client, run: HeldRun, tell: (words: string) => void) {
    this.client = client;
    this.run = run;
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
    const words = await hindranceWords(this.client, this.run);
    if (words === this.lastTold) return;
    this.lastTold = words;
    if (words !== '') this.tell(words);
  }
}

/** Queues that nobody serves and activities that fail, a line each; empty when nothing holds the run up. */
export async function hindranceWords(client: Client, run: HeldRun): Promise<string> {
  const words = await Promise.all([
    run.imageType === null ? '' : unservedWords(client, run.imageType),
    retriedActivities(client, run).then(retriedWords),
  ]);
  return words.filter((each) => each !== '').join('\n');
}
