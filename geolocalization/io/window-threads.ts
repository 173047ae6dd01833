import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { MeasuredWindow, RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { PairToPlan } from './plan-registration.ts';
import type { PairToSearch, SearchedScene } from './search-scene.ts';
import { orThrow } from './unreadable-pixels.ts';
import type { AroundTask, WindowTask } from './window-task.ts';

/** A thread takes a tenth of a second to start, so it stays for the next batch. */
const IDLE_MS = 30_000;

let pool: Piscina | undefined;

/**
 * Compares a window in a thread, so that every core has work and the event loop stays free for heartbeats.
 *
 * @param threads how many there are at most; it counts when the first task comes.
 * @throws {UnreadablePixels} when a file is damaged where the window lies.
 */
export async function compareInThread(task: WindowTask, threads: number): Promise<MeasuredWindow> {
  return orThrow<MeasuredWindow>(await poolOf(threads).run(task, { name: 'compareWindow' }));
}

/** Compares a window with what lies around where it was found, in a thread. @throws {UnreadablePixels} */
export async function compareAroundInThread(
  task: AroundTask,
  threads: number,
): Promise<Float64Array> {
  return orThrow<Float64Array>(await poolOf(threads).run(task, { name: 'compareAround' }));
}

/** How work goes to a thread. */
export interface ThreadOptions {
  home: string;
  threads: number;
  /** Told whenever something more is done. */
  beat: () => void;
}

/** Plans a comparison in a thread; see `planRegistration`. @throws {UnreadablePixels} */
export function planInThread(
  pair: PairToPlan,
  options: ThreadOptions,
): Promise<RegistrationPlan | string> {
  return withPair('planComparison', pair, options);
}

/** Looks for a scene elsewhere in a thread; see `searchScene`. @throws {UnreadablePixels} */
export function searchInThread(pair: PairToSearch, options: ThreadOptions): Promise<SearchedScene> {
  return withPair('searchElsewhere', pair, options);
}

async function withPair<Result>(
  name: 'planComparison' | 'searchElsewhere',
  pair: PairToPlan | PairToSearch,
  { home, threads, beat }: ThreadOptions,
): Promise<Result> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', beat);
  try {
    const task = { home, pair, port: port2 };
    return orThrow<Result>(await poolOf(threads).run(task, { name, transferList: [port2] }));
  } finally {
    port1.close();
  }
}

/** Ends the threads, so that the process can end. They start again with the next task. */
export async function closeWindowThreads(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}

function poolOf(threads: number): Piscina {
  return (pool ??= new Piscina({
    // The thread is a file of its own: code always runs as compiled.
    filename: fileURLToPath(new URL('./window-thread.js', import.meta.url)),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    // The reader of TIFFs loads a package that, in a thread, looks into this for what to run.
    workerData: {},
  }));
}
