import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { downloadWhole } from '../../platform/download.ts';
import { type BucketSourceOptions, takeObject } from '../../platform/bucket-source.ts';
import { isAddress, isBucketAddress } from '../../platform/image-sources.ts';

/** What is needed to read the files of a flight, and where they go. */
export interface SourceOptions extends BucketSourceOptions {
  store: ArtifactStore;
  owner: string;
  limitBytes: number;
}

const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Opens a file at a path, an http(s) or an s3 address and gives it to `take`; begins anew where its content
 * changed on the way, so what `take` made of a stream that failed must not count.
 */
export async function takeSource<Result>(
  location: string,
  options: SourceOptions,
  take: (body: Readable, mediaType: string) => Promise<Result>,
): Promise<Result> {
  if (isBucketAddress(location)) return takeObject(location, options, take);
  if (!isAddress(location)) {
    // Opened before it is handed on: a stream that fails while nobody listens yet ends the process.
    const file = await open(location);
    return take(file.createReadStream(), UNKNOWN_TYPE);
  }
  return downloadWhole(location, options, ({ body, mediaType }) =>
    take(body, mediaType ?? UNKNOWN_TYPE),
  );
}
