import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput, MissingSource } from '../../contracts/failures.ts';
import type { ImageSource } from '../../contracts/flight.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { DownloadRefused, downloadStream } from '../../platform/download.ts';
import { fileTypeOf } from '../model/file-type.ts';
import { namesInList, withUniqueNames } from '../model/image-list.ts';

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

interface NetworkOptions {
  allowPrivateAddresses: boolean;
  signal: AbortSignal;
}

/**
 * Every image of a flight, in code-unit order of name.
 *
 * A folder with a subfolder `images` is read from there alone. A list names paths below its own folder,
 * or addresses.
 */
export async function listImageSources(
  origin: ImageOrigin,
  options: NetworkOptions,
): Promise<ImageSource[]> {
  const { kind, location } = origin;
  switch (kind) {
    case 'folder':
      return listFolder(location);
    case 'file':
      return [{ name: basename(location), location }];
    case 'url':
      return [{ name: nameOfUrl(location), location }];
    case 'list':
      return sourcesOfList(await readFile(location, 'utf8'), location);
    case 'url-list':
      return sourcesOfList(await downloadList(location, options), location);
  }
}

async function listFolder(folder: string): Promise<ImageSource[]> {
  const inner = join(folder, 'images');
  const hasInner = await stat(inner).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const root = hasInner ? inner : folder;
  const paths: string[] = [];
  await collectImages(root, MAX_DEPTH, paths);
  return inOrderOfName(
    paths.map((path) => ({ name: relative(root, path).split(sep).join('/'), location: path })),
  );
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

function sourcesOfList(content: string, listLocation: string): ImageSource[] {
  const sources = namesInList(content).map((entry): ImageSource => {
    if (isAddress(entry)) return { name: nameOfUrl(entry), location: entry };
    if (isAddress(listLocation))
      return { name: entry, location: new URL(entry, listLocation).href };
    return sourceBelow(dirname(listLocation), entry, listLocation);
  });
  return inOrderOfName(withUniqueNames(sources));
}

function sourceBelow(folder: string, entry: string, listLocation: string): ImageSource {
  const path = resolve(folder, entry);
  const below = relative(folder, path);
  if (below.startsWith('..') || isAbsolute(below)) {
    throw new InvalidInput(
      `Cannot read list "${listLocation}" as it names a file outside its own folder: "${entry}"`,
    );
  }
  return { name: below.split(sep).join('/'), location: path };
}

async function downloadList(url: string, options: NetworkOptions): Promise<string> {
  try {
    return await text((await downloadStream(url, options)).body);
  } catch (error) {
    if (error instanceof DownloadRefused) throw new MissingSource(error.message);
    throw error;
  }
}

function isAddress(entry: string): boolean {
  return /^https?:\/\//i.test(entry);
}

function nameOfUrl(url: string): string {
  if (!URL.canParse(url))
    throw new InvalidInput(`Cannot read the address "${url}": it is not valid`);
  const { pathname, hostname } = new URL(url);
  return basename(pathname) || hostname;
}

function inOrderOfName(sources: ImageSource[]): ImageSource[] {
  return sources.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
