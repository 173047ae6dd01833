import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { referenceCatalogueSchema, type SceneLocation } from '../../contracts/geolocalization.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { chooseReferences } from '../model/registration/choose-references.ts';
import { asReferenceFile } from './catalogue-references.ts';
import { storeReference } from './store-reference.ts';

export interface ReferenceStorage {
  store: ArtifactStore;
  runKey: string;
  limitBytes: number;
  beat: () => void;
}

/** The files of a catalogue that a scene overlaps, brought into the store: the most overlapping first. */
export async function overlappingFiles(
  catalogue: ArtifactRef,
  { footprint }: Pick<SceneLocation, 'footprint'>,
  { store, ...options }: ReferenceStorage,
): Promise<ReferenceFile[]> {
  if (footprint === null) return [];
  const { entries } = await store.readJson(catalogue, referenceCatalogueSchema);
  const named = entries.map((entry) => ({ ...entry, footprint: entry.header.footprint }));
  const chosen: ReferenceFile[] = [];
  for (const entry of chooseReferences(footprint, named)) {
    chosen.push(asReferenceFile(entry, await storeReference(entry.location, store, options)));
  }
  return chosen;
}
