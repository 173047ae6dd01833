import { basename, extname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput, MissingSource } from '../../contracts/failures.ts';
import { MAX_SCENES } from '../../contracts/geolocalization.ts';
import type { Bucket } from '../../platform/bucket.ts';
import { BucketFailure } from '../../platform/bucket-failures.ts';
import {
  type BucketSourceOptions,
  openSourceBucket,
  takeObject,
} from '../../platform/bucket-source.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import {
  inOrderOfName,
  listText,
  type NamedSource,
  sourcesOfList,
} from '../../platform/image-sources.ts';
import { companionKind } from '../model/companion-names.ts';
import { MAGIC_BYTES, sceneFormatOf } from '../model/scene-format.ts';
import {
  type Beside,
  type CompanionBytes,
  MAX_FILES,
  mostBytes,
  tooLong,
} from './scene-companions.ts';
import { isInPlace, sceneExtensions } from './scene-files.ts';

/** Objects of a prefix, scenes or not: a scene comes with a handful of companions. */
const MAX_OBJECTS = 100 * MAX_SCENES;

/**
 * The scenes of an origin in a bucket, in order of name: the one object, those that a list names, or those
 * below a prefix, by their names and, where a name has no ending, by their first bytes.
 *
 * @throws {InvalidInput} or {MissingSource} when no retry can help.
 */
export async function listBucketScenes(
  { kind, location }: ImageOrigin,
  options: BucketSourceOptions,
): Promise<NamedSource[]> {
  try {
    if (kind !== 'url-list') return await scenesBelowPrefix(location, options);
    const text = await takeObject(location, options, (body) => listText(body, location));
    return sourcesOfList(text, location);
  } catch (error) {
    if (error instanceof DownloadRefused) throw new MissingSource(error.message);
    if (error instanceof BucketFailure && error.isLasting) throw new MissingSource(error.message);
    throw error;
  }
}

async function scenesBelowPrefix(
  location: string,
  options: BucketSourceOptions,
): Promise<NamedSource[]> {
  const { bucket, key } = openSourceBucket(location, options);
  if (key !== '' && !key.endsWith('/') && (await bucket.head(key, options.signal)) !== null) {
    return [{ name: basename(key), location }];
  }
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const scenes: NamedSource[] = [];
  let objects = 0;
  for await (const object of bucket.list(prefix, options.signal)) {
    if (++objects > MAX_OBJECTS) {
      throw new InvalidInput(
        `Cannot list "${location}" as it holds more than ${MAX_OBJECTS} objects`,
      );
    }
    options.onProgress?.();
    const name = object.key.slice(prefix.length);
    if (!isInPlace(name) || object.bytes === 0) continue;
    if (await looksLikeScene(bucket, object.key, options)) {
      scenes.push({ name, location: bucket.placeOf(object.key) });
    }
  }
  return inOrderOfName(scenes);
}

async function looksLikeScene(
  bucket: Bucket,
  key: string,
  { signal }: BucketSourceOptions,
): Promise<boolean> {
  const ending = extname(key).toLowerCase();
  if (ending !== '') return sceneExtensions.has(ending);
  const { body } = await bucket.get(key, { to: MAGIC_BYTES - 1 }, signal);
  return sceneFormatOf(await buffer(body)) !== null;
}

/** Objects beside a scene that may tell its place, or where it holds data, in order of name. */
export async function bucketCompanionsOf(
  location: string,
  options: BucketSourceOptions,
): Promise<Beside<CompanionBytes>> {
  const { bucket, key } = openSourceBucket(location, options);
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const names = await bucket.namesBelow(folder);
  const beside: Beside<CompanionBytes> = { found: [], warnings: [] };
  for (const name of names.slice(0, MAX_FILES)) {
    const kind = companionKind(basename(key), name);
    if (kind === null) continue;
    const object = await bucket.head(`${folder}${name}`, options.signal);
    if (object === null) continue;
    if (object.bytes > mostBytes(kind)) {
      beside.warnings.push(tooLong(name, kind));
      continue;
    }
    const { body } = await bucket.get(`${folder}${name}`, {}, options.signal);
    beside.found.push({ kind, name, bytes: await buffer(body) });
  }
  return beside;
}
