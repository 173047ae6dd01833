import type { ArtifactStore } from '../../platform/artifact-store.ts';
import type { Amount } from '../../platform/storage.ts';

/** Keys of the runs that own files or have a folder of results, in a fixed order. */
export async function listRunKeys({ owners, storage }: ArtifactStore): Promise<string[]> {
  return [...new Set([...(await owners.list()), ...(await storage.namesBelow('runs'))])].sort();
}

/** When a run last wrote to the storage, milliseconds since 1970. */
export async function lastWriteOf(
  { owners, storage }: ArtifactStore,
  runKey: string,
): Promise<number> {
  const times = [await owners.lastWriteOf(runKey), await storage.lastWriteBelow(`runs/${runKey}`)];
  return Math.max(...times.map((time) => time ?? 0));
}

/** Removes a run's results, and every file that no other run needs. Safe to repeat. */
export async function removeRun(store: ArtifactStore, runKey: string): Promise<Amount> {
  const removed = await store.owners.releaseAllBut(runKey, new Set());
  // Last, so that an attempt that died half-way finds the run again.
  await store.storage.removeBelow(`runs/${runKey}`);
  await store.owners.forget(runKey);
  return removed;
}

/** What a run holds; files that others need too are counted, as nobody knows who goes first. */
export async function amountOf(store: ArtifactStore, runKey: string): Promise<Amount> {
  const held = { files: 0, bytes: 0 };
  for (const sha256 of await store.owners.listOf(runKey)) {
    const bytes = await store.sizeOf(sha256);
    if (bytes === null) continue;
    held.files++;
    held.bytes += bytes;
  }
  return held;
}
