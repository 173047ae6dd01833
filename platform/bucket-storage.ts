import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { BucketFailure } from './bucket-failures.ts';
import type { Bucket } from './bucket.ts';
import type { FileCache } from './file-cache.ts';
import type { Amount, OldFiles, Storage } from './storage.ts';

/** A body that is a stream cannot be sent again by the SDK itself. */
const UPLOAD_TRIES = 4;
const UPLOAD_WAIT_MS = 500;

/**
 * A prefix of a bucket, with a cache on this machine. Files that are named by their content are written
 * once, are checked by the service when they are written, and by us when they are read.
 */
export class BucketStorage implements Storage {
  readonly place: string;
  private readonly bucket: Bucket;
  private readonly prefix: string;
  private readonly cache: FileCache;

  constructor(bucket: Bucket, prefix: string, cache: FileCache) {
    this.bucket = bucket;
    this.prefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    this.cache = cache;
    this.place = bucket.placeOf(this.prefix).replace(/\/$/, '');
  }

  scratchFolder(): Promise<string> {
    return this.cache.scratchFolder();
  }

  async adopt(
    key: string,
    scratchPath: string,
    content: { sha256: string; bytes: number },
  ): Promise<void> {
    const there = await this.bucket.head(this.keyOf(key));
    // Equal names mean equal bytes: another length is the rest of an accident, and is written over.
    if (there?.bytes !== content.bytes) {
      await this.upload(key, scratchPath, { ...content, isNew: there === null });
    }
    await this.cache.keep(scratchPath, content);
  }

  fileOf(key: string, sha256: string): Promise<string> {
    return this.cache.fileOf(sha256, async () => (await this.bucket.get(this.keyOf(key))).body);
  }

  statOf(key: string): Promise<{ bytes: number } | null> {
    return this.bucket.head(this.keyOf(key));
  }

  async copy({ key }: { key: string }, toKey: string): Promise<void> {
    if (await this.bucket.copy(this.keyOf(key), this.keyOf(toKey))) return;
    throw new Error(`Cannot copy "${this.bucket.placeOf(this.keyOf(key))}" as it is not there`);
  }

  async writeSmall(key: string, content: Uint8Array): Promise<void> {
    await this.bucket.put(this.keyOf(key), { body: content, bytes: content.length });
  }

  async readSmall(key: string): Promise<Buffer | null> {
    const found = await this.bucket.getIfThere(this.keyOf(key));
    return found === null ? null : buffer(found.body);
  }

  namesBelow(key: string): Promise<string[]> {
    return this.bucket.namesBelow(`${this.keyOf(key)}/`);
  }

  async lastWriteBelow(key: string): Promise<number | null> {
    let last: number | null = null;
    for await (const { modifiedMs } of this.bucket.list(`${this.keyOf(key)}/`)) {
      last = Math.max(last ?? 0, modifiedMs);
    }
    return last;
  }

  remove(key: string): Promise<void> {
    return this.bucket.remove(this.keyOf(key));
  }

  async removeBelow(key: string): Promise<void> {
    for await (const object of this.bucket.list(`${this.keyOf(key)}/`)) {
      await this.bucket.remove(object.key);
    }
  }

  async removeUnless(key: string, isWanted: () => Promise<boolean>): Promise<number> {
    if (await isWanted()) return 0;
    const whole = this.keyOf(key);
    const found = await this.bucket.head(whole);
    if (found === null) return 0;
    // A copy first, then a second look: a run that took the file up meanwhile gets it back.
    const aside = `${whole}.unowned`;
    await this.bucket.copy(whole, aside);
    await this.bucket.remove(whole);
    const isBack = await isWanted();
    if (isBack) await this.bucket.copy(aside, whole);
    await this.bucket.remove(aside);
    return isBack ? 0 : found.bytes;
  }

  async removeOld(key: string, { cutoffMs, isDryRun, isMeant }: OldFiles): Promise<Amount> {
    const removed = { files: 0, bytes: 0 };
    for await (const object of this.bucket.list(`${this.keyOf(key)}/`)) {
      const name = object.key.slice(object.key.lastIndexOf('/') + 1);
      if (!isMeant(name) || object.modifiedMs >= cutoffMs) continue;
      if (!isDryRun) await this.bucket.remove(object.key);
      removed.files++;
      removed.bytes += object.bytes;
    }
    return removed;
  }

  private async upload(
    key: string,
    path: string,
    content: { sha256: string; bytes: number; isNew: boolean },
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.bucket.putFile(this.keyOf(key), path, content);
        return;
      } catch (error) {
        const mayPass = error instanceof BucketFailure && !error.isLasting;
        if (!mayPass || attempt >= UPLOAD_TRIES) throw error;
        await sleep(UPLOAD_WAIT_MS * 2 ** (attempt - 1));
      }
    }
  }

  private keyOf(key: string): string {
    return `${this.prefix}${key}`;
  }
}
