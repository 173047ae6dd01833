import { open, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { MissingSource } from '../../contracts/failures.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { MAGIC_BYTES, sceneFormatOf } from '../model/scene-format.ts';

/** Taken for scenes by their names, so that a damaged one is reported and not overlooked. */
export const sceneExtensions = new Set('.tif .tiff .gtiff .jpg .jpeg .png .webp .jp2'.split(' '));
/** Folders below the one that was given. */
const MAX_DEPTH = 3;

/** Whether a name, with slashes, is that of a file that is looked at: nothing hidden, and not too deep. */
export function isInPlace(name: string): boolean {
  const parts = name.split('/');
  return parts.length <= MAX_DEPTH + 1 && !parts.some((part) => part === '' || part[0] === '.');
}

/** The scenes below a folder: by their names, else by their first bytes. Links are not followed. */
export async function scenesBelow(folder: string): Promise<{ root: string; paths: string[] }> {
  const paths: string[] = [];
  await collect(folder, MAX_DEPTH, paths);
  return { root: folder, paths };
}

async function collect(folder: string, depth: number, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isNotFound(error)) throw new MissingSource(`Cannot list "${folder}" as it is not there`);
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() && depth > 0) await collect(path, depth - 1, found);
    if (entry.isFile() && (await looksLikeScene(path))) found.push(path);
  }
}

/** Whether a file is taken for a scene by the ending of its name. */
export function isSceneName(name: string): boolean {
  return sceneExtensions.has(extname(name).toLowerCase());
}

async function looksLikeScene(path: string): Promise<boolean> {
  if (isSceneName(path)) return true;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return sceneFormatOf(buffer.subarray(0, bytesRead)) !== null;
  } finally {
    await file.close();
  }
}
