import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { type ArtifactStore, FileTooLarge } from '../../platform/artifact-store.ts';
import type { BucketSourceOptions } from '../../platform/bucket-source.ts';
import { downloadWhole } from '../../platform/download.ts';

const MEDIA_TYPE = 'application/octet-stream';
/** Bytes of a copy between two heartbeats. */
const BEAT_BYTES = 1e6;

/** What was copied by this process: many scenes of a run share a reference of gigabytes. */
const copies = new Map<string, ArtifactRef>();

/** Where what is compared with is kept. */
export interface ReferenceStorage {
  store: ArtifactStore;
  runKey: string;
  limitBytes: number;
  /** Told as bytes come; it may throw to stop the work. */
  beat: () => void;
  network: BucketSourceOptions;
}

/** Fetches a file whole, of which no parts can be had. @throws {UnsupportedImage} when it is too large. */
export async function fetchReference(
  location: string,
  { store, runKey, limitBytes, beat, network }: ReferenceStorage,
): Promise<ArtifactRef> {
  try {
    return await downloadWhole(location, { ...network, onProgress: beat }, ({ body }) =>
      store.addStream(runKey, MEDIA_TYPE, body, { limitBytes }),
    );
  } catch (error) {
    throw error instanceof FileTooLarge ? tooLarge(location, limitBytes) : error;
  }
}

/**
 * Brings a file of a reference into the store, so that it stays the same while a run goes on. A file that
 * was not changed since this process copied it is not copied again.
 */
export async function storeReference(
  path: string,
  { store, runKey, limitBytes, beat }: ReferenceStorage,
): Promise<ArtifactRef> {
  const { size, mtimeMs, ino } = await stat(path);
  const key = [store.storage.place, path, size, mtimeMs, ino].join('\0');
  const known = copies.get(key);
  if (known !== undefined && (await store.adopted(runKey, known))) return known;
  let told = 0;
  try {
    const ref = await store.addStream(runKey, MEDIA_TYPE, createReadStream(path), {
      limitBytes,
      onBytes: (bytes) => {
        if (bytes - told < BEAT_BYTES) return;
        told = bytes;
        beat();
      },
    });
    copies.set(key, ref);
    return ref;
  } catch (error) {
    throw error instanceof FileTooLarge ? tooLarge(path, limitBytes) : error;
  }
}

function tooLarge(location: string, limitBytes: number): UnsupportedImage {
  return new UnsupportedImage(
    `Cannot use "${location}" as a reference as it is longer than ${limitBytes} bytes: raise SKYLOOM_MAX_DOWNLOAD_MEGABYTES`,
  );
}
