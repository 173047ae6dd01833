import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRaster } from '../geolocalization/io/read-raster.ts';
import { closeWindowThreads } from '../geolocalization/io/window-threads.ts';
import { measureTiePoint } from '../geolocalization/model/registration/tie-points.ts';
import { windowGrid } from '../geolocalization/model/registration/window-grid.ts';
import { matchWindow } from '../maths/match-window.ts';
import { compareScene } from '../test/geolocalization/support/compare-scene.ts';
import { generatedPair, type KnownPair, photographPairs } from './registration-pairs.ts';
import { runArosics } from './run-arosics.ts';

/**
 * Error and time of a whole comparison of files against those of AROSICS on the same files, and what a
 * window costs. `node dist/bench/registration.js`, with the real data that the tests use.
 */
const data = process.env['SKYLOOM_TEST_DATA'];
if (data === undefined) {
  throw new Error('Cannot measure as SKYLOOM_TEST_DATA has to name the folder of the real data');
}
const YEAR_2018 = join(data, 'sat-naip-series', 'm_4709963_se_14_1_20180716.tif');
const YEAR_2016 = join(data, 'sat-naip-series', 'm_4709963_se_14_1_20160816.tif');

interface Answer {
  shift: { x: number; y: number } | null;
  words: string;
  seconds: number;
}

const folder = await mkdtemp(join(tmpdir(), 'skyloom-registration-'));
try {
  await timeWindows();
  const same = await photographPairs(folder, 'same date', {
    reference: YEAR_2018,
    target: YEAR_2018,
  });
  const other = await photographPairs(folder, 'two years', {
    reference: YEAR_2018,
    target: YEAR_2016,
  });
  const pairs = [...same, ...other, await generatedPair(folder)];
  // Threads start once for a worker's life: so do the imports of the other side.
  await register(pairs[0]!);
  const ours: Answer[] = [];
  for (const pair of pairs) ours.push(await register(pair));
  const theirs = runArosics(pairs);
  for (const [index, { name, truth }] of pairs.entries()) {
    console.log(
      `${name.padEnd(20)} truth ${words(truth)}  skyloom ${described(ours[index]!)}  arosics ${theirs === null ? '-' : described(theirs[index]!)}`,
    );
  }
  for (const series of ['same date', 'two years', null]) {
    compare(series, pairs, ours, theirs);
  }
} finally {
  await closeWindowThreads();
  await rm(folder, { recursive: true, force: true });
}

async function register({ reference, target }: KnownPair): Promise<Answer> {
  const home = await mkdtemp(join(folder, 'home-'));
  const start = performance.now();
  const { registration } = await compareScene(home, { scene: target, reference });
  return {
    shift: registration.shiftPixels,
    words: registration.status,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Root mean square of the error along an axis; of a series of other dates without its mean. */
function compare(
  series: string | null,
  pairs: readonly KnownPair[],
  ours: readonly Answer[],
  theirs: readonly Answer[] | null,
): void {
  const indexes = pairs.flatMap((pair, index) => (pair.series === series ? [index] : []));
  const rms = (answers: readonly Answer[]) => {
    const errors = indexes.flatMap((index) => {
      const { shift } = answers[index]!;
      const { truth } = pairs[index]!;
      return shift === null ? [] : [{ x: shift.x - truth.x, y: shift.y - truth.y }];
    });
    const mean = (axis: 'x' | 'y') =>
      series === 'two years' ? errors.reduce((sum, e) => sum + e[axis], 0) / errors.length : 0;
    const [x, y] = [mean('x'), mean('y')];
    const squares = errors.reduce((sum, e) => sum + (e.x - x) ** 2 + (e.y - y) ** 2, 0);
    return Math.sqrt(squares / (2 * errors.length));
  };
  const seconds = (answers: readonly Answer[]) =>
    indexes.reduce((sum, index) => sum + answers[index]!.seconds, 0);
  const [error, time] = [rms(ours), seconds(ours)];
  const against =
    theirs === null
      ? ''
      : `; arosics ${rms(theirs).toFixed(4)} px, ${seconds(theirs).toFixed(2)} s; ratio of errors ${(error / rms(theirs)).toFixed(2)}, of times ${(time / seconds(theirs)).toFixed(2)}`;
  console.log(
    `${series ?? 'generated'}: rms ${error.toFixed(4)} px, ${time.toFixed(2)} s for ${indexes.length} pairs${against}`,
  );
}

/** On one core, in this thread, after the compiler has seen the code. */
async function timeWindows(): Promise<void> {
  const [reference, target] = [await readRaster(YEAR_2018), await readRaster(YEAR_2016)];
  const offset = { x: 0.28, y: -0.36 };
  const plan = { offset, expected: { x: 0, y: 0 }, searchRadius: 12 };
  const windows = windowGrid(reference, target, offset)!.windows.slice(0, 60);
  const grid = () => {
    for (const window of windows) measureTiePoint(reference, target, window, plan);
  };
  grid();
  const gridStart = performance.now();
  grid();
  const gridMs = performance.now() - gridStart;
  const start = performance.now();
  for (const window of windows) {
    matchWindow(reference, target, window, { guess: { x: 0, y: 0 }, searchRadius: 12 });
  }
  const each = (performance.now() - start) / windows.length;
  console.log(`a window of 128 x 128 pixels: ${each.toFixed(1)} ms`);
  console.log(`a grid of ${windows.length} windows: ${(gridMs / 1000).toFixed(2)} s`);
}

function described({ shift, words: status, seconds }: Answer): string {
  return `${shift === null ? 'none'.padEnd(16) : words(shift)} ${seconds.toFixed(2)} s ${status}`;
}

function words({ x, y }: { x: number; y: number }): string {
  return `${x.toFixed(3).padStart(7)} ${y.toFixed(3).padStart(7)}`;
}
