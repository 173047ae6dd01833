import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonEnvironment } from './python-environment.ts';

const RUN_LIMIT_MS = 60_000;

/** Compiled tests run from `dist/test/support`; what is not TypeScript stays where it is kept. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const folder = join(root, 'test', 'stac');

/** Validates the item in a file, and gives what another library reads from it. */
export type StacValidator = (path: string) => Promise<Record<string, unknown>>;

/** Finds pystac in an environment of its own; null, and loud, where it cannot be installed. */
export async function findStacValidator(): Promise<StacValidator | null> {
  try {
    const python = await pythonEnvironment('stac', join(folder, 'requirements.txt'));
    return async (path) => {
      const { stdout } = await promisify(execFile)(python, [join(folder, 'validate.py'), path], {
        timeout: RUN_LIMIT_MS,
      });
      return JSON.parse(stdout) as Record<string, unknown>;
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`SKIPPED the validation of catalog items: pystac cannot be had (${reason})`);
    return null;
  }
}
