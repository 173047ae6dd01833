import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram } from '../../platform/temporal/run-program.ts';

const INSTALL_LIMIT_MS = 5 * 60_000;

/**
 * Gives the path of a Python with the packages that a file of requirements pins, in an environment made once
 * in the user's cache. Its folder appears whole or not at all.
 *
 * @param name of the environment in the cache.
 * @throws {Error} where there is no Python, or nothing can be installed.
 */
export async function pythonEnvironment(name: string, requirements: string): Promise<string> {
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
