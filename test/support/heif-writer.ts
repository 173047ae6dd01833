import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonEnvironment } from './python-environment.ts';

const RUN_LIMIT_MS = 60_000;

/** Compiled tests run from `dist/test/support`; what is not TypeScript stays where it is kept. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const folder = join(root, 'test', 'heif');

/** Has another library write `1.heic` to `8.heic`; false, and loud, where it cannot be installed. */
export async function writeHeics(target: string): Promise<boolean> {
  let python: string;
  try {
    python = await pythonEnvironment('heif', join(folder, 'requirements.txt'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`SKIPPED reading HEIC as another library writes it: none can be had (${reason})`);
    return false;
  }
  await promisify(execFile)(python, [join(folder, 'write.py'), target], { timeout: RUN_LIMIT_MS });
  return true;
}
