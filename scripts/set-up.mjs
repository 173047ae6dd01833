import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const installStamp = join(root, 'node_modules', '.skyloom-lock');
const buildStamp = join(dist, '.skyloom-build');
/** Outside of `dist` and `node_modules`, as a set-up may empty both. */
const lockFolder = join(root, '.set-up-lock');

const NEEDED_NODE = { first: [20, 19], before: 25 };
const INSTALL_LIMIT_MS = 10 * 60_000;
const BUILD_STEP_LIMIT_MS = 5 * 60_000;
/** A lock of another machine cannot be asked whether its process lives; after this it does not count. */
const LOCK_AGE_LIMIT_MS = 20 * 60_000;
/** A lock is made in two steps: folder, then owner. For this long the owner may be missing. */
const OWNERLESS_LOCK_LIMIT_MS = 5000;
const LOCK_POLL_MS = 200;

/**
 * Brings packages and compiled output up to date with the sources; when they are, it only reads.
 *
 * Safe to call from several processes at once: one works, the others wait for it. Speaks on standard
 * error only, and ends the process when the set-up is not possible.
 *
 * @param {{ quiet?: boolean, keepPackages?: boolean }} options with `quiet`, no line at the end says how
 *   long it took; with `keepPackages`, the packages are used as they are and only the output is built.
 */
