import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ContentChanged, DownloadFailed, DownloadRefused, reasonOf } from './download-failures.ts';

/** A file on its way from some byte on. */
export interface Part {
  body: Readable;
  /** Bytes at the head of the body that have been received before, as the server began anew. */
  skip: number;
  /** Length of the whole file as the server states it; null when it does not. */
  total: number | null;
  /** Names this content and no other, so that the rest can be asked for; null when nothing does. */
  validator: string | null;
}

export interface ResumeLimits {
  /** Tries one after the other that bring less than `progressBytes`. */
  tries: number;
  progressBytes: number;
  firstWaitMs: number;
  longestWaitMs: number;
  /** A server that brings less, over `slownessMs` of waiting for it, is given up. */
  leastBytesPerSecond: number;
  slownessMs: number;
}

export interface ResumeOptions {
  /** How sentences call the file. */
  shown: string;
  limits: ResumeLimits;
  signal: AbortSignal;
  /** Told with every chunk and every new try. */
  onProgress: () => void;
}

/**
 * The bytes of a file, whole and in order, over as many connections as it takes.
 *
 * @param reopen asks for the file from a byte on, and only if it is still the same.
 * @throws {ContentChanged} when what is left belongs to other content, {DownloadRefused} when the server
 * says no, {DownloadFailed} when it gives too little or nothing any more.
 */
export async function* resumedBody(
  first: Part,
  reopen: (from: number, before: Part) => Promise<Part>,
  options: ResumeOptions,
): AsyncGenerator<Buffer> {
  const { shown, limits, signal, onProgress } = options;
  let part = first;
  let received = 0;
  let failures = 0;
  let receivedAtFailure = 0;
  const pace = createPace(limits);
  for (;;) {
    try {
      for await (const chunk of chunksOf(part, pace)) {
        received += chunk.length;
        onProgress();
        if (part.total !== null && received > part.total) {
          throw new ContentChanged(
            `Cannot download "${shown}" as it is longer than the ${part.total} bytes that the server says`,
          );
        }
        yield chunk;
      }
      if (part.total === null || received === part.total) return;
      throw new DownloadFailed('the body ends early');
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ContentChanged || error instanceof TooSlow) throw error;
      if (received - receivedAtFailure >= limits.progressBytes) failures = 0;
      receivedAtFailure = received;
      failures++;
      const sofar = `${received} of ${part.total ?? 'an unknown number of'} bytes`;
      const words = `Cannot download "${shown}" as ${reasonOf(error)}, after ${sofar}`;
      if (failures > limits.tries) throw new DownloadFailed(words);
      if (part.validator === null) throw new ContentChanged(words);
      await sleep(waitBefore(failures, limits), undefined, { signal });
      onProgress();
      part = await reopen(received, part).catch((reopening: unknown) => {
        throw reopening instanceof DownloadRefused
          ? new DownloadFailed(reopening.message)
          : reopening;
      });
    }
  }
}

/** Exponential, so that a server that is overcome gets air. */
export function waitBefore(
  attempt: number,
  { firstWaitMs, longestWaitMs }: Pick<ResumeLimits, 'firstWaitMs' | 'longestWaitMs'>,
): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1));
}

async function* chunksOf({ body, skip }: Part, pace: Pace): AsyncGenerator<Buffer> {
  let toSkip = skip;
  try {
    const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      const askedAt = performance.now();
      const next = await chunks.next();
      if (next.done) return;
      pace(next.value.length, performance.now() - askedAt);
      const passed = Math.min(toSkip, next.value.length);
      toSkip -= passed;
      if (passed < next.value.length) yield next.value.subarray(passed);
    }
  } finally {
    letGo(body);
  }
}

/** Of a body that nobody reads any more nothing is wanted, neither bytes nor its failure. */
export function letGo(body: Readable): void {
  body.on('error', () => undefined).destroy();
}

class TooSlow extends DownloadFailed {}

type Pace = (bytes: number, waitedMs: number) => void;

/** Only the time spent waiting for the server counts, so that a slow disk here is not its fault. */
function createPace({ leastBytesPerSecond, slownessMs }: ResumeLimits): Pace {
  let bytes = 0;
  let waitedMs = 0;
  return (moreBytes, moreMs) => {
    bytes += moreBytes;
    waitedMs += moreMs;
    if (waitedMs < slownessMs) return;
    const perSecond = (bytes / waitedMs) * 1000;
    if (perSecond < leastBytesPerSecond) {
      throw new TooSlow(
        `Cannot download at ${Math.round(perSecond)} bytes a second: at least ${leastBytesPerSecond} are needed`,
      );
    }
    bytes = 0;
    waitedMs = 0;
  };
}
