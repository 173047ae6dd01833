import { activityInfo, cancelled, heartbeat } from '@temporalio/activity';
import { z } from 'zod';

/** Deaths of the worker during one item after which the item is left out rather than tried again. */
const DEATHS_PER_ITEM = 2;

/** Between two checkpoints that say no more than that an item goes on. */
const PROGRESS_INTERVAL_MS = 2_000;

/** Shape of the checkpoint; details written by another build are not trusted, and the batch starts anew. */
const checkpointSchema = z.object({
  version: z.literal(1),
  done: z.record(z.string(), z.unknown()),
  /** Items in work when the checkpoint was written, with the deaths that they have seen. */
  started: z.record(z.string(), z.number()),
});

/**
 * Works through the items of a batch, a few at a time, and gives the results in the order of the items.
 *
 * After each item a heartbeat carries what is done, so that another attempt goes on from there. An item
 * that was in work at two deaths of its worker is not tried a third time: `poisoned` says what stands
 * in its place. Heartbeats say that an item was finished or begun, or that the work on it says that it goes
 * on, never merely that time passed, so a batch that hangs is found.
 *
 * Results must be small: they travel in the heartbeat.
 */
export async function workThroughBatch<Item, Result>(
  items: readonly Item[],
  resultSchema: z.ZodType<Result>,
  { atATime, nameOf }: { atATime: number; nameOf: (item: Item) => string },
  work: (item: Item, goesOn: () => void) => Promise<Result>,
  poisoned: (item: Item) => Result,
): Promise<Result[]> {
  const { done, deaths } = readCheckpoint(resultSchema);
  const inWork = new Map<string, number>();
  let lastCheckpoint = 0;
  const checkpoint = () => {
    lastCheckpoint = performance.now();
    heartbeat({
      version: 1,
      done: Object.fromEntries(done),
      started: Object.fromEntries([...deaths, ...inWork]),
    });
  };
  const goesOn = () => {
    if (performance.now() - lastCheckpoint >= PROGRESS_INTERVAL_MS) checkpoint();
  };

  let stopped = false;
  async function workOn(item: Item): Promise<void> {
    const name = nameOf(item);
    const seenDeaths = deaths.get(name) ?? 0;
    if (seenDeaths >= DEATHS_PER_ITEM) {
      done.set(name, poisoned(item));
      checkpoint();
      return;
    }
    inWork.set(name, seenDeaths + 1);
    checkpoint();
    try {
      done.set(name, await work(item, goesOn));
      deaths.delete(name);
    } catch (error) {
      // A failure that is thrown is no death: the item may be tried as often as the policy says.
      stopped = true;
      throw error;
    } finally {
      inWork.delete(name);
      checkpoint();
    }
  }

  async function workThrough(queue: Item[]): Promise<void> {
    for (let item = queue.shift(); item !== undefined && !stopped; item = queue.shift()) {
      await workOn(item);
    }
  }

  async function workOnAll(): Promise<void> {
    const open = items.filter((item) => !done.has(nameOf(item)));
    // What was in work at a death goes first and alone: so a second death convicts only the culprit.
    await workThrough(open.filter((item) => deaths.has(nameOf(item))));
    const rest = open.filter((item) => !done.has(nameOf(item)));
    const lanes = Array.from({ length: Math.min(atATime, rest.length) }, () => workThrough(rest));
    const ends = await Promise.allSettled(lanes);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  const whole = workOnAll();
  try {
    await Promise.race([whole, cancelled()]);
  } finally {
    // Nothing may write behind the back of the next attempt.
    stopped = true;
    await whole.catch(() => undefined);
  }
  return items.map((item) => done.get(nameOf(item))!);
}

function readCheckpoint<Result>(resultSchema: z.ZodType<Result>): {
  done: Map<string, Result>;
  deaths: Map<string, number>;
} {
  const done = new Map<string, Result>();
  const parsed = checkpointSchema.safeParse(activityInfo().heartbeatDetails);
  if (!parsed.success) return { done, deaths: new Map() };
  for (const [name, value] of Object.entries(parsed.data.done)) {
    const result = resultSchema.safeParse(value);
    if (result.success) done.set(name, result.data);
  }
  return { done, deaths: new Map(Object.entries(parsed.data.started)) };
}
