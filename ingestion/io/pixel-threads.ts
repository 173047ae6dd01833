import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { FileTags } from './image-tags.ts';
import type { ComparedImage } from '../../contracts/orientation-plan.ts';
import type { ComparisonTask } from './compare-images.ts';
import type { PixelTask, SeenPixels } from './examine-pixels.ts';

/** A thread takes a tenth of a second to start, so it stays for the next batch. */
const IDLE_MS = 30_000;

let pixelPool: Piscina | undefined;
let tagPool: Piscina | undefined;

/**
 * Decodes and measures in a thread, so that the event loop stays free for heartbeats.
 *
 * The time limit of the task begins when a thread takes it; nothing else in it can take long.
 *
 * @param threads how many there are at most; it counts when the first image comes.
 */
export function examineInThread(
  task: PixelTask,
  threads = availableParallelism(),
): Promise<SeenPixels> {
  pixelPool ??= createPool(threads);
  return pixelPool.run(task, { name: 'examinePixels' });
}

/** Compares an image with its neighbors, in the threads that decode. */
export function compareInThread(
  task: ComparisonTask,
  threads = availableParallelism(),
): Promise<ComparedImage> {
  pixelPool ??= createPool(threads);
  return pixelPool.run(task, { name: 'compareImages' });
}

/**
 * Reads the tags of a file in a thread of their own, where they wait for no pixels: what a hostile
 * file does to the reader ends with the signal, and the thread with it.
 */
export function readTagsInThread(file: SharedArrayBuffer, signal: AbortSignal): Promise<FileTags> {
  tagPool ??= createPool(1);
  return tagPool.run(file, { name: 'readRecordedTags', signal });
}

/** Ends the threads, so that the process can end. They start again with the next image. */
export async function closePixelThreads(): Promise<void> {
  const pools = [pixelPool, tagPool];
  pixelPool = undefined;
  tagPool = undefined;
  await Promise.all(pools.map(async (pool) => pool?.destroy()));
}

function createPool(maxThreads: number): Piscina {
  return new Piscina({
    // The thread is a file of its own: code always runs as compiled.
    filename: fileURLToPath(new URL('./pixel-thread.js', import.meta.url)),
    minThreads: 0,
    maxThreads,
    idleTimeout: IDLE_MS,
  });
}
