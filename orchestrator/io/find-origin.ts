import { realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput, MissingSource, nameValue } from '../../contracts/failures.ts';
import { parseBucketAddress } from '../../platform/bucket-address.ts';
import { isBucketAddress } from '../../platform/image-sources.ts';
import { isImpossiblePath, isNotFound } from '../../platform/atomic-file.ts';

const archiveExtension = '.zip';
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
  if (isBucketAddress(imagePath)) return originInBucket(imagePath);
  if (/^file:\/\//i.test(imagePath)) return originOfPath(pathOfUrl(imagePath), roots);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(imagePath)) {
    throw new InvalidInput(
      `Cannot read "${imagePath}" as this version takes folders, files, zip archives, list files, http(s) and s3 addresses`,
    );
  }
  return originOfPath(imagePath, roots);
}

function originOfUrl(url: string): ImageOrigin {
  if (!URL.canParse(url))
    throw new InvalidInput(`Cannot read "${url}" as the address is not valid`);
  return { kind: kindOfAddress(new URL(url).pathname) ?? 'url', location: url };
}

/** Whether requests may read there is checked where it is read, by the workers that hold the credentials. */
function originInBucket(address: string): ImageOrigin {
  const { key } = parseBucketAddress(address);
  return { kind: kindOfAddress(key) ?? 'bucket', location: address };
}

function kindOfAddress(path: string): 'archive' | 'url-list' | null {
  const extension = extname(path).toLowerCase();
  if (extension === archiveExtension) return 'archive';
  return listExtensions.has(extension) ? 'url-list' : null;
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
  const extension = extname(location).toLowerCase();
  if (extension === archiveExtension) return { kind: 'archive', location };
  return { kind: listExtensions.has(extension) ? 'list' : 'file', location };
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}
