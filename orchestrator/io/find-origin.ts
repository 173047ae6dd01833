import { realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput, MissingSource, nameValue } from '../../contracts/failures.ts';
import { isImpossiblePath, isNotFound } from '../../platform/atomic-file.ts';

const listExtensions = new Set(['.txt', '.lst', '.list']);

/**
 * Finds out what a path or address stands for, on the storage that the workers share.
 *
 * @param roots folders that requests may read from.
 * @throws {MissingSource} when nothing is there, {InvalidInput} when it may not be read.
 */
export async function findOrigin(
  imagePath: string,
  roots: readonly string[],
): Promise<ImageOrigin> {
  if (/^https?:\/\//i.test(imagePath)) return originOfUrl(imagePath);
  if (/^file:\/\//i.test(imagePath)) return originOfPath(pathOfUrl(imagePath), roots);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(imagePath)) {
    throw new InvalidInput(
      `Cannot read "${imagePath}" as this version takes folders, files, list files and http(s) addresses`,
    );
  }
  return originOfPath(imagePath, roots);
}

function originOfUrl(url: string): ImageOrigin {
  if (!URL.canParse(url))
    throw new InvalidInput(`Cannot read "${url}" as the address is not valid`);
  const isList = listExtensions.has(extname(new URL(url).pathname).toLowerCase());
  return { kind: isList ? 'url-list' : 'url', location: url };
}

function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new InvalidInput(
      `Cannot read ${nameValue(url)} as it names no file of this machine: give the whole path`,
    );
  }
}

async function originOfPath(path: string, roots: readonly string[]): Promise<ImageOrigin> {
  if (!isAbsolute(path)) {
    throw new InvalidInput(
      `Cannot find "${path}" as workers may run in another folder: give the whole path`,
    );
  }
  const location = await realpath(path).catch((error: unknown) => {
    if (isNotFound(error)) throw new MissingSource(`Cannot find "${path}": nothing is there`);
    if (isImpossiblePath(error)) {
      throw new InvalidInput(`Cannot find ${nameValue(path)} as no file can lie there`);
    }
    throw error;
  });
  if (!roots.some((root) => isBelow(location, root))) {
    throw new InvalidInput(
      `Cannot read "${path}" as requests may only read below ${roots.join(', ') || 'no folder at all'}: add it to SKYLOOM_SOURCE_ROOTS of the workers`,
    );
  }
  const entry = await stat(location);
  if (entry.isDirectory()) return { kind: 'folder', location };
  const isList = listExtensions.has(extname(location).toLowerCase());
  return { kind: isList ? 'list' : 'file', location };
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}
