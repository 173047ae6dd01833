import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CutoutRequest } from '../imaging/io/cutout-messages.ts';
import { CutoutPool } from '../imaging/io/cutout-pool.ts';
import { readSettings } from '../platform/configuration.ts';
import { fetchWeights } from '../platform/fetch-weights.ts';
import { modelFolder } from '../platform/model-weights.ts';
import { benchCutout } from './bench-cutout.ts';
import { grainyPhoto } from './grainy-photo.ts';
import { peakMemory } from './peak-memory.ts';

/**
 * Backgrounds removed side by side with the Python program rembg, with the same weights and the same
 * images, one process each: `node dist/bench/cutout-against-rembg.js [photo] [images] [megapixels]`. Then
 * the same images on one core and on two.
 */
const REMBG = 'rembg[cpu]==2.0.86';
const [photo, images = '6', megapixels = '12'] = process.argv.slice(2);
const LIMIT_BYTES = 2e9;
/** Of one process and two by turns, as the machine is not equally fast all the time. */
const ROUNDS = 3;
const run = promisify(execFile);
const settings = readSettings();
const folder = await mkdtemp(join(tmpdir(), 'skyloom-bench-'));
try {
  const { path } = await fetchWeights('u2netp', settings, console.error);
  const file = await writePhoto(Number(megapixels));
  const request = (edge: 'none' | 'guided'): Omit<CutoutRequest, 'target'> => ({
    file,
    ...benchCutout('photo', path, edge, LIMIT_BYTES),
  });
  const count = Number(images);
  console.log(`${count} images of ${megapixels} megapixels, u2netp, to PNG`);
  const guided = await ours(request('guided'), count, 1);
  const ones: Taken[] = [];
  const twos: Taken[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ones.push(await ours(request('none'), count, 1));
    twos.push(await ours(request('none'), count, 2));
  }
  const [one, two] = [fastest(ones), fastest(twos)];
  say('skyloom, one process, no edge step', one.seconds / count, one.peakBytes);
  say('skyloom, one process, guided edge', guided.seconds / count, guided.peakBytes);
  say('skyloom, two processes', two.seconds / count, two.peakBytes);
  console.log(`two processes over one: ${(one.seconds / two.seconds).toFixed(2)} times as fast`);
  const python = await prepareRembg();
  if (python !== null) {
    const theirs = await rembg(python, file, count);
    say('rembg, one process, no edge step', theirs.seconds / count, theirs.peakBytes);
    console.log(`wall time over rembg, no edge step ${(one.seconds / theirs.seconds).toFixed(3)}`);
    console.log(
      `wall time over rembg, guided edge  ${(guided.seconds / theirs.seconds).toFixed(3)}`,
    );
    console.log(
      `memory over rembg                  ${(one.peakBytes / theirs.peakBytes).toFixed(3)}`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Taken {
  seconds: number;
  peakBytes: number;
}

/** From an empty pool: starting processes and loading the network counts. */
async function ours(
  request: Omit<CutoutRequest, 'target'>,
  count: number,
  processes: number,
): Promise<Taken> {
  const pool = new CutoutPool({ processes, limitBytes: LIMIT_BYTES });
  let peakBytes = 0;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: count }, () =>
      pool.run({ ...request, target: join(folder, randomUUID()) }, new AbortController().signal),
    ),
  );
  const seconds = (performance.now() - from) / 1000;
  for (const pid of pool.pids)
    peakBytes = Math.max(peakBytes, (await peakMemory(pid)) ?? Number.NaN);
  await pool.close();
  return { seconds, peakBytes };
}

function fastest(all: readonly Taken[]): Taken {
  return all.reduce((best, taken) => (taken.seconds < best.seconds ? taken : best));
}

/** A virtual environment with rembg, or null when there is none and none can be made. */
async function prepareRembg(): Promise<string | null> {
  const home = process.env['SKYLOOM_BENCH_VENV'] ?? join(homedir(), '.cache/skyloom/rembg-venv');
  const python = join(home, 'bin', 'python');
  try {
    if (!existsSync(python)) await run('python3', ['-m', 'venv', home]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-input', REMBG]);
    return python;
  } catch (error) {
    console.warn(`SKIPPED the comparison as ${REMBG} can't be installed: ${String(error)}`);
    return null;
  }
}

/** The same images by rembg, from the start of Python to the last file. */
async function rembg(python: string, file: string, count: number) {
  const script = join(folder, 'rembg-loop.py');
  await writeFile(
    script,
    `import resource, sys
from rembg import new_session, remove
session = new_session("u2netp", providers=["CPUExecutionProvider"])
data = open(sys.argv[1], "rb").read()
for i in range(int(sys.argv[2])):
    open(f"{sys.argv[3]}/{i}.png", "wb").write(remove(data, session=session))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
`,
  );
  const target = join(folder, 'rembg');
  await mkdir(target);
  const from = performance.now();
  const { stdout } = await run(python, [script, file, String(count), target], {
    env: { ...process.env, U2NET_HOME: modelFolder(settings), OMP_NUM_THREADS: '1' },
  });
  const seconds = (performance.now() - from) / 1000;
  return { seconds, peakBytes: Number(stdout.trim().split('\n').at(-1)) * 1024 };
}

async function writePhoto(size: number): Promise<string> {
  const path = join(folder, 'photo.jpg');
  const source = photo ?? fileURLToPath(new URL('../../docs/web-ui-run.png', import.meta.url));
  await (await grainyPhoto(source, size, 0)).jpeg({ quality: 90 }).toFile(path);
  return path;
}

function say(words: string, seconds: number, bytes: number): void {
  console.log(
    `${words.padEnd(40)} ${seconds.toFixed(2).padStart(6)} s/image  ${(bytes / 1e6).toFixed(0).padStart(6)} MB`,
  );
}
