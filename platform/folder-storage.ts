import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlreadyThere, isNotFound, writeFileAtomic } from './atomic-file.ts';
import type { Amount, OldFiles, Storage } from './storage.ts';

/** A folder, on a file system with hard links. */
export class FolderStorage implements Storage {
  readonly place: string;

  constructor(folder: string) {
    this.place = folder;
  }

  async scratchFolder(): Promise<string> {
    // On the same file system as the files, so that finished ones can be linked.
    const folder = this.pathOf('artifacts/tmp');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async adopt(key: string, scratchPath: string): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    await link(scratchPath, path).catch((error: unknown) => {
      if (!isAlreadyThere(error)) throw error;
    });
  }

  async fileOf(key: string): Promise<string> {
    return this.pathOf(key);
  }

  async statOf(key: string): Promise<{ bytes: number } | null> {
    const entry = await orNull(stat(this.pathOf(key)));
    return entry === null ? null : { bytes: entry.size };
  }

  async copy({ key }: { key: string }, toKey: string): Promise<void> {
    const path = this.pathOf(toKey);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(this.pathOf(key), path);
  }

  async writeSmall(key: string, content: Uint8Array, isDurable: boolean): Promise<void> {
    const path = this.pathOf(key);
    if (content.length > 0) return writeFileAtomic(path, content, { isDurable });
    await writeMark(path).catch((error: unknown) => {
      // Its folder went with the last mark of another run, in between.
      if (isNotFound(error)) return writeMark(path);
      throw error;
    });
  }

  readSmall(key: string): Promise<Buffer | null> {
    return orNull(readFile(this.pathOf(key)));
  }

  async namesBelow(key: string): Promise<string[]> {
    return ((await orNull(readdir(this.pathOf(key)))) ?? []).sort();
  }

  async lastWriteBelow(key: string): Promise<number | null> {
    return (await orNull(stat(this.pathOf(key))))?.mtimeMs ?? null;
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await rm(path, { force: true });
    // The folder of a file's owners goes with the last of them; one that is not empty stays.
    if (key.startsWith('owners/by-artifact/')) await rmdir(dirname(path)).catch(() => undefined);
  }

  removeBelow(key: string): Promise<void> {
    return rm(this.pathOf(key), { recursive: true, force: true });
  }

  async removeUnless(key: string, isWanted: () => Promise<boolean>): Promise<number> {
    if (await isWanted()) return 0;
    const path = this.pathOf(key);
    const bytes = (await orNull(stat(path)))?.size ?? 0;
    // Out of the way first, then a second look: a run that took the file up meanwhile gets it back.
    const aside = `${path}.unowned`;
    if ((await orNull(rename(path, aside).then(() => true))) === null) return 0;
    if (await isWanted()) {
      await rename(aside, path);
      return 0;
    }
    await rm(aside, { force: true });
    return bytes;
  }

  async removeOld(key: string, { cutoffMs, isDryRun, isMeant }: OldFiles): Promise<Amount> {
    const removed = { files: 0, bytes: 0 };
    const reading = readdir(this.pathOf(key), { withFileTypes: true, recursive: true });
    for (const entry of (await orNull(reading)) ?? []) {
      if (!entry.isFile() || !isMeant(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const found = await orNull(stat(path));
      if (found === null || found.mtimeMs >= cutoffMs) continue;
      if (!isDryRun) await rm(path, { force: true });
      removed.files++;
      removed.bytes += found.size;
    }
    return removed;
  }

  private pathOf(key: string): string {
    return join(this.place, ...key.split('/'));
  }
}

async function writeMark(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
}

async function orNull<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
