import type { ImageOrigin } from '../../contracts/automation.ts';
import { MissingSource } from '../../contracts/failures.ts';
import { BucketFailure } from '../../platform/bucket-failures.ts';
import { type BucketSourceOptions, openSourceBucket } from '../../platform/bucket-source.ts';
import { NoParts } from '../../platform/byte-source.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { inOrderOfName, listSources, withUniqueNames } from '../../platform/image-sources.ts';
import type { MultiPolygon } from '../model/footprint.ts';
import { isSceneName, scenesBelow } from './scene-files.ts';
import { isAfar, openSource } from './open-source.ts';
import { listStac } from './list-stac.ts';

/** Files of one reference or height model: more are refused, and split by their owner. */
export const MAX_REFERENCE_FILES = 2000;

/** One file that scenes may be compared with. */
export interface ListedReference {
  name: string;
  location: string;
  /** Where a catalog says that it lies; null when only the file itself knows. */
  footprint: MultiPolygon | null;
  /** Root mean square error in meters, where a catalog states it. */
  statedErrorMeters?: number;
}

/**
 * The files of a reference or a height model, in order of name: one file, those of a folder, a list or a
 * prefix of a bucket, or those of a STAC catalog, collection or list of items.
 *
 * @param what in words, such as `reference`.
 * @throws {MissingSource} when there is nothing to list.
 */
export async function listReferences(
  origin: ImageOrigin,
  what: string,
  options: BucketSourceOptions,
): Promise<ListedReference[]> {
  const { kind, location } = origin;
  const refuse = (words: string) =>
    new MissingSource(`Cannot use "${location}" as ${what} as ${words}`);
  if (kind === 'archive') throw refuse('it is an archive: give its folder');
  try {
    if (await isDocument(origin, options)) {
      const listed = await listStac(location, { ...options, maxFiles: MAX_REFERENCE_FILES });
      if (listed === null) throw refuse('it is no item, collection or catalog of STAC');
      if (listed.length === 0) throw refuse('no item of it has a TIFF that can be compared with');
      return inOrderOfName(withUniqueNames(listed));
    }
    const named =
      kind === 'bucket'
        ? await objectsBelow(location, options)
        : await listSources(origin, scenesBelow, options);
    if (named.length > MAX_REFERENCE_FILES) {
      throw refuse(`it may have ${MAX_REFERENCE_FILES} files: found ${named.length}`);
    }
    return named.map((source) => ({ ...source, footprint: null }));
  } catch (error) {
    const isLasting = error instanceof BucketFailure && error.isLasting;
    if (error instanceof DownloadRefused || isLasting) throw new MissingSource(error.message);
    throw error;
  }
}

/** By its name, or, where an address has none, by its first character. */
async function isDocument(
  { kind, location }: ImageOrigin,
  options: BucketSourceOptions,
): Promise<boolean> {
  if (kind !== 'file' && kind !== 'url' && kind !== 'bucket') return false;
  const path = isAfar(location) ? location.replace(/[?#].*$/s, '') : location;
  if (/\.(?:geo)?json$/i.test(path)) return true;
  if (kind !== 'url' || /\.[a-z0-9]{1,5}$/i.test(path)) return false;
  try {
    const source = await openSource(location, options);
    const start = (await source.read(0, 64)).toString('latin1').trimStart();
    return start.startsWith('{');
  } catch (error) {
    // Servers that make documents as they are asked for have no parts of them.
    if (error instanceof NoParts) return true;
    throw error;
  }
}

async function objectsBelow(address: string, options: BucketSourceOptions) {
  const { bucket, key } = openSourceBucket(address, options);
  if (isSceneName(key)) return [{ name: key.split('/').at(-1)!, location: address }];
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const found: { name: string; location: string }[] = [];
  for await (const object of bucket.list(prefix, options.signal)) {
    if (!isSceneName(object.key)) continue;
    found.push({ name: object.key.slice(prefix.length), location: bucket.placeOf(object.key) });
    if (found.length > MAX_REFERENCE_FILES) break;
  }
  return inOrderOfName(found);
}
