import { Readable } from 'node:stream';
import { parseBucketAddress } from './bucket-address.ts';
import { BucketFailure } from './bucket-failures.ts';
import { Bucket, type ObjectBody } from './bucket.ts';
import { mayReadBucket, type Settings } from './configuration.ts';
import { type DownloadOptions, usualLimits } from './download.ts';
import { ContentChanged, DownloadFailed, DownloadRefused } from './download-failures.ts';
import { letGo, type Part, resumedBody } from './resumed-body.ts';

/** Times that an object is begun anew as it changed. */
const MAX_STARTS = 4;

export interface BucketSourceOptions extends DownloadOptions {
  settings: Settings;
  isServerLocal: boolean;
}

/** Opens the bucket of an address that requests may read from. @throws {DownloadRefused} when they may not. */
export function openSourceBucket(
  address: string,
  { settings, isServerLocal }: Pick<BucketSourceOptions, 'settings' | 'isServerLocal'>,
): { bucket: Bucket; key: string } {
  if (!mayReadBucket(address, settings, isServerLocal)) {
    throw new DownloadRefused(
      `Cannot read "${address}" as requests may only read from ${settings.SKYLOOM_S3_SOURCES || 'no bucket at all'}: add it to SKYLOOM_S3_SOURCES of the workers`,
    );
  }
  const { bucket, key } = parseBucketAddress(address);
  return { bucket: new Bucket(bucket, settings), key };
}

/**
 * Opens an object as a stream and gives it to `take`. A body that breaks off is gone on with as long as the
 * object is the same; one that changed is begun anew.
 *
 * @throws {DownloadRefused} when no retry can help, {DownloadFailed} when one may.
 */
export async function takeObject<Result>(
  address: string,
  options: BucketSourceOptions,
  take: (body: Readable, mediaType: string) => Promise<Result>,
): Promise<Result> {
  for (let start = 1; ; start++) {
    try {
      const { body, mediaType } = await openObject(address, options);
      return await take(body, mediaType ?? 'application/octet-stream');
    } catch (error) {
      if (!(error instanceof ContentChanged) || start >= MAX_STARTS) throw error;
    }
  }
}

async function openObject(address: string, options: BucketSourceOptions) {
  const { bucket, key } = openSourceBucket(address, options);
  const { signal, onProgress = () => undefined } = options;
  const limits = { ...usualLimits, ...options.limits };
  const get = (from: number, etag: string | null) =>
    bucket.get(key, { from, etag }, signal).catch((error: unknown) => {
      throw asDownloadFailure(error);
    });
  const first = await get(0, null);
  const reopen = async (from: number, { validator }: Part) => partOf(await get(from, validator));
  const chunks = resumedBody(partOf(first), reopen, { shown: address, limits, signal, onProgress });
  const body = Readable.from(chunks, { objectMode: false });
  // A stream that is given up before it is read would keep its connection.
  body.once('close', () => letGo(first.body));
  return { body, mediaType: first.mediaType };
}

function partOf({ body, total, etag }: ObjectBody): Part {
  return { body, skip: 0, total, validator: etag };
}

/** The same words, of the kind that downloads fail with. */
export function asDownloadFailure(error: unknown): unknown {
  if (!(error instanceof BucketFailure)) return error;
  return error.isLasting ? new DownloadRefused(error.message) : new DownloadFailed(error.message);
}
