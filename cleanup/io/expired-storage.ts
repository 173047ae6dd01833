import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { runFolderPath } from '../../platform/run-folder.ts';

/** Files and the bytes in them. */
export interface Amount {
  files: number;
  bytes: number;
}

/** Keys of the runs that own files or have a folder of results, in a fixed order. */
export async function listRunKeys(home: string): Promise<string[]> {
  const keys = [
    ...(await namesIn(join(home, 'owners', 'by-owner'))),
    ...(await namesIn(join(home, 'runs'))),
  ];
  return [...new Set(keys)].sort();
}

/** When a run last wrote to the storage, milliseconds since 1970. */
export async function lastWriteOf(home: string, runKey: string): Promise<number> {
  const folders = [join(home, 'owners', 'by-owner', runKey), runFolderPath(home, runKey)];
  const times = await Promise.all(folders.map(modifiedAt));
  return Math.max(...times.map((time) => time ?? 0));
}

/** Removes a run's results, and every file that no other run needs. Safe to repeat. */
export async function removeRun(
  home: string,
  store: ArtifactStore,
  runKey: string,
): Promise<Amount> {
  const removed = await store.owners.releaseAllBut(runKey, new Set());
  // Last, so that an attempt that died half-way finds the run again.
  await rm(runFolderPath(home, runKey), { recursive: true, force: true });
  await store.owners.forget(runKey);
  return removed;
}

/** What a run holds; files that others need too are counted, as nobody knows who goes first. */
export async function amountOf(store: ArtifactStore, runKey: string): Promise<Amount> {
  const held = { files: 0, bytes: 0 };
  for (const sha256 of await store.owners.listOf(runKey)) {
    const entry = await statOrNull(store.pathOf({ sha256 }));
    if (entry === null) continue;
    held.files++;
    held.bytes += entry.size;
  }
  return held;
}

/**
 * Removes what was written before `cutoffMs` below a folder and matches, at any depth.
 *
 * @returns how much it was; with `isDryRun` how much it would be.
 */
export async function removeOld(
  folder: string,
  cutoffMs: number,
  isDryRun: boolean,
  isWanted: (name: string) => boolean,
): Promise<Amount> {
  const removed = { files: 0, bytes: 0 };
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(
    emptyIfAbsent,
  );
  for (const entry of entries) {
    if (!entry.isFile() || !isWanted(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await statOrNull(path);
    if (found === null || found.mtimeMs >= cutoffMs) continue;
    if (!isDryRun) await rm(path, { force: true });
    removed.files++;
    removed.bytes += found.size;
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(emptyIfAbsent);
}

async function modifiedAt(path: string): Promise<number | null> {
  return (await statOrNull(path))?.mtimeMs ?? null;
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

function emptyIfAbsent(error: unknown): never[] {
  if (isNotFound(error)) return [];
  throw error;
}
