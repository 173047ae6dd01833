import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAlreadyThere, isNotFound } from './atomic-file.ts';

/**
 * Makes sure that the home folder is there and can be written.
 *
 * @throws {Error} in a sentence that names the folder and what stands in the way.
 */
export async function ensureHome(home: string): Promise<void> {
  try {
    await makeFolder(home);
    await access(home, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(',')[0] : String(error);
    throw new Error(
      `Cannot use "${home}" as SKYLOOM_HOME (${reason}): set it to a folder that you can write`,
    );
  }
}

/** Step by step: on some file systems the recursive form of Node never ends. */
async function makeFolder(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
    throw new Error(`ENOTDIR: "${path}" is no folder`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch((error: unknown) => {
    if (!isAlreadyThere(error)) throw error;
  });
}
