import { basename } from 'node:path';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { MissingSource } from '../../contracts/failures.ts';
import type { ReferenceCatalogue, SceneLocation } from '../../contracts/geolocalization.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import { mapWindow } from '../../durable/map-window.ts';
import { NoParts } from '../../platform/byte-source.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { luminanceBands } from '../model/registration/bands-to-compare.ts';
import type { SceneHeader } from '../model/scene-header.ts';
import { companionsAfar } from './companions-afar.ts';
import { georeferenceAfar, georeferenceFile } from './georeference-scene.ts';
import { type ListedReference, listReferences } from './list-references.ts';
import { isAfar, openSource } from './open-source.ts';
import { readHeaderAfar, readSceneHeader } from './read-scene-header.ts';
import { fetchReference, type ReferenceStorage } from './store-reference.ts';

type Entry = ReferenceCatalogue['entries'][number];
type PlacedEntry = Entry & { header: SceneLocation };

/** Headers that are asked for over the network at a time. */
const LANES = 8;

/**
 * Reads where each file of a reference lies: of files on this machine by their headers, of those elsewhere
 * by the first bytes, and of those in a STAC catalog by what it states. Nothing is copied, but what no parts
 * can be had of.
 *
 * @param what in words, such as `reference`.
 * @throws {MissingSource} when none of them can serve.
 */
export async function catalogueReferences(
  origin: ImageOrigin,
  what: string,
  storage: ReferenceStorage,
): Promise<ReferenceCatalogue> {
  const listed = await listReferences(origin, what, {
    ...storage.network,
    onProgress: storage.beat,
  });
  const found = await mapWindow(listed, LANES, (file) => {
    storage.beat();
    return entryOf(file, what, storage);
  });
  const entries = found.filter((entry) => typeof entry !== 'string');
  const refused = found.filter((entry) => typeof entry === 'string');
  if (entries.length === 0) {
    const [first = `"${basename(origin.location)}" holds no image`] = refused;
    throw new MissingSource(
      `Cannot use "${origin.location}" as ${what} as no file of it lies in a map: ${first}`,
    );
  }
  return { schemaVersion: 1, entries, refused };
}

/** @returns a sentence when it cannot serve. */
async function entryOf(
  { name, location, footprint, ...listed }: ListedReference,
  what: string,
  storage: ReferenceStorage,
): Promise<Entry | string> {
  const entry = { name, location, header: null, footprint, file: null, ...statedErrorIn(listed) };
  // What a catalog says is enough until a scene lies there.
  return isAfar(location) && footprint !== null ? entry : withHeader(entry, what, storage);
}

/** An entry with what the header of its file says; a sentence when the file cannot serve. */
export async function withHeader(
  entry: Entry,
  what: string,
  storage: ReferenceStorage,
): Promise<PlacedEntry | string> {
  const { name, location } = entry;
  const read = isAfar(location)
    ? await headerAfar(entry, storage)
    : { header: await georeferenceFile(name, location), file: null };
  if (typeof read === 'string') return read;
  const { header, file } = read;
  if (header.status === 'unlocated') {
    return `${asFile(header.reason)}: write its transform and its coordinate reference system into the file, or put both beside it`;
  }
  if (header.status !== 'stated') return asFile(header.reason);
  if (header.placement?.kind === 'control') {
    return `File "${name}" cannot serve as ${what} as no affine transform fits its ground control points within 1 px: warp it onto a map first`;
  }
  if (header.placement?.kind !== 'affine') {
    return `File "${name}" cannot serve as ${what} as its pixels lie in no map`;
  }
  return { ...entry, header, file, footprint: header.footprint };
}

/** A sentence about a scene as one about a file. */
function asFile(reason: string): string {
  return reason.replace(/^Scene "/, 'File "').replace(/^Cannot read scene "/, 'Cannot read "');
}

async function headerAfar({ name, location }: Entry, storage: ReferenceStorage) {
  const options = { ...storage.network, onProgress: storage.beat };
  try {
    const source = await openSource(location, options);
    const header = await withThoseBeside({ name, location }, storage, () => readHeaderAfar(source));
    return { header, file: null };
  } catch (error) {
    if (error instanceof NoParts) return headerOfWhole(name, location, storage);
    if (error instanceof DownloadRefused) return error.message;
    throw error;
  }
}

async function headerOfWhole(name: string, location: string, storage: ReferenceStorage) {
  const file = await fetchReference(location, storage);
  const path = await storage.store.fileOf(file);
  const header = await withThoseBeside({ name, location }, storage, () => readSceneHeader(path));
  return { header, file };
}

/** What a header says of its place, else files beside it; one that has no place names those it was looked for in. */
async function withThoseBeside(
  { name, location }: Pick<Entry, 'name' | 'location'>,
  { network, beat }: ReferenceStorage,
  readHeader: () => Promise<SceneHeader>,
): Promise<SceneLocation> {
  let looked = '';
  const header = await georeferenceAfar(name, readHeader, async (isPlaced) => {
    const wanted = isPlaced ? 'correction' : 'place';
    const beside = await companionsAfar(location, wanted, { ...network, onProgress: beat });
    if (isPlaced) return beside;
    const names = beside.found.map((file) => `"${file.name}"`);
    looked =
      names.length === 0
        ? '; beside it there is no world file, .prj or .aux.xml'
        : `; beside it there is ${names.join(' and ')}`;
    return beside;
  });
  if (header.status !== 'unlocated' || looked === '') return header;
  const words = [`${header.reason}${looked}`, ...header.warnings].join('; ');
  return { ...header, reason: words };
}

/** What a catalog states of its error, as a field; none where it states nothing. */
export function statedErrorIn({ statedErrorMeters }: { statedErrorMeters?: number | undefined }): {
  statedErrorMeters?: number;
} {
  return statedErrorMeters === undefined ? {} : { statedErrorMeters };
}

/** A file of the catalogue that is in the store whole. */
export function asReferenceFile(entry: PlacedEntry, file: ArtifactRef): ReferenceFile {
  const { name, header } = entry;
  const { placement, width, height, bands, nodata } = header;
  if (placement?.kind !== 'affine' || width === null || height === null) {
    throw new RangeError(`Cannot use "${name}" as a reference as it lies in no map`);
  }
  const { transform, map } = placement;
  const told = {
    ...(nodata === undefined ? {} : { nodata }),
    ...statedErrorIn(entry),
    ...(header.wavelengths === undefined ? {} : { wavelengths: header.wavelengths }),
  };
  return { name, file, transform, map, width, height, bands: luminanceBands(bands ?? 1), ...told };
}
