import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';

/** Folder of the checkout; compiled tests run from `dist/test/support`. */
export const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
export const composePath = join(root, 'docker-compose.yml');

const sources = join(root, 'test', 'support', 'compose-loader');
/** As the modules of the loader ask for. */
const NEEDED_GO_MINOR = 24;
const BUILD_LIMIT_MS = 5 * 60_000;
const LOAD_LIMIT_MS = 30_000;
/** For the first test file of a fresh machine, which has to build it. */
export const LOADER_LIMIT_MS = BUILD_LIMIT_MS + LOAD_LIMIT_MS;

/** A mount as the loader gives it: sources of binds are absolute. */
interface Mount {
  type: string;
  source: string;
  target: string;
  read_only?: boolean;
}

/** A service as the loader gives it; only what the tests look at. */
export interface ComposeService {
  image: string;
  command: string[] | null;
  environment?: Record<string, string | null>;
  container_name?: string;
  build?: object;
  init?: boolean;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  pull_policy?: string;
  stop_grace_period?: string;
  profiles?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  ports?: { host_ip?: string; target: number; published: string }[];
  volumes?: Mount[];
  deploy?: { resources: { limits: { memory: string } } };
}

/** What the loader made of a file, and what it remarked. */
export interface LoadedCompose {
  services: Record<string, ComposeService>;
  remarks: string;
}

/**
 * Loads a compose file with compose-go, the loader of `docker compose` itself; it needs no engine.
 *
 * @param environment all variables that the file sees; `.env` is not read.
 * @throws {Error} with the loader's own words when it refuses the file.
 */
export function loadCompose(path: string, environment: Record<string, string>): LoadedCompose {
  const end = spawnSync(cachedLoader(), [path], {
    env: environment,
    encoding: 'utf8',
    timeout: LOAD_LIMIT_MS,
  });
  if (end.status !== 0) throw new Error(end.stderr || String(end.error));
  const { services } = JSON.parse(end.stdout) as Pick<LoadedCompose, 'services'>;
  return { services, remarks: end.stderr };
}

/** Tests that need the loader; skipped loudly where it is not in the cache and cannot be built. */
export function describeWithComposeLoader(name: string, tests: () => void): void {
  if (existsSync(cachedLoader()) || hasGo()) {
    describe(name, tests);
    return;
  }
  console.warn(
    `SKIPPED "${name}": no loader of compose files here, install Go 1.${NEEDED_GO_MINOR} or newer to have it built`,
  );
  describe.skip(name, tests);
}

/** Builds the loader into the user's cache, unless it is there; half a minute the first time. */
export function buildComposeLoader(): void {
  const path = cachedLoader();
  if (existsSync(path)) return;
  const beside = `${path}-${process.pid}`;
  mkdirSync(join(path, '..'), { recursive: true });
  const end = spawnSync('go', ['build', '-o', beside, '.'], {
    cwd: sources,
    // Neither another toolchain nor another set of modules than those that are written down.
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly -buildvcs=false' },
    encoding: 'utf8',
    timeout: BUILD_LIMIT_MS,
  });
  try {
    if (end.status !== 0) {
      throw new Error(`Cannot build the loader of compose files: ${end.stderr || end.error}`);
    }
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Named after its sources, so that a change to them is built anew. */
function cachedLoader(): string {
  const hash = createHash('sha256');
  for (const name of ['main.go', 'go.mod', 'go.sum'])
    hash.update(readFileSync(join(sources, name)));
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'skyloom', `compose-loader-${hash.digest('hex').slice(0, 16)}`, 'load');
}

function hasGo(): boolean {
  const { stdout } = spawnSync('go', ['version'], { encoding: 'utf8', timeout: LOAD_LIMIT_MS });
  const minor = /go1\.(\d+)/.exec(stdout ?? '')?.[1];
  return minor !== undefined && Number(minor) >= NEEDED_GO_MINOR;
}
