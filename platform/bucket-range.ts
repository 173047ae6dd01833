import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf } from './body-bytes.ts';
import type { ByteSource } from './byte-source.ts';
import { asDownloadFailure, type BucketSourceOptions, openSourceBucket } from './bucket-source.ts';
import { usualLimits } from './download.ts';
import { ContentChanged, DownloadRefused } from './download-failures.ts';
import { waitBefore } from './resumed-body.ts';

/** Bytes of the first request, which tells the length, too: most headers are shorter. */
const FIRST_BYTES = 16_384;

/**
 * Opens an object of a bucket to read parts of it, as long as it stays the same.
 *
 * @throws {DownloadRefused} when no retry can help, {DownloadFailed} when one may.
 */
export async function openObjectSource(
  address: string,
  options: BucketSourceOptions,
): Promise<ByteSource> {
  const { bucket, key } = openSourceBucket(address, options);
  const { signal, onProgress = () => undefined } = options;
  const limits = { ...usualLimits, ...options.limits };
  /** The client asks again by itself, but not for a body that broke off. */
  const ask = async (offset: number, length: number, etag: string | null) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const range = { from: offset, to: offset + length - 1, etag };
        const { body, total, etag: tag } = await bucket.get(key, range, signal);
        const wanted = Math.min(length, total - offset);
        return { bytes: await bodyOf(body, wanted, address), total, etag: tag };
      } catch (error) {
        signal.throwIfAborted();
        const failure = asDownloadFailure(error);
        const isFinal = failure instanceof DownloadRefused || failure instanceof ContentChanged;
        if (isFinal || attempt >= limits.tries) throw failure;
        await sleep(waitBefore(attempt, limits), undefined, { signal });
        onProgress();
      }
    }
  };
  const first = await ask(0, FIRST_BYTES, null);
  return {
    shown: address,
    size: first.total,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, first.total - offset));
      if (offset + wanted <= first.bytes.length) {
        return first.bytes.subarray(offset, offset + wanted);
      }
      return (await ask(offset, wanted, first.etag)).bytes;
    },
    close: async () => undefined,
  };
}
