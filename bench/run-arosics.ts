import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Compiled benches run from `dist/bench`; what is not TypeScript stays where it is kept. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bench', 'arosics');
const INSTALL_LIMIT_MS = 10 * 60_000;

export interface FilePair {
  reference: string;
  target: string;
  /** Sides and distances of windows, pixels, and where the corrected target goes; null for one window. */
  grid: { window: number; step: number; corrected: string } | null;
}

export interface ArosicsAnswer {
  shift: { x: number; y: number } | null;
  words: string;
  seconds: number;
}

/** AROSICS at work: it answers one pair after the other. */
export interface Arosics {
  register: (pair: FilePair) => Promise<ArosicsAnswer>;
  close: () => void;
}

/** Starts AROSICS, in an environment of its own; null, and loud, where it cannot be had. */
export function startArosics(): Arosics | null {
  try {
    const python = findEnvironment();
    const program = join(folder, 'register.py');
    const work = spawn(python, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: work.stdout })[Symbol.asyncIterator]();
    return {
      register: async (pair) => {
        work.stdin.write(`${JSON.stringify(pair)}\n`);
        const { value, done } = await lines.next();
        if (done === true) throw new Error('Cannot compare with AROSICS as it ended');
        return JSON.parse(value) as ArosicsAnswer;
      },
      close: () => work.stdin.end(),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`SKIPPED the comparison with AROSICS: it cannot be installed (${reason})`);
    return null;
  }
}

/** The Python of the system knows GDAL; everything else is installed beside it. */
function findEnvironment(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const home = join(cache, 'skyloom', 'arosics-1.13.2');
  const python = join(home, 'bin', 'python');
  if (existsSync(python)) return python;
  const system = ['/usr/bin/python3', 'python3'].find(
    (path) => spawnSync(path, ['-c', 'from osgeo import gdal']).status === 0,
  );
  if (system === undefined) throw new Error('no Python with GDAL here, such as python3-gdal');
  const growing = `${home}-${process.pid}`;
  mkdirSync(dirname(home), { recursive: true });
  try {
    const run = (path: string, args: string[]) =>
      execFileSync(path, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: INSTALL_LIMIT_MS });
    run(system, ['-m', 'venv', '--system-site-packages', growing]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const grown = join(growing, 'bin', 'python');
    run(grown, [...install, '--no-deps', '-r', join(folder, 'requirements-alone.txt')]);
    run(grown, [...install, '-r', join(folder, 'requirements.txt')]);
    renameSync(growing, home);
    return python;
  } finally {
    rmSync(growing, { recursive: true, force: true });
  }
}
