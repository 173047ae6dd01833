import { constants, copyFile, mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type ArtifactRef, artifactRefSchema } from '../contracts/artifacts.ts';
import type { ArtifactStore } from '../platform/artifact-store.ts';

/** A file that a result names, and what it is called. */
interface NamedFile {
  ref: ArtifactRef;
  name: string;
}

/**
 * Copies the files that a result names into a folder, by the names that it gives them. A name that comes
 * twice gets a number, in the order of the result.
 *
 * @returns the names in the folder.
 * @throws {Error} when a name is taken there already: nothing of yours is replaced; or a file is no longer stored.
 */
export async function saveFiles(
  result: unknown,
  folder: string,
  store: ArtifactStore,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  for (const { ref, name } of namedFilesIn(result)) {
    const free = freeName(name, taken);
    taken.add(free);
    if (!(await store.has(ref))) {
      throw new Error(`Cannot save "${name}" as it is no longer stored: it was cleaned up`);
    }
    try {
      await copyFile(await store.fileOf(ref), join(folder, free), constants.COPYFILE_EXCL);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new Error(`Cannot save "${free}" as "${folder}" has one: name another folder`);
    }
  }
  return [...taken];
}

/** In the order of the result; the same file under the same name counts once. */
function namedFilesIn(result: unknown): NamedFile[] {
  const found = new Map<string, NamedFile>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const ref = artifactRefSchema.safeParse(value);
    if (!ref.success) return Object.values(value).forEach(look);
    const name: unknown = 'name' in value ? value.name : null;
    if (typeof name !== 'string') return;
    found.set(`${ref.data.sha256} ${name}`, { ref: ref.data, name });
  };
  look(result);
  return [...found.values()];
}

/** A name that is only a name, whatever a task has written there. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const plain =
    basename(name)
      .replaceAll(/[^\p{L}\p{N}_. -]/gu, '-')
      .replace(/^\.+/, '') || 'file';
  const extension = extname(plain);
  const stem = plain.slice(0, plain.length - extension.length);
  for (let number = 1; ; number++) {
    const free = number === 1 ? plain : `${stem}-${number}${extension}`;
    if (!taken.has(free)) return free;
  }
}
