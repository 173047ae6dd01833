import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isAlreadyThere, isNotFound } from './atomic-file.ts';

/** What was asked for so lately may be about to be opened. */
const YOUNG_MS = 15 * 60_000;
/** Looking at every file costs time, and the limit need not be exact. */
const BYTES_BETWEEN_LOOKS = 500e6;

/** The bytes of a file are not those that its name says. */
export class FileDamaged extends Error {}

/** Files on this machine, named by the SHA-256 of their bytes; the ones not asked for longest go first. */
export class FileCache {
  private readonly folder: string;
  private readonly limitBytes: number;
  private bytesSinceLook = Infinity;

  constructor(folder: string, limitBytes: number) {
    this.folder = folder;
    this.limitBytes = limitBytes;
  }

  async scratchFolder(): Promise<string> {
    const folder = join(this.folder, 'tmp');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Keeps a finished file, which may be removed under its own name then. */
  async keep(path: string, { sha256, bytes }: { sha256: string; bytes: number }): Promise<void> {
    const kept = this.pathOf(sha256);
    await mkdir(dirname(kept), { recursive: true });
    await link(path, kept).catch((error: unknown) => {
      if (!isAlreadyThere(error)) throw error;
    });
    await this.makeRoom(bytes);
  }

  /**
   * Path of the file, fetched when it is not there.
   *
   * @throws {FileDamaged} when what was fetched is not what was asked for.
   */
  async fileOf(sha256: string, open: () => Promise<Readable>): Promise<string> {
    const path = this.pathOf(sha256);
    const now = new Date();
    try {
      await utimes(path, now, now);
      return path;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const scratch = join(await this.scratchFolder(), randomUUID());
    try {
      await pipeline(await open(), createWriteStream(scratch));
      const found = createHash('sha256');
      await pipeline(createReadStream(scratch), found);
      if (found.digest('hex') !== sha256) {
        throw new FileDamaged(
          `Cannot use file ${sha256} as its bytes are not those that its name says`,
        );
      }
      const { size } = await stat(scratch);
      await mkdir(dirname(path), { recursive: true });
      await rename(scratch, path);
      await this.makeRoom(size);
      return path;
    } finally {
      await rm(scratch, { force: true });
    }
  }

  async forget(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
  }

  private async makeRoom(moreBytes: number): Promise<void> {
    this.bytesSinceLook += moreBytes;
    if (this.bytesSinceLook < Math.min(BYTES_BETWEEN_LOOKS, this.limitBytes / 10)) return;
    this.bytesSinceLook = 0;
    const files = [];
    for (const entry of await readdir(this.folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(() => null);
      if (found !== null) files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
    }
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.sort((a, b) => a.usedMs - b.usedMs)) {
      if (bytes <= this.limitBytes || file.usedMs > Date.now() - YOUNG_MS) return;
      await rm(file.path, { force: true });
      bytes -= file.bytes;
    }
  }

  private pathOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }
}
