import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonEnvironment } from './python-environment.ts';

const RUN_LIMIT_MS = 90_000;

/** Compiled tests run from `dist/test/support`; what is not TypeScript stays where it is kept. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const folder = join(root, 'test', 'wire-contract');
const requirements = join(folder, 'requirements.txt');

/** Runs the client that is written in Python, and gives the document that it prints. */
export type PythonClient = (...words: string[]) => Promise<unknown>;

/**
 * Finds the Python client with an environment of its own, made once in the user's cache. Null, and loud,
 * where there is no Python or nothing can be installed.
 */
export async function findPythonClient(): Promise<PythonClient | null> {
  try {
    const python = await pythonEnvironment('python-client', requirements);
    return async (...words) => {
      const { stdout } = await promisify(execFile)(python, [join(folder, 'client.py'), ...words], {
        timeout: RUN_LIMIT_MS,
      });
      // The SDK writes its warnings to standard output too, before the document.
      return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`SKIPPED every test with the Python client: it cannot be installed (${reason})`);
    return null;
  }
}
