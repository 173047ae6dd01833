import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { PixelMeasures } from '../../contracts/flight.ts';
import type { MeasuredViews } from '../model/measure-pixels.ts';
import type { RecordedTags } from '../model/recorded-tags.ts';

/** A thread takes some 50 ms to start, so it stays for the next batch. */
const IDLE_MS = 30_000;

let pool: Piscina | undefined;

/**
 * Measures pixels in a thread, so that the event loop stays free for heartbeats. The pixels are
 * handed over: they are gone here afterwards.
 *
 * @param signal ends the work, and the thread with it.
 */
export function measureInThread(views: MeasuredViews, signal: AbortSignal): Promise<PixelMeasures> {
  const buffers = new Set([views.overview, views.middle].map(({ samples }) => samples.buffer));
  const transferList = [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
  return threads().run(views, { name: 'measurePixels', transferList, signal });
}

/**
 * Reads the tags of a file in a thread: what a hostile file does to the reader ends with the signal.
 *
 * @param file shared, so that no byte is copied.
 */
export function readTagsInThread(
  file: SharedArrayBuffer,
  signal: AbortSignal,
): Promise<RecordedTags> {
  return threads().run(file, { name: 'readRecordedTags', signal });
}

/** Sets how many threads there are at most. It counts from the next start of the pool on. */
export function limitPixelThreads(count: number): void {
  limit = count;
}

/** Ends the threads, so that the process can end. */
export async function closePixelThreads(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}

let limit = availableParallelism();

function threads(): Piscina {
  pool ??= new Piscina({
    // The thread is a file of its own: code always runs as compiled.
    filename: fileURLToPath(new URL('./pixel-thread.js', import.meta.url)),
    minThreads: 1,
    maxThreads: limit,
    idleTimeout: IDLE_MS,
  });
  return pool;
}
