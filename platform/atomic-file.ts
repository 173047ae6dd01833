import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a small file so that a reader sees the old file or the new one and nothing between.
 *
 * @param isDurable whether it must outlive a power failure; without it the write costs no wait for the disk.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { isDurable = true }: { isDurable?: boolean } = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const scratch = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(scratch, 'w');
    try {
      await file.writeFile(content);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(scratch, path);
  } catch (error) {
    await rm(scratch, { force: true });
    throw error;
  }
}

/** Whether a file operation failed because there is no such file. */
export function isNotFound(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** Whether a file operation failed because this process has not the right to it. */
export function isForbidden(error: unknown): boolean {
  return codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM';
}

/** Whether a file operation failed because the file is there already. */
export function isAlreadyThere(error: unknown): boolean {
  return codeOf(error) === 'EEXIST';
}

/** Whether a path can lead nowhere on any machine: too long, through a file, in a circle, with a zero byte. */
export function isImpossiblePath(error: unknown): boolean {
  const codes = ['ENAMETOOLONG', 'ENOTDIR', 'ELOOP', 'ERR_INVALID_ARG_VALUE'];
  return codes.some((code) => code === codeOf(error));
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
