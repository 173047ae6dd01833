import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runProgram } from '../../platform/temporal/run-program.ts';

const INSTALL_LIMIT_MS = 5 * 60_000;
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
    const python = await findPythonEnvironment('python-client', requirements);
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

/**
 * Gives the path of the Python of an environment that holds exactly what a file of requirements pins. Its
 * folder in the user's cache appears whole or not at all.
 *
 * @throws where there is no Python, or something cannot be installed.
 */
export async function findPythonEnvironment(name: string, requirements: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(requirements));
  const version = hash.digest('hex').slice(0, 12);
  const cache = join(userCache(), 'skyloom', `${name}-${version}`);
  const python = join(cache, 'bin', 'python');
  if (await exists(python)) return python;
  await mkdir(dirname(cache), { recursive: true });
  const growing = await mkdtemp(`${cache}-`);
  try {
    await run('python3', ['-m', 'venv', growing]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries=1'];
    const what = ['--only-binary=:all:', '--require-hashes', '-r', requirements];
    const grown = join(growing, 'bin', 'python');
    await run(grown, ['-m', 'pip', 'install', ...quiet, ...what]);
    // An environment may be moved as long as only its Python is started, and none of its scripts.
    await rename(growing, cache).catch(async (error: unknown) => {
      // Another process was faster.
      if (!(await exists(python))) throw error;
    });
    return python;
  } finally {
    await rm(growing, { recursive: true, force: true });
  }
}

async function run(path: string, args: readonly string[]): Promise<void> {
  const end = await runProgram(path, args, { timeoutMs: INSTALL_LIMIT_MS, env: process.env });
  if (!end.isSuccess) throw new Error(`${path}: ${end.reason}`);
}

function userCache(): string {
  return process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
