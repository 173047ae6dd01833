import { join, resolve } from 'node:path';
import { ArtifactStore } from './artifact-store.ts';
import { BucketStorage } from './bucket-storage.ts';
import { parseBucketAddress } from './bucket-address.ts';
import { Bucket } from './bucket.ts';
import type { Settings } from './configuration.ts';
import { FileCache } from './file-cache.ts';
import { isBucketAddress } from './image-sources.ts';

/** The artifact store that the settings name: a folder, or a bucket with a cache on this machine. */
export function openArtifactStore(settings: Settings): ArtifactStore {
  const place = settings.SKYLOOM_STORE ?? settings.SKYLOOM_HOME;
  if (!isBucketAddress(place)) return new ArtifactStore(resolve(place));
  const { bucket, key } = parseBucketAddress(place);
  const limitBytes = settings.SKYLOOM_CACHE_MEGABYTES * 1e6;
  const cache = new FileCache(join(settings.SKYLOOM_HOME, 'cache'), limitBytes);
  return new ArtifactStore(new BucketStorage(new Bucket(bucket, settings), key, cache));
}
