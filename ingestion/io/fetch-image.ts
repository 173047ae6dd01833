import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FetchedImage, ImageSource } from '../../contracts/flight.ts';
import {
  ArchiveRefused,
  MemberDamaged,
  MemberRefused,
  openMember,
} from '../../platform/archive.ts';
import { FileTooLarge } from '../../platform/artifact-store.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { DownloadFailed, DownloadRefused, reasonOf } from '../../platform/download-failures.ts';
import { imageError } from '../model/finding.ts';
import { type SourceOptions, takeSource } from './open-source.ts';

export interface FetchOptions extends SourceOptions {
  /** Whether a failure that might pass is now final, and becomes a finding. */
  isLastTry: boolean;
}

/** What stands in a name in place of bytes that are no text. */
const REPLACED = '\uFFFD';

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
    return { name, file: await bringIn(source, options), findings: [] };
  } catch (error) {
    const found = options.signal.aborted ? undefined : findingOf(name, error, options.isLastTry);
    if (found === undefined) throw error;
    return { name, file: null, findings: [found] };
  }
}

async function bringIn(source: ImageSource, options: FetchOptions): Promise<ArtifactRef> {
  const { location, member, archive } = source;
  const { store, owner, limitBytes, signal, onProgress } = options;
  const streaming = { limitBytes, signal, onBytes: () => onProgress?.() };
  if (member === undefined) {
    return takeSource(location, options, (body, mediaType) =>
      store.addStream(owner, mediaType, body, streaming),
    );
  }
  const path = archive === undefined ? location : await store.fileOf(archive);
  const body = await openMember(path, member);
  return store.addStream(owner, 'application/octet-stream', body, streaming);
}

function findingOf(name: string, error: unknown, isLastTry: boolean): Finding | undefined {
  if (error instanceof FileTooLarge) {
    return imageError(
      'IMAGE_TOO_LARGE',
      name,
      `Cannot store image "${name}" as it is longer than ${error.limitBytes} bytes: raise SKYLOOM_MAX_DOWNLOAD_MEGABYTES or leave it out`,
    );
  }
  if (isNotFound(error) && name.includes(REPLACED)) {
    const message = `Image "${name}" cannot be opened as its name is no text in UTF-8: rename the file`;
    return imageError('FILE_MISSING', name, message);
  }
  if (isNotFound(error)) {
    return imageError(
      'FILE_MISSING',
      name,
      `Image "${name}" is not there: bring it, or take it off the list`,
    );
  }
  if (error instanceof MemberRefused || error instanceof ArchiveRefused) {
    const message = `Cannot unpack image "${name}" as ${error.message}; pack it anew, or leave it out`;
    return imageError('FILE_REFUSED', name, message);
  }
  if (error instanceof MemberDamaged) {
    const message = `Cannot unpack image "${name}" as ${error.message}: pack it again`;
    return imageError('IMAGE_CORRUPT', name, message);
  }
  if (error instanceof DownloadRefused) return notFetched(name, error.message);
  if (!isLastTry) return undefined;
  if (error instanceof DownloadFailed) return notFetched(name, error.message);
  return notFetched(name, `Cannot fetch image "${name}" as ${reasonOf(error)}`);
}

/** @param reason whole, with the address where there is one. */
function notFetched(name: string, reason: string): Finding {
  const message = `${reason}; mend that and check again, or leave image "${name}" out`;
  return imageError('DOWNLOAD_FAILED', name, message);
}
