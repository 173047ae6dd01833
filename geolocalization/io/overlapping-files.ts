import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { referenceCatalogueSchema, type SceneLocation } from '../../contracts/geolocalization.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { chooseReferences } from '../model/registration/choose-references.ts';
import { asReferenceFile, withHeader } from './catalogue-references.ts';
import { clipReference } from './clip-reference.ts';
import { isAfar } from './open-source.ts';
import { type ReferenceStorage, storeReference } from './store-reference.ts';

export interface OverlappingFiles {
  files: ReferenceFile[];
  /** A sentence for each file that overlaps and cannot be read. */
  faults: string[];
}

/**
 * The files of a catalogue that a scene overlaps, brought into the store: the most overlapping first. Of
 * files elsewhere only the part that the scene needs.
 *
 * @param margin share of the scene's size that is needed around it.
 */
export async function overlappingFiles(
  catalogue: ArtifactRef,
  { footprint, gsd }: Pick<SceneLocation, 'footprint' | 'gsd'>,
  storage: ReferenceStorage,
  margin?: number,
): Promise<OverlappingFiles> {
  const files: ReferenceFile[] = [];
  const faults: string[] = [];
  if (footprint === null) return { files, faults };
  const { entries } = await storage.store.readJson(catalogue, referenceCatalogueSchema);
  for (const entry of chooseReferences(footprint, entries)) {
    const placed = entry.header === null ? await withHeader(entry, 'reference', storage) : entry;
    if (typeof placed === 'string') {
      faults.push(placed);
      continue;
    }
    const { header } = placed;
    if (header === null) continue;
    const known = { ...placed, header };
    if (!isAfar(placed.location)) {
      files.push(asReferenceFile(known, await storeReference(placed.location, storage)));
    } else if (placed.file !== null) files.push(asReferenceFile(known, placed.file));
    else {
      const part = await clipReference(known, { footprint, gsd, margin }, storage).catch(
        (error: unknown) => {
          if (error instanceof UnsupportedImage || error instanceof DownloadRefused) {
            return error.message;
          }
          throw error;
        },
      );
      if (typeof part === 'string') faults.push(part);
      else if (part !== null) files.push(part);
    }
  }
  return { files, faults };
}
