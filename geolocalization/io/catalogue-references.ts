import { basename } from 'node:path';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { MissingSource } from '../../contracts/failures.ts';
import type { ReferenceCatalogue } from '../../contracts/geolocalization.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { listSources, type NetworkOptions } from '../../platform/image-sources.ts';
import { bandsToCompare } from '../model/registration/registration-grid.ts';
import { georeferenceFile } from './georeference-scene.ts';
import { scenesBelow } from './scene-files.ts';

/** Files of one reference or height model: a folder of more is refused, and split by its owner. */
const MAX_ENTRIES = 2000;

/**
 * Reads where each file of a reference lies, without copying any.
 *
 * @param what in words, such as `reference`.
 * @throws {MissingSource} when none of them can serve.
 */
export async function catalogueReferences(
  origin: ImageOrigin,
  what: string,
  { beat, ...network }: NetworkOptions & { beat: () => void },
): Promise<ReferenceCatalogue> {
  const sources = await listSources(origin, scenesBelow, network);
  if (sources.length > MAX_ENTRIES) {
    throw new MissingSource(
      `Cannot use "${origin.location}" as ${what} as it may have ${MAX_ENTRIES} files: found ${sources.length}`,
    );
  }
  const entries: ReferenceCatalogue['entries'] = [];
  const refused: string[] = [];
  for (const { name, location } of sources) {
    beat();
    const header = await georeferenceFile(name, location);
    const isUsable = header.status === 'stated' && header.placement?.kind === 'affine';
    if (isUsable) entries.push({ name, location, header });
    else if (header.status === 'stated') {
      refused.push(`File "${name}" cannot serve as ${what} as its pixels lie in no map`);
    } else refused.push(header.reason);
  }
  if (entries.length === 0) {
    const [first = `"${basename(origin.location)}" holds no image`] = refused;
    throw new MissingSource(
      `Cannot use "${origin.location}" as ${what} as no file of it lies in a map: ${first}`,
    );
  }
  return { schemaVersion: 1, entries, refused };
}

/** A file of the catalogue once it is in the store. */
export function asReferenceFile(
  { name, header }: ReferenceCatalogue['entries'][number],
  file: ArtifactRef,
): ReferenceFile {
  const { placement, width, height, bands } = header;
  if (placement?.kind !== 'affine' || width === null || height === null) {
    throw new RangeError(`Cannot use "${name}" as a reference as it lies in no map`);
  }
  const { transform, map } = placement;
  return { name, file, transform, map, width, height, bands: bandsToCompare(bands ?? 1) };
}