export async function setUp({ quiet = false, keepPackages = false } = {}) {
  try {
    checkNode();
    if (await isUpToDate(keepPackages)) return;
    const startedAtMs = Date.now();
    await withLock(() => bringUpToDate(keepPackages));
    if (!quiet) say(`Set up in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
  } catch (error) {
    if (!(error instanceof SetUpFailure)) throw error;
    if (error.output) say(error.output.trimEnd());
    say(error.message);
    process.exit(error.exitCode);
  }
}

class SetUpFailure extends Error {
  constructor(message, { output = '', exitCode = 1 } = {}) {
    super(message);
    this.output = output;
    this.exitCode = exitCode;
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function checkNode() {
  const { first, before } = NEEDED_NODE;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOldEnough = major < before;
  const isNewEnough = major > first[0] || (major === first[0] && minor >= first[1]);
  if (isOldEnough && isNewEnough) return;
  throw new SetUpFailure(
    `Cannot run skyloom as Node ${first.join('.')} to ${before - 1} is needed: found ${process.versions.node}`,
    { exitCode: 2 },
  );
}

async function isUpToDate(keepPackages) {
  if (!keepPackages && (await readStamp(installStamp)) !== (await packagesFingerprint()))
    return false;
  return (await readStamp(buildStamp)) === (await sourcesFingerprint(await listSources()));
}

async function bringUpToDate(keepPackages) {
  // Read again under the lock: another process may have done the work while this one waited.
  const packages = await packagesFingerprint();
  const isInstalled = keepPackages || (await readStamp(installStamp)) === packages;
  if (!isInstalled) await installPackages(packages);
  const sources = await listSources();
  // Before the build, so that a file changed during it is built again next time.
  const fingerprint = await sourcesFingerprint(sources);
  if ((await readStamp(buildStamp)) !== fingerprint) await build(sources, fingerprint);
}

async function installPackages(fingerprint) {
  say('Installing packages (about half a minute)…');
  // Without the development packages there is no compiler, whatever NODE_ENV says.
  await run('install the packages', npmCommand(), ['ci', '--include=dev'], INSTALL_LIMIT_MS);
  await writeFile(installStamp, fingerprint);
}

async function build(sources, fingerprint) {
  const step = (purpose, ...args) => run(purpose, [process.execPath], args, BUILD_STEP_LIMIT_MS);
  await rm(buildStamp, { force: true });
  await removeOrphans(sources);
  say('Compiling TypeScript…');
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await step('compile the sources', compiler, '-p', join(root, 'tsconfig.json'));
  say('Building the table of coordinate systems…');
  await step(
    'build the table of coordinate systems',
    join(root, 'scripts', 'build-epsg-table.mjs'),
  );
  say('Bundling workflows…');
  await step('bundle the workflows', join(root, 'scripts', 'bundle-workflows.mjs'));
  await writeFile(buildStamp, fingerprint);
}

/** Output whose source is gone would still be found by imports and by the test runner. */
async function removeOrphans(sources) {
  const outputs = new Set(sources.map((path) => path.replace(/\.ts$/, '.js')));
  for (const path of await listFiles(dist, (name) => /\.js(\.map)?$/.test(name))) {
    const output = relative(dist, path).replace(/\.map$/, '');
    if (!outputs.has(output) && basename(output) !== 'workflow-bundle.js') await rm(path);
  }
}

async function packagesFingerprint() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) {
    hash.update(await readFile(join(root, name)));
  }
  return hash.digest('hex');
}

/** Paths, relative to the root and in a fixed order, of everything that decides what the build gives. */
async function listSources() {
  const typed = await listFiles(root, (name) => name.endsWith('.ts'));
  const scripts = await listFiles(join(root, 'scripts'), (name) => name.endsWith('.mjs'));
  const paths = [...typed, ...scripts].map((path) => relative(root, path));
  return [...paths, 'tsconfig.json', 'package-lock.json'].sort();
}

async function sourcesFingerprint(paths) {
  const contents = await Promise.all(paths.map((path) => readFile(join(root, path))));
  const hash = createHash('sha256');
  paths.forEach((path, index) => {
    hash.update(`${path.replaceAll(sep, '/')}\0${contents[index].length}\0`);
    hash.update(contents[index]);
  });
  return hash.digest('hex');
}

/** Folders with a leading dot are left out, as the compiler leaves them out. */
async function listFiles(folder, isWanted) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && isWanted(entry.name)) found.push(path);
    if (entry.isDirectory() && !entry.name.startsWith('.') && !isOutput(path)) {
      found.push(...(await listFiles(path, isWanted)));
    }
  }
  return found;
}

function isOutput(path) {
  return path === dist || path === join(root, 'node_modules');
}

async function readStamp(path) {
  return await readFile(path, 'utf8').catch(() => undefined);
}

function npmCommand() {
  // The npm that runs the script is the one to use: another may stand first on the PATH.
  const { npm_execpath: running } = process.env;
  if (running && basename(running) === 'npm-cli.js') return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Keeps the output of the tool to itself, unless the tool fails. */
async function run(purpose, [command, ...firstArgs], args, limitMs) {
  const child = spawn(command, [...firstArgs, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    shell: command.endsWith('.cmd'),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const end = await new Promise((settle) => {
    child.on('error', (error) => settle(error.message));
    child.on('close', (code, signal) => settle(signal ? `stopped by ${signal}` : code));
  });
  if (end === 0) return;
  const reason = typeof end === 'number' ? `exit code ${end}` : end;
  throw new SetUpFailure(`Cannot ${purpose}: ${basename(args[0])} failed (${reason})`, { output });
}

async function withLock(work) {
  await takeLock();
  try {
    await work();
  } finally {
    await rm(lockFolder, { recursive: true, force: true });
  }
}

async function takeLock() {
  let hasSaidSo = false;
  for (;;) {
    try {
      await mkdir(lockFolder);
      await writeFile(join(lockFolder, 'owner'), `${process.pid} ${hostname()}`);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw new SetUpFailure(`Cannot lock "${root}" for the set-up: ${error.message}`);
      }
    }
    const owner = await readStamp(join(lockFolder, 'owner'));
    if (await isStale(owner)) {
      await breakLock(owner);
      continue;
    }
    if (!hasSaidSo) say('Waiting for another set-up of this folder…');
    hasSaidSo = true;
    await new Promise((wake) => setTimeout(wake, LOCK_POLL_MS));
  }
}

async function isStale(owner) {
  const made = await stat(lockFolder).catch(() => undefined);
  // It was given back a moment ago.
  if (made === undefined) return false;
  const ageMs = Date.now() - made.mtimeMs;
  if (!owner) return ageMs > OWNERLESS_LOCK_LIMIT_MS;
  const [pid, host] = owner.split(' ');
  return ageMs > LOCK_AGE_LIMIT_MS || (host === hostname() && !isAlive(Number(pid)));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two processes may find the same dead lock: whoever moved away a live one puts it back. */
async function breakLock(staleOwner) {
  const aside = `${lockFolder}-${process.pid}`;
  try {
    await rename(lockFolder, aside);
  } catch {
    return;
  }
  if ((await readStamp(join(aside, 'owner'))) !== staleOwner) {
    await rename(aside, lockFolder).catch(() => undefined);
  }
  await rm(aside, { recursive: true, force: true });
}
