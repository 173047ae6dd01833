import { join, resolve } from 'node:path';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import { type ArtifactStore, artifactKey } from './artifact-store.ts';
import type { Settings } from './configuration.ts';
import { isBucketAddress } from './image-sources.ts';

/** The folder in which people find the results of a run under plain names, where the storage is a folder. */
export function runFolderPath(home: string, runKey: string): string {
  return join(home, 'runs', runKey);
}

/** Where people find the results of a run: a folder, or a prefix of a bucket. */
export function runPlace(settings: Settings, runKey: string): string {
  const place = settings.SKYLOOM_STORE ?? settings.SKYLOOM_HOME;
  if (!isBucketAddress(place)) return runFolderPath(resolve(place), runKey);
  return `${place.replace(/\/$/, '')}/runs/${runKey}`;
}

/** A document among the results of a run; null when it is not there. */
export function readRunDocument(
  { storage }: ArtifactStore,
  runKey: string,
  name: string,
): Promise<Buffer | null> {
  return storage.readSmall(`runs/${runKey}/${name}`);
}

/** Gives documents of the store plain names among the results of a run; @returns where. Safe to repeat. */
export async function publishToRunFolder(
  { storage }: ArtifactStore,
  runKey: string,
  documents: Record<string, ArtifactRef>,
): Promise<string> {
  const folder = `runs/${runKey}`;
  for (const name of await storage.namesBelow(folder)) {
    if (!(name in documents)) await storage.remove(`${folder}/${name}`);
  }
  for (const [name, ref] of Object.entries(documents)) {
    // A copy, not a link: people edit what they find here, and the store must not change with it.
    await storage.copy({ key: artifactKey(ref), sha256: ref.sha256 }, `${folder}/${name}`);
  }
  return `${storage.place}/${folder}`;
}
