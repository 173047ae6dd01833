import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { type ArtifactStore, FileTooLarge } from '../../platform/artifact-store.ts';

const MEDIA_TYPE = 'application/octet-stream';
/** Bytes of a copy between two heartbeats. */
const BEAT_BYTES = 1e6;

/** What was copied by this process: many scenes of a run share a reference of gigabytes. */
const copies = new Map<string, ArtifactRef>();

/**
 * Brings a file of a reference into the store, so that it stays the same while a run goes on. A file that
 * was not changed since this process copied it is not copied again.
 */
export async function storeReference(
  path: string,
  store: ArtifactStore,
  { runKey, limitBytes, beat }: { runKey: string; limitBytes: number; beat: () => void },
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
    if (error instanceof FileTooLarge) {
      throw new UnsupportedImage(
        `Cannot use "${path}" as a reference as it is longer than ${limitBytes} bytes: raise SKYLOOM_MAX_DOWNLOAD_MEGABYTES`,
      );
    }
    throw error;
  }
}
