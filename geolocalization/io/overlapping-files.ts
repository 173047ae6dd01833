import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { referenceCatalogueSchema, type SceneLocation } from '../../contracts/geolocalization.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import type { MultiPolygon } from '../model/footprint.ts';
import { widenedOutline } from '../model/ground-box.ts';
import { chooseReferences } from '../model/registration/choose-references.ts';
import { asReferenceFile, withHeader } from './catalogue-references.ts';
import { clipReference, fetchedWhole } from './clip-reference.ts';
import { maskFault } from './georeference-scene.ts';
import { isAfar } from './open-source.ts';
import { companionsOf } from './scene-companions.ts';
import { type ReferenceStorage, storeReference } from './store-reference.ts';

export interface OverlappingFiles {
  files: ReferenceFile[];
  /** A sentence for each file that overlaps and cannot be read. */
  faults: string[];
  /** Files that overlap, too, and are more than can be read as one. */
  leftOut: number;
}

/** What of a catalogue is needed. */
export interface NeededGround {
  /** Of the scene; null for everything that there is. */
  footprint: MultiPolygon | null;
  /** Of the scene, meters: coarser scenes need no more than an overview. */
  gsd: SceneLocation['gsd'];
  /** Of the scene, which decide what bands of a larger file are needed. */
  bands?: SceneLocation['bands'];
  wavelengths?: SceneLocation['wavelengths'];
  /** Share of the scene's size that is needed around it. */
  margin?: number;
  /** Pixels of the longer side that are enough, in place of the scene's. */
  longSide?: number;
}

/**
 * The files of a catalogue that a scene overlaps, brought into the store: the most overlapping first. Of
 * files elsewhere only the part that the scene needs.
 */
export async function overlappingFiles(
  catalogue: ArtifactRef,
  needed: NeededGround,
  storage: ReferenceStorage,
): Promise<OverlappingFiles> {
  const files: ReferenceFile[] = [];
  const faults: string[] = [];
  const { entries } = await storage.store.readJson(catalogue, referenceCatalogueSchema);
  const { margin = 0 } = needed;
  const footprint =
    needed.footprint === null || margin === 0
      ? needed.footprint
      : widenedOutline(needed.footprint, margin);
  const { chosen, leftOut } = chooseReferences(footprint, entries);
  for (const entry of chosen) {
    const placed = entry.header === null ? await withHeader(entry, 'reference', storage) : entry;
    if (typeof placed === 'string') {
      faults.push(placed);
      continue;
    }
    const { header } = placed;
    if (header === null) continue;
    const known = { ...placed, header };
    const part = await brought(known, { ...needed, footprint }, storage).catch((error: unknown) => {
      if (error instanceof UnsupportedImage || error instanceof DownloadRefused) {
        return error.message;
      }
      throw error;
    });
    if (typeof part === 'string') faults.push(part);
    else if (part !== null) files.push(part);
  }
  return { files, faults, leftOut };
}

/** What is needed of a file, wherever it lies. */
function brought(
  entry: Parameters<typeof asReferenceFile>[0],
  needed: NeededGround,
  storage: ReferenceStorage,
): Promise<ReferenceFile | null> {
  if (!isAfar(entry.location)) return storedFile(entry, storage);
  return entry.file === null ? clipReference(entry, needed, storage) : fetchedWhole(entry, storage);
}

/** A file on this machine, with the mask beside it. */
async function storedFile(
  entry: Parameters<typeof asReferenceFile>[0],
  storage: ReferenceStorage,
): Promise<ReferenceFile> {
  const file = asReferenceFile(entry, await storeReference(entry.location, storage));
  const { found } = await companionsOf(entry.location);
  const mask = found.find(({ kind }) => kind === 'mask');
  if (mask === undefined || (await maskFault(entry.header, [mask])) !== null) return file;
  return { ...file, mask: await storeReference(mask.path, storage) };
}

/** The ground of all files of a catalogue together, and how many there are. */
export async function catalogueExtent(
  catalogue: ArtifactRef,
  { store }: Pick<ReferenceStorage, 'store'>,
): Promise<{ outline: MultiPolygon; files: number }> {
  const { entries } = await store.readJson(catalogue, referenceCatalogueSchema);
  const coordinates = entries.flatMap(({ footprint }) => footprint?.coordinates ?? []);
  return { outline: { type: 'MultiPolygon', coordinates }, files: entries.length };
}
