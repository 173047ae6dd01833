import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import { type ArtifactRef, mediaTypes } from '../contracts/artifacts.ts';
import { ArtifactOwners } from './artifact-owners.ts';
import { FolderStorage } from './folder-storage.ts';
import type { Storage } from './storage.ts';
import { canonicalJson } from '../maths/canonical-json.ts';

const PART_BYTES = 2 ** 22;
const READ_BYTES = 2 ** 20;

/** A file was longer than the store takes. */
export class FileTooLarge extends Error {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`Cannot store the file as it is longer than ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

export interface StreamOptions {
  limitBytes?: number;
  signal?: AbortSignal;
  /** Told after each chunk how many bytes have passed. */
  onBytes?: (bytes: number) => void;
}

/**
 * Files named by the SHA-256 of their bytes, in a folder or bucket that all workers share.
 *
 * Writing is atomic (temporary name, fsync, then the final name) and idempotent: doing it twice leaves one
 * file. Each write names its owner, the run; a file lives as long as it has an owner.
 */
export class ArtifactStore {
  readonly storage: Storage;
  readonly owners: ArtifactOwners;

  /** @param storage a folder, by its path, or what else keeps files. */
  constructor(storage: Storage | string) {
    this.storage = typeof storage === 'string' ? new FolderStorage(storage) : storage;
    this.owners = new ArtifactOwners(this.storage, (sha256) => artifactKey({ sha256 }));
  }

  /** Path of the file of an artifact, on this machine. It must not be changed. */
  fileOf({ sha256 }: Pick<ArtifactRef, 'sha256'>): Promise<string> {
    return this.storage.fileOf(artifactKey({ sha256 }), sha256);
  }

  /** @throws {FileTooLarge} past `limitBytes`. */
  async addStream(
    owner: string,
    mediaType: string,
    content: Readable,
    { limitBytes = Infinity, signal, onBytes }: StreamOptions = {},
  ): Promise<ArtifactRef> {
    // A stream that fails before the pipeline listens, as that of a missing file does, would end the process.
    content.on('error', () => undefined);
    return this.withScratchFile(async (scratch) => {
      if (content.errored !== null) throw content.errored;
      const hash = createHash('sha256');
      let bytes = 0;
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          if (bytes > limitBytes) return done(new FileTooLarge(limitBytes));
          hash.update(chunk);
          onBytes?.(bytes);
          done(null, chunk);
        },
      });
      // `flush` makes the stream fsync before it closes: a name must never point at half a file.
      await pipeline(content, meter, createWriteStream(scratch, { flush: true }), { signal });
      return this.adopt(owner, scratch, { sha256: hash.digest('hex'), bytes, mediaType });
    });
  }

  async addBytes(owner: string, mediaType: string, content: Uint8Array): Promise<ArtifactRef> {
    return this.withScratchFile(async (scratch) => {
      const hash = createHash('sha256');
      const file = await open(scratch, 'w');
      try {
        // Part by part, as hashing a hundred megabytes at once would stop the event loop.
        for (let from = 0; from < content.length; from += PART_BYTES) {
          const part = content.subarray(from, from + PART_BYTES);
          hash.update(part);
          await file.writeFile(part);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const sha256 = hash.digest('hex');
      return this.adopt(owner, scratch, { sha256, bytes: content.length, mediaType });
    });
  }

  /** Takes over a finished file at a path of `withScratchFile`. */
  async addFile(owner: string, mediaType: string, path: string): Promise<ArtifactRef> {
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(path, 'r+');
    try {
      // One buffer for all parts: each new one would be a reason to collect garbage.
      const part = Buffer.allocUnsafeSlow(READ_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(part, 0, part.length, bytes);
        if (bytesRead === 0) break;
        hash.update(part.subarray(0, bytesRead));
        bytes += bytesRead;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return this.adopt(owner, path, { sha256: hash.digest('hex'), bytes, mediaType });
  }

  /** Lends the path of a file that is not there yet, where finished ones can be taken over. */
  async withScratchFile<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
    const path = join(await this.storage.scratchFolder(), randomUUID());
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Writes a value as canonical JSON. */
  addJson(owner: string, value: unknown): Promise<ArtifactRef> {
    return this.addBytes(owner, mediaTypes.json, Buffer.from(canonicalJson(value)));
  }

  async readJson<Schema extends z.ZodType>(
    ref: ArtifactRef,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    return schema.parse(JSON.parse((await this.readBytes(ref)).toString('utf8')));
  }

  async readBytes(ref: ArtifactRef): Promise<Buffer> {
    return readFile(await this.fileOf(ref));
  }

  async has(ref: ArtifactRef): Promise<boolean> {
    return (await this.storage.statOf(artifactKey(ref))) !== null;
  }

  /** Bytes of an artifact; null when it is not there. */
  async sizeOf(sha256: string): Promise<number | null> {
    return (await this.storage.statOf(artifactKey({ sha256 })))?.bytes ?? null;
  }

  /** Lets a run own a file that is there already; @returns whether it is. */
  async adopted(owner: string, ref: ArtifactRef): Promise<boolean> {
    await this.owners.add(owner, ref.sha256);
    if (await this.has(ref)) return true;
    await this.owners.release(owner, ref.sha256);
    return false;
  }

  private async adopt(owner: string, scratch: string, ref: ArtifactRef): Promise<ArtifactRef> {
    // The owner is noted first: between the two steps a clean-up of another run may look.
    await this.owners.add(owner, ref.sha256);
    await this.storage.adopt(artifactKey(ref), scratch, ref);
    return ref;
  }
}

/** Under which key the storage has an artifact. */
export function artifactKey({ sha256 }: Pick<ArtifactRef, 'sha256'>): string {
  return `artifacts/${sha256.slice(0, 2)}/${sha256}`;
}
