import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Bucket, closeBuckets } from '../../platform/bucket.ts';
import { parseBucketAddress } from '../../platform/bucket-address.ts';
import type { Settings } from '../../platform/configuration.ts';
import { isBucketAddress } from '../../platform/image-sources.ts';
import { ensureHome } from '../../platform/home-folder.ts';
import { type Check, fault, ok, reasonIn, warning } from './check.ts';

/** Below this the next flight of some thousand images does not fit. */
const SCARCE_BYTES = 20e9;
const TOO_LITTLE_BYTES = 1e9;
/** Ages of files decide what clean-up removes; a network disk may have a clock of its own. */
const MAX_SKEW_MS = 60_000;

/** Does with the storage what the artifact store does: writes, syncs and links a file. */
export async function checkStorage(home: string): Promise<Check[]> {
  const folder = join(home, 'artifacts', 'tmp');
  const path = join(folder, `doctor-${randomUUID()}`);
  try {
    await ensureHome(home);
    await mkdir(folder, { recursive: true });
    const before = Date.now();
    const file = await open(path, 'w');
    try {
      await file.writeFile('doctor');
      await file.sync();
    } finally {
      await file.close();
    }
    await link(path, `${path}-link`);
    const skewMs = Math.round((await stat(path)).mtimeMs - before);
    return [ok('storage', `${home} takes files`), checkStorageClock(skewMs)];
  } catch (error) {
    return [
      fault(
        'storage',
        `${home}: ${reasonIn(error)}`,
        'The user of the workers must be able to write there, on a file system with hard links; or set SKYLOOM_HOME',
      ),
    ];
  } finally {
    // Where nothing could be written there is nothing to remove.
    await rm(path, { force: true }).catch(() => undefined);
    await rm(`${path}-link`, { force: true }).catch(() => undefined);
  }
}

/**
 * Does with the store that all workers share what they do: writes, reads and removes an object. Nothing when
 * artifacts are kept in `SKYLOOM_HOME`, which is checked anyway.
 */
export async function checkSharedStore(settings: Settings): Promise<Check[]> {
  const { SKYLOOM_STORE: place } = settings;
  if (place === undefined) return [];
  if (!isBucketAddress(place)) {
    const folder = resolve(place);
    const checks = [...(await checkStorage(folder)), await checkFreeDisk(folder, 'SKYLOOM_STORE')];
    return checks.map((check) => ({ ...check, name: `shared ${check.name}` }));
  }
  try {
    const { bucket: name, key: prefix } = parseBucketAddress(place);
    const bucket = new Bucket(name, settings);
    const key = `${prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`}doctor-${randomUUID()}`;
    const content = Buffer.from('doctor');
    const before = Date.now();
    await bucket.put(key, { body: content, bytes: content.length });
    try {
      const { body } = await bucket.get(key);
      if (!(await buffer(body)).equals(content)) {
        throw new Error(`"${bucket.placeOf(key)}" is read as something else than was written`);
      }
      let skewMs = 0;
      for await (const { modifiedMs } of bucket.list(key)) skewMs = Math.round(modifiedMs - before);
      return [
        ok('shared storage', `${place} takes objects, and gives them back`),
        checkStorageClock(skewMs, 'shared storage clock'),
      ];
    } finally {
      await bucket.remove(key);
    }
  } catch (error) {
    return [
      fault(
        'shared storage',
        reasonIn(error),
        'Correct SKYLOOM_STORE and SKYLOOM_S3_ENDPOINT, and let the credentials read, write, list and delete there',
      ),
    ];
  } finally {
    await closeBuckets();
  }
}

function checkStorageClock(skewMs: number, name = 'storage clock'): Check {
  const words = `${Math.abs(skewMs)} ms off`;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return ok(name, words);
  return warning(name, words, 'Synchronize the clocks of this machine and its file server (NTP)');
}

export async function checkFreeDisk(
  folder: string,
  setting: 'SKYLOOM_HOME' | 'SKYLOOM_STORE' = 'SKYLOOM_HOME',
): Promise<Check> {
  try {
    await ensureHome(folder);
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    const words = `${(freeBytes / 1e9).toFixed(1)} GB free below ${folder}`;
    const remedy = `Remove old runs by "skyloom cleanup", or move ${setting} to a larger disk`;
    if (freeBytes < TOO_LITTLE_BYTES) return fault('disk', words, remedy);
    return freeBytes < SCARCE_BYTES ? warning('disk', words, remedy) : ok('disk', words);
  } catch (error) {
    return fault('disk', reasonIn(error), `Set ${setting} to a folder that can be written`);
  }
}
