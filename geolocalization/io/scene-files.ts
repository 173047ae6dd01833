import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Files that are taken for scenes. */
const sceneExtensions = new Set('.tif .tiff .gtiff .jpg .jpeg .png .webp .jp2'.split(' '));
const MAX_DEPTH = 3;

/** The scenes below a folder. */
export async function scenesBelow(folder: string): Promise<{ root: string; paths: string[] }> {
  const paths: string[] = [];
  await collect(folder, MAX_DEPTH, paths);
  return { root: folder, paths };
}

async function collect(folder: string, depth: number, found: string[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() && depth > 0) await collect(path, depth - 1, found);
    if (entry.isFile() && sceneExtensions.has(extname(entry.name).toLowerCase())) found.push(path);
  }
}
