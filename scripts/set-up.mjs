// Makes a fresh clone ready: packages, build, workflow bundles. Uses nothing but Node itself, and does
// only what has changed since the last time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK_WAIT_MS = 10 * 60_000;
const LOCK_POLL_MS = 200;
const skippedFolders = new Set(['node_modules', 'dist', '.git', 'docs', 'coverage']);

/** Installs and builds what is missing or out of date. Ends the process with a sentence when it cannot. */
export function setUp() {
  checkNode();
  if (isReady()) return;
  withLock(() => {
    if (!arePackagesReady()) installPackages();
    if (!isBuilt()) build();
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major > 20 || (major === 20 && minor >= 19)) && major <= 24) return;
  fail(`Cannot run on Node ${process.versions.node}: Node 20.19 to 24 is needed`, 2);
}

function isReady() {
  return arePackagesReady() && isBuilt();
}

const packageStamp = join(root, 'node_modules', '.skyloom-packages');

function packageFingerprint() {
  return digest(['package.json', 'package-lock.json'].map((name) => join(root, name)));
}

function arePackagesReady() {
  return readStamp(packageStamp) === packageFingerprint();
}

function installPackages() {
  say('Installing packages (about half a minute) …');
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'install the packages');
  writeFileSync(packageStamp, packageFingerprint());
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const buildStamp = join(root, 'dist', '.skyloom-build');

function buildFingerprint() {
  const sources = [];
  collectSources(root, sources);
  sources.push(join(root, 'tsconfig.json'), join(root, 'package-lock.json'));
  return digest(sources.sort());
}

function isBuilt() {
  return readStamp(buildStamp) === buildFingerprint();
}

function build() {
  say('Building (some seconds) …');
  const fingerprint = buildFingerprint();
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'], 'compile');
  run(process.execPath, [join('scripts', 'build-epsg-table.mjs')], 'write the table of coordinate systems');
  run(process.execPath, [join('scripts', 'bundle-workflows.mjs')], 'bundle the workflows');
  writeFileSync(buildStamp, fingerprint);
}

function collectSources(folder, found) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skippedFolders.has(entry.name) && !entry.name.startsWith('.')) {
      collectSources(path, found);
    } else if (entry.isFile() && /\.(ts|mjs)$/.test(entry.name)) found.push(path);
  }
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    hash.update(`${relative(root, path)}\0`);
    hash.update(existsSync(path) ? readFileSync(path) : 'absent');
  }
  return hash.digest('hex');
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Two set-ups at a time would delete each other's files. */
function withLock(work) {
  const lock = join(root, '.set-up-lock');
  const deadline = Date.now() + LOCK_WAIT_MS;
  while (!takeLock(lock)) {
    if (Date.now() > deadline) fail(`Cannot set up as another set-up holds ${lock}: remove it if none runs`, 1);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  try {
    work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

function takeLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isForgotten(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function isForgotten(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'ESRCH') return true;
    // Taken a moment ago, its owner not written down yet.
    return error.code === 'ENOENT' && existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5_000;
  }
}

function run(command, args, what) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  fail(`Cannot ${what}: see the lines above`, 1);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line, code) {
  say(line);
  process.exit(code);
}
