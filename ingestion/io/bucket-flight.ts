import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { InvalidInput, MissingSource } from '../../contracts/failures.ts';
import { MAX_FLIGHT_IMAGES } from '../../contracts/flight-limits.ts';
import type { ImageSource } from '../../contracts/flight.ts';
import { mapWindow } from '../../durable/map-window.ts';
import type { Bucket } from '../../platform/bucket.ts';
import { BucketFailure } from '../../platform/bucket-failures.ts';
import { openSourceBucket, takeObject } from '../../platform/bucket-source.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { fileTypeOf } from '../model/file-type.ts';
import { isCompanion, MAX_TEXT_BYTES } from './companion-files.ts';
import { MAGIC_BYTES } from './flight-files.ts';
import { flightLayout, kindByName, MAX_DEPTH } from './flight-layout.ts';
import { modelAmong } from './bring-ground-model.ts';
import { leftOutDeep } from './left-out.ts';
import type { RawListing } from './list-flight.ts';
import type { SourceOptions } from './open-source.ts';

/** Objects of a prefix, images or not; more is no flight. */
const MAX_OBJECTS = 3 * MAX_FLIGHT_IMAGES;
const LOOKS_AT_ONCE = 8;

/** The flight below a prefix of a bucket, or the one object of that name. */
export async function listBucketFlight(
  location: string,
  options: SourceOptions,
): Promise<RawListing> {
  try {
    return await list(location, options);
  } catch (error) {
    if (error instanceof DownloadRefused) throw new InvalidInput(error.message);
    if (error instanceof BucketFailure && error.isLasting) throw new MissingSource(error.message);
    throw error;
  }
}

async function list(location: string, options: SourceOptions): Promise<RawListing> {
  const { bucket, key } = openSourceBucket(location, options);
  if (key !== '' && !key.endsWith('/') && (await bucket.head(key, options.signal)) !== null) {
    const sources = [{ name: basename(key), location }];
    return { sources, leftOut: [], companionsIn: null, groundModel: null };
  }
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const bytesOf = new Map<string, number>();
  for await (const object of bucket.list(prefix, options.signal)) {
    const name = object.key.slice(prefix.length);
    // Some consoles make an empty object where others have a folder.
    if (name !== '' && !name.endsWith('/')) bytesOf.set(name, object.bytes);
    if (bytesOf.size > MAX_OBJECTS) {
      throw new InvalidInput(
        `Cannot list "${location}" as it holds more than ${MAX_OBJECTS} objects`,
      );
    }
    options.onProgress?.();
  }
  const { root, imageRoot, candidates, besides, tooDeep } = flightLayout(
    [...bytesOf.keys()].sort(),
  );
  const areImages = await mapWindow(candidates, LOOKS_AT_ONCE, (name) =>
    isImage(bucket, `${prefix}${name}`, bytesOf.get(name)!, options),
  );
  const addressOf = (name: string) => bucket.placeOf(`${prefix}${name}`);
  const sources = candidates
    .filter((_name, index) => areImages[index])
    .map((name): ImageSource => ({
      name: name.slice(imageRoot.length),
      location: addressOf(name),
    }));
  const model = modelAmong(besides);
  return {
    sources,
    leftOut: tooDeep.map((name) => leftOutDeep(name, MAX_DEPTH)),
    companionsIn: async (scratch) => {
      const texts = besides.filter(
        (name) => isCompanion(basename(name)) && bytesOf.get(name)! <= MAX_TEXT_BYTES,
      );
      for (const name of texts) {
        const target = join(scratch, basename(name.slice(root.length)));
        await takeObject(addressOf(name), options, (body) =>
          pipeline(body, createWriteStream(target)),
        );
      }
      return scratch;
    },
    groundModel:
      model === undefined
        ? null
        : {
            name: basename(model),
            open: (take) => takeObject(addressOf(model), options, take),
          },
  };
}

async function isImage(
  bucket: Bucket,
  key: string,
  bytes: number,
  { signal, onProgress }: SourceOptions,
): Promise<boolean> {
  const kind = kindByName(basename(key));
  if (kind !== 'unknown' || bytes === 0) return kind === 'image';
  const { body } = await bucket.get(key, { to: MAGIC_BYTES - 1 }, signal);
  onProgress?.();
  return fileTypeOf(await buffer(body)) !== null;
}
