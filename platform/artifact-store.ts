import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import { type ArtifactRef, mediaTypes } from '../contracts/artifacts.ts';
import { ArtifactOwners } from './artifact-owners.ts';
import { isAlreadyThere } from './atomic-file.ts';
import { canonicalJson } from '../maths/canonical-json.ts';

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
 * Files named by the SHA-256 of their bytes, in a folder that all workers share.
 *
 * Writing is atomic (temporary name, fsync, link) and idempotent: doing it twice leaves one file. Each
 * write names its owner, the run; a file lives as long as it has an owner.
 */
export class ArtifactStore {
  private readonly folder: string;
  readonly owners: ArtifactOwners;

  constructor(home: string) {
    this.folder = join(home, 'artifacts');
    this.owners = new ArtifactOwners(join(home, 'owners'), (sha256) => this.pathOf({ sha256 }));
  }

  /** Where the file of an artifact lies. It must not be changed. */
  pathOf({ sha256 }: Pick<ArtifactRef, 'sha256'>): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  /** @throws {FileTooLarge} past `limitBytes`. */
  async addStream(
    owner: string,
    mediaType: string,
    content: Readable,
    { limitBytes = Infinity, signal, onBytes }: StreamOptions = {},
  ): Promise<ArtifactRef> {
    const scratch = await this.scratchPath();
    try {
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
      return await this.adopt(owner, scratch, { sha256: hash.digest('hex'), bytes, mediaType });
    } finally {
      await rm(scratch, { force: true });
    }
  }

  async addBytes(owner: string, mediaType: string, content: Uint8Array): Promise<ArtifactRef> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const scratch = await this.scratchPath();
    try {
      const file = await open(scratch, 'w');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      return await this.adopt(owner, scratch, { sha256, bytes: content.length, mediaType });
    } finally {
      await rm(scratch, { force: true });
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
    return schema.parse(JSON.parse(await readFile(this.pathOf(ref), 'utf8')));
  }

  readBytes(ref: ArtifactRef): Promise<Buffer> {
    return readFile(this.pathOf(ref));
  }

  async has(ref: ArtifactRef): Promise<boolean> {
    return stat(this.pathOf(ref)).then(
      () => true,
      () => false,
    );
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
    const path = this.pathOf(ref);
    await mkdir(dirname(path), { recursive: true });
    await link(scratch, path).catch((error: unknown) => {
      if (!isAlreadyThere(error)) throw error;
    });
    return ref;
  }

  private async scratchPath(): Promise<string> {
    const folder = join(this.folder, 'tmp');
    await mkdir(folder, { recursive: true });
    return join(folder, randomUUID());
  }
}
