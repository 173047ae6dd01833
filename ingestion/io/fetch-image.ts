import { createReadStream } from 'node:fs';
import type { Finding } from '../../contracts/findings.ts';
import type { FetchedImage, ImageSource } from '../../contracts/flight.ts';
import { type ArtifactStore, FileTooLarge } from '../../platform/artifact-store.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { DownloadRefused, downloadStream } from '../../platform/download.ts';
import { isAddress } from '../../platform/image-sources.ts';
import { imageError } from '../model/finding.ts';

export interface FetchOptions {
  store: ArtifactStore;
  owner: string;
  limitBytes: number;
  allowPrivateAddresses: boolean;
  signal: AbortSignal;
  /** Whether a failure that might pass is now final, and becomes a finding. */
  isLastTry: boolean;
}

const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Streams one image into the artifact store, hashing on the way.
 *
 * @returns the file, or the finding that says why it cannot be had.
 * @throws what might pass by itself, unless this is the last try.
 */
export async function fetchImage(
  source: ImageSource,
  options: FetchOptions,
): Promise<FetchedImage> {
  const { name } = source;
  const { store, owner, limitBytes, signal } = options;
  try {
    const { body, mediaType } = await openSource(source, options);
    const file = await store.addStream(owner, mediaType, body, { limitBytes, signal });
    return { name, file, findings: [] };
  } catch (error) {
    const found = signal.aborted ? undefined : findingOf(name, error, options.isLastTry);
    if (found === undefined) throw error;
    return { name, file: null, findings: [found] };
  }
}

async function openSource({ location }: ImageSource, options: FetchOptions) {
  if (!isAddress(location)) {
    return { body: createReadStream(location), mediaType: UNKNOWN_TYPE };
  }
  const { body, mediaType } = await downloadStream(location, options);
  return { body, mediaType: mediaType ?? UNKNOWN_TYPE };
}

function findingOf(name: string, error: unknown, isLastTry: boolean): Finding | undefined {
  if (error instanceof FileTooLarge) {
    return imageError(
      'IMAGE_TOO_LARGE',
      name,
      `Cannot store image "${name}" as it is longer than ${error.limitBytes} bytes: raise SKYLOOM_MAX_DOWNLOAD_MEGABYTES or leave it out`,
    );
  }
  if (isNotFound(error)) {
    return imageError('FILE_MISSING', name, `Image "${name}" is not there`);
  }
  if (error instanceof DownloadRefused) return imageError('DOWNLOAD_FAILED', name, error.message);
  if (!isLastTry) return undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return imageError('DOWNLOAD_FAILED', name, `Cannot fetch image "${name}": ${reason}`);
}
