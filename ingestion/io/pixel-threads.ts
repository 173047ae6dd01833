import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { MemoryBudget } from '../../platform/memory-budget.ts';
import { decodeBytes } from './image-pixels.ts';
import type { FileTags } from './image-tags.ts';
import type { ComparedImage } from '../../contracts/orientation-plan.ts';
import type { ComparisonTask } from './compare-images.ts';
import type { PixelTask, SeenPixels } from './examine-pixels.ts';

/** A thread takes a tenth of a second to start, so it stays for the next batch. */
const IDLE_MS = 30_000;

/**
 * Memory of the pixels that one process decodes at a time, by default: four images of 12 megapixels, with
 * which a worker stays below 600 MB, however many cores its machine has.
 */
const DECODE_BYTES = 250e6;
/** Images that are decoded at a time, however large. */
const LEAST_AT_A_TIME = 2;
/** Images wait for memory as long as it takes: what ends their batch ends those in work, and they follow. */
const never = new AbortController().signal;

let decodes = new MemoryBudget(DECODE_BYTES);
let pixelPool: Piscina | undefined;
let tagPool: Piscina | undefined;

/**
 * Decodes and measures in a thread, so that the event loop stays free for heartbeats.
 *
 * The time limit of the task begins when a thread takes it, which is when its pixels have room; nothing else
 * in it can take long.
 *
 * @param threads how many there are at most; it counts when the first image comes.
 * @param limitBytes memory of all pixels in work; images wait for it, but two are always decoded at a time.
 */
export function examineInThread(
  task: PixelTask,
  threads = availableParallelism(),
  limitBytes = DECODE_BYTES,
): Promise<SeenPixels> {
  pixelPool ??= createPool(threads);
  const pool = pixelPool;
  if (decodes.limitBytes !== limitBytes) decodes = new MemoryBudget(limitBytes);
  const bytes = Math.min(decodeBytes(task.header), limitBytes / LEAST_AT_A_TIME);
  return decodes.run(bytes, 'image', never, () => pool.run(task, { name: 'examinePixels' }));
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
