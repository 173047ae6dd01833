import type { Amount, Storage } from './storage.ts';

/**
 * Who still needs which file: one empty file per pair, found from either side.
 *
 * ```
 * owners/by-artifact/<sha256 in two parts>/<owner>
 * owners/by-owner/<owner>/<sha256>
 * ```
 */
export class ArtifactOwners {
  private readonly storage: Storage;
  private readonly keyOfArtifact: (sha256: string) => string;

  constructor(storage: Storage, keyOfArtifact: (sha256: string) => string) {
    this.storage = storage;
    this.keyOfArtifact = keyOfArtifact;
  }

  async add(owner: string, sha256: string): Promise<void> {
    await this.mark(`${byOwner(owner)}/${sha256}`);
    await this.mark(`${byArtifact(sha256)}/${owner}`);
  }

  listOf(owner: string): Promise<string[]> {
    return this.storage.namesBelow(byOwner(owner));
  }

  /** Every owner of something. */
  list(): Promise<string[]> {
    return this.storage.namesBelow('owners/by-owner');
  }

  /** When an owner last took up something, milliseconds since 1970; null when it owns nothing. */
  lastWriteOf(owner: string): Promise<number | null> {
    return this.storage.lastWriteBelow(byOwner(owner));
  }

  /**
   * Takes one owner off a file, and removes the file when it was the last one.
   *
   * @returns the bytes given back, 0 when somebody else needs the file.
   */
  async release(owner: string, sha256: string): Promise<number> {
    await this.storage.remove(`${byArtifact(sha256)}/${owner}`);
    const bytes = await this.storage.removeUnless(this.keyOfArtifact(sha256), () =>
      this.isOwned(sha256),
    );
    await this.storage.remove(`${byOwner(owner)}/${sha256}`);
    return bytes;
  }

  /**
   * Takes one owner off everything that it owns, but for what is kept.
   *
   * @returns what was removed because it was the last owner.
   */
  async releaseAllBut(owner: string, kept: { has(sha256: string): boolean }): Promise<Amount> {
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
  forget(owner: string): Promise<void> {
    return this.storage.removeBelow(byOwner(owner));
  }

  private async isOwned(sha256: string): Promise<boolean> {
    return (await this.storage.namesBelow(byArtifact(sha256))).length > 0;
  }

  private mark(key: string): Promise<void> {
    return this.storage.writeSmall(key, new Uint8Array(), false);
  }
}

function byOwner(owner: string): string {
  return `owners/by-owner/${owner}`;
}

function byArtifact(sha256: string): string {
  return `owners/by-artifact/${sha256.slice(0, 2)}/${sha256}`;
}
