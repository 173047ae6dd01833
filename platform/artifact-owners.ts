import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from './atomic-file.ts';

/**
 * Who still needs which file: one empty file per pair, found from either side.
 *
 * ```
 * owners/by-artifact/<sha256 in two parts>/<owner>
 * owners/by-owner/<owner>/<sha256>
 * ```
 */
export class ArtifactOwners {
  private readonly folder: string;
  private readonly pathOfArtifact: (sha256: string) => string;

  constructor(folder: string, pathOfArtifact: (sha256: string) => string) {
    this.folder = folder;
    this.pathOfArtifact = pathOfArtifact;
  }

  async add(owner: string, sha256: string): Promise<void> {
    await this.mark(join(this.folder, 'by-owner', owner), sha256);
    await this.mark(this.byArtifact(sha256), owner);
  }

  async listOf(owner: string): Promise<string[]> {
    try {
      return (await readdir(join(this.folder, 'by-owner', owner))).sort();
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  /**
   * Takes one owner off a file, and removes the file when it was the last one.
   *
   * @returns the bytes given back, 0 when somebody else needs the file.
   */
  async release(owner: string, sha256: string): Promise<number> {
    await rm(join(this.byArtifact(sha256), owner), { force: true });
    const bytes = await this.removeIfUnowned(sha256);
    await rm(join(this.folder, 'by-owner', owner, sha256), { force: true });
    return bytes;
  }

  /**
   * Takes one owner off everything that it owns, but for what is kept.
   *
   * @returns what was removed because it was the last owner.
   */
  async releaseAllBut(
    owner: string,
    kept: { has(sha256: string): boolean },
  ): Promise<{ files: number; bytes: number }> {
    const removed = { files: 0, bytes: 0 };
    for (const sha256 of await this.listOf(owner)) {
      if (kept.has(sha256)) continue;
      const bytes = await this.release(owner, sha256);
      if (bytes > 0) removed.files++;
      removed.bytes += bytes;
    }
    return removed;
  }

  /** Forgets an owner that has nothing left. */
  async forget(owner: string): Promise<void> {
    await rmdir(join(this.folder, 'by-owner', owner)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  private async removeIfUnowned(sha256: string): Promise<number> {
    if (await this.isOwned(sha256)) return 0;
    const path = this.pathOfArtifact(sha256);
    const bytes = await stat(path).then(({ size }) => size, notFoundAsZero);
    // Out of the way first, then a second look: a run that took the file up meanwhile gets it back.
    const aside = `${path}.unowned`;
    if ((await rename(path, aside).then(() => 1, notFoundAsZero)) === 0) return 0;
    if (await this.isOwned(sha256)) {
      await rename(aside, path);
      return 0;
    }
    await rm(aside, { force: true });
    await rmdir(this.byArtifact(sha256)).catch(() => undefined);
    return bytes;
  }

  private async isOwned(sha256: string): Promise<boolean> {
    const owners = await readdir(this.byArtifact(sha256)).catch((error: unknown) => {
      if (isNotFound(error)) return [];
      throw error;
    });
    return owners.length > 0;
  }

  private async mark(folder: string, name: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), '');
  }

  private byArtifact(sha256: string): string {
    return join(this.folder, 'by-artifact', sha256.slice(0, 2), sha256);
  }
}

function notFoundAsZero(error: unknown): number {
  if (isNotFound(error)) return 0;
  throw error;
}
