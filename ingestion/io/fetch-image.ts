import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FetchedImage, ImageSource } from '../../contracts/flight.ts';
import { type ArtifactStore, FileTooLarge } from '../../platform/artifact-store.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { type DownloadOptions, downloadWhole } from '../../platform/download.ts';
import { DownloadFailed, DownloadRefused, reasonOf } from '../../platform/download-failures.ts';
import { isAddress } from '../../platform/image-sources.ts';
import { imageError } from '../model/finding.ts';

export interface FetchOptions extends DownloadOptions {
  store: ArtifactStore;
  owner: string;
  limitBytes: number;
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
  try {
    return { name, file: await store(source, options), findings: [] };
  } catch (error) {
    const found = options.signal.aborted ? undefined : findingOf(name, error, options.isLastTry);
    if (found === undefined) throw error;
    return { name, file: null, findings: [found] };
  }
}

function store({ location }: ImageSource, options: FetchOptions): Promise<ArtifactRef> {
  const { owner, limitBytes, signal, onProgress } = options;
  const add = (body: Readable, mediaType: string) =>
    options.store.addStream(owner, mediaType, body, {
      limitBytes,
      signal,
      onBytes: () => onProgress?.(),
    });
  if (!isAddress(location)) return add(createReadStream(location), UNKNOWN_TYPE);
  return downloadWhole(location, options, ({ body, mediaType }) =>
    add(body, mediaType ?? UNKNOWN_TYPE),
  );
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
  if (error instanceof DownloadFailed) return imageError('DOWNLOAD_FAILED', name, error.message);
  return imageError('DOWNLOAD_FAILED', name, `Cannot fetch image "${name}" as ${reasonOf(error)}`);
}
