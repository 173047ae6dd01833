import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { ArtifactStore } from './artifact-store.ts';

/** The folder in which people find the results of a run under plain names. */
export function runFolderPath(home: string, runKey: string): string {
  return join(home, 'runs', runKey);
}

/** Gives documents of the store plain names in the folder of a run. Safe to repeat. */
export async function publishToRunFolder(
  home: string,
  runKey: string,
  store: ArtifactStore,
  documents: Record<string, ArtifactRef>,
): Promise<string> {
  const folder = runFolderPath(home, runKey);
  await mkdir(folder, { recursive: true });
  for (const stale of await readdir(folder)) await rm(join(folder, stale), { force: true });
  for (const [name, ref] of Object.entries(documents)) {
    // A copy, not a link: people edit what they find here, and the store must not change with it.
    await copyFile(store.pathOf(ref), join(folder, name));
  }
  return folder;
}
