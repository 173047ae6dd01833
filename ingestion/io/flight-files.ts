import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { MissingSource } from '../../contracts/failures.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { fileTypeOf } from '../model/file-type.ts';

/** Taken for images by their names, so that a damaged one is reported and not overlooked. */
const imageExtensions = new Set(
  '.jpg .jpeg .tif .tiff .png .webp .dng .iiq .heic .heif .avif'.split(' '),
);
/** A ground model stands beside the images and is none of them. */
const companionNames = new Set(['dem.tif', 'dsm.tif', 'dtm.tif']);
/** Enough for the magic bytes of every format that is known. */
const MAGIC_BYTES = 32;
/** Card folders nest like `DCIM/100MEDIA`. */
const MAX_DEPTH = 5;

/** The images of a flight's folder; one with a subfolder `images` is read from there alone. */
export async function imagesOfFlight(folder: string): Promise<{ root: string; paths: string[] }> {
  const inner = join(folder, 'images');
  const hasInner = await stat(inner).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const root = hasInner ? inner : folder;
  const paths: string[] = [];
  await collectImages(root, MAX_DEPTH, paths);
  return { root, paths };
}

async function collectImages(folder: string, depth: number, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isNotFound(error)) throw new MissingSource(`Cannot list "${folder}" as it is not there`);
    throw error;
  });
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 0) await collectImages(path, depth - 1, found);
    if (entry.isFile() && (await looksLikeImage(path, entry.name))) found.push(path);
  }
}

async function looksLikeImage(path: string, name: string): Promise<boolean> {
  if (companionNames.has(name.toLowerCase())) return false;
  if (imageExtensions.has(extname(name).toLowerCase())) return true;
  const file = await open(path);
  try {
    const head = Buffer.alloc(MAGIC_BYTES);
    const { bytesRead } = await file.read(head, 0, MAGIC_BYTES, 0);
    return fileTypeOf(head.subarray(0, bytesRead)) !== null;
  } finally {
    await file.close();
  }
}
