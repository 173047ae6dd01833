import { type Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MissingSource } from '../../contracts/failures.ts';
import { isForbidden, isNotFound } from '../../platform/atomic-file.ts';
import { fileTypeOf } from '../model/file-type.ts';
import { isHidden, kindByName, MAX_DEPTH } from './flight-layout.ts';
import { type LeftOut, leftOutDeep, leftOutLink, leftOutSpecial } from './left-out.ts';

/** Enough for the magic bytes of every format that is known. */
export const MAGIC_BYTES = 32;

export interface FolderImages {
  root: string;
  paths: string[];
  /** What looks like a part of the flight and is not read. */
  leftOut: LeftOut[];
}

/** The images of a flight's folder; one with a subfolder `images` is read from there alone. */
export async function imagesOfFlight(folder: string): Promise<FolderImages> {
  const inner = join(folder, 'images');
  const hasInner = await stat(inner).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const root = hasInner ? inner : folder;
  const found: FolderImages = { root, paths: [], leftOut: [] };
  await collectImages(root, MAX_DEPTH, found);
  return found;
}

async function collectImages(folder: string, depth: number, found: FolderImages): Promise<void> {
  const entries = await entriesOf(folder, found);
  for (const entry of entries) {
    if (isHidden(entry.name)) continue;
    const path = join(folder, entry.name);
    const name = relative(found.root, path).split(sep).join('/');
    if (entry.isDirectory()) {
      if (depth > 0) await collectImages(path, depth - 1, found);
      else found.leftOut.push(leftOutDeep(name, MAX_DEPTH));
    } else if (entry.isFile()) {
      if (await looksLikeImage(path, entry.name)) found.paths.push(path);
    } else if (kindByName(entry.name) !== 'other') {
      found.leftOut.push(reasonOfKind(entry, name));
    }
  }
}

/** What a folder holds; one below the flight's own that cannot be read is left out, and that is said. */
async function entriesOf(folder: string, found: FolderImages): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const mayNot = isForbidden(error);
    if (!mayNot && !isNotFound(error)) throw error;
    const reason = mayNot
      ? 'the workers may not read it: give them the right to'
      : 'it is not there any more: bring it back';
    if (folder === found.root) throw new MissingSource(`Cannot list "${folder}" as ${reason}`);
    const name = relative(found.root, folder).split(sep).join('/');
    found.leftOut.push({ name, code: 'FILE_LEFT_OUT', reason });
    return [];
  }
}

/** A link may lead anywhere, and a pipe may never end: neither is opened. */
function reasonOfKind(entry: Dirent, name: string): LeftOut {
  return entry.isSymbolicLink() ? leftOutLink(name) : leftOutSpecial(name);
}

async function looksLikeImage(path: string, name: string): Promise<boolean> {
  const kind = kindByName(name);
  if (kind !== 'unknown') return kind === 'image';
  const file = await open(path).catch((error: unknown) => {
    // Nobody can say what it is: it is taken, so that fetching it says what is wrong.
    if (isNotFound(error) || isForbidden(error)) return null;
    throw error;
  });
  if (file === null) return true;
  try {
    const head = Buffer.alloc(MAGIC_BYTES);
    const { bytesRead } = await file.read(head, 0, MAGIC_BYTES, 0);
    return fileTypeOf(head.subarray(0, bytesRead)) !== null;
  } finally {
    await file.close();
  }
}
