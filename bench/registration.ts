import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRaster, readRaster } from '../geolocalization/io/read-raster.ts';
import { closeWindowThreads } from '../geolocalization/io/window-threads.ts';
import { readSceneHeader } from '../geolocalization/io/read-scene-header.ts';
import type { Geotransform } from '../geolocalization/model/affine.ts';
import { gridOffset } from '../geolocalization/model/registration/corrected-geotransform.ts';
import { measureTiePoint } from '../geolocalization/model/registration/tie-points.ts';
import { windowGrid } from '../geolocalization/model/registration/window-grid.ts';
import { matchWindow } from '../maths/match-window.ts';
import { compareScene } from '../test/geolocalization/support/compare-scene.ts';
import { median } from './median.ts';
import {
  generatedSeries,
  type KnownPair,
  photographSeries,
  type Series,
} from './registration-pairs.ts';
import { type ArosicsAnswer, startArosics } from './run-arosics.ts';

/**
 * Error and time of registrations against those of AROSICS on the same files in the same run, and what a
 * window costs: `npm run bench -- registration`, with the real data that the tests use.
 *
 * - One window: both read the two files and estimate one shift from a window in their middle.
 * - A grid: both read, compare windows of the same size and distance, fit, and write a corrected file;
 *   this side also checks the corrected scene again and writes its report's pictures and products.
 */
const data = process.env['SKYLOOM_TEST_DATA'];
if (data === undefined) {
  throw new Error('Cannot measure as SKYLOOM_TEST_DATA has to name the folder of the real data');
}
const YEAR_2018 = join(data, 'sat-naip-series', 'm_4709963_se_14_1_20180716.tif');
const YEAR_2016 = join(data, 'sat-naip-series', 'm_4709963_se_14_1_20160816.tif');
/** Pixels of the one window, or less where a file is smaller: what AROSICS takes. */
const ONE_WINDOW = 256;
const SEARCH_RADIUS = 12;
/** Pixels around the window that the second pass may look at. */
const MARGIN = 2 * SEARCH_RADIUS;
/** Comparisons of one window: one alone tells how busy the machine was. */
const WINDOWS = 25;
/** Grids, of every sixth pair of those that there are: one costs AROSICS seconds. */
const GRIDS = 5;
const GRID_EVERY = 6;
/**
 * Comparisons of the first pair before the first that is measured, on either side: threads start once for a worker's
 * life, and the compilers of both see code for a while.
 */
const WARM_UPS = { window: 20, grid: 1 };

interface Answer {
  shift: { x: number; y: number } | null;
  seconds: number;
}

const folder = await mkdtemp(join(tmpdir(), 'skyloom-registration-'));
const arosics = startArosics();
try {
  await timeWindows();
  const all = [
    await photographSeries(folder, 'same date', { reference: YEAR_2018, target: YEAR_2018 }),
    await photographSeries(folder, 'two years', { reference: YEAR_2018, target: YEAR_2016 }),
    await generatedSeries(folder),
  ];
  for (const series of all) {
    const { name, pairs } = series;
    const some = (count: number, every: number) =>
      Array.from({ length: count }, (_, index) => pairs[(index * every) % pairs.length]!);
    await compare(`${name}, one window`, series, some(WINDOWS, 1), matchMiddle, 'window');
    await compare(`${name}, grid`, series, some(GRIDS, GRID_EVERY), registerGrid, 'grid');
  }
} finally {
  arosics?.close();
  await closeWindowThreads();
  await rm(folder, { recursive: true, force: true });
}

async function compare(
  name: string,
  { window, step, isTruthWhole }: Series,
  pairs: readonly KnownPair[],
  register: (pair: KnownPair) => Promise<Answer>,
  kind: keyof typeof WARM_UPS,
): Promise<void> {
  const ours: Answer[] = [];
  const theirs: ArosicsAnswer[] = [];
  const warmUps = Array.from({ length: WARM_UPS[kind] }, () => pairs[0]!);
  // One pair after the other on either side, so that what else the machine does falls on both.
  for (const [index, pair] of [...warmUps, ...pairs].entries()) {
    const { reference, target } = pair;
    const corrected = join(folder, `${name} ${index}.tif`);
    const grid = kind === 'grid' ? { window, step, corrected } : null;
    const ourAnswer = await register(pair);
    const theirAnswer = await arosics?.register({ reference, target, grid });
    if (index < warmUps.length) continue;
    ours.push(ourAnswer);
    if (theirAnswer !== undefined) theirs.push(theirAnswer);
  }
  const [error, seconds] = [rmsError(ours, pairs, isTruthWhole), medianSeconds(ours)];
  console.log(
    `${name.padEnd(24)} median of ${pairs.length}: skyloom ${error.toFixed(4)} px, ${seconds.toFixed(3)} s`,
  );
  if (theirs.length === 0) return;
  const [theirError, theirSeconds] = [rmsError(theirs, pairs, isTruthWhole), medianSeconds(theirs)];
  const words = new Set(theirs.map((answer) => answer.words));
  console.log(
    `${''.padEnd(24)} arosics ${theirError.toFixed(4)} px, ${theirSeconds.toFixed(3)} s (${[...words].slice(0, 2).join(', ')}); errors ${(error / theirError).toFixed(2)}, times ${(seconds / theirSeconds).toFixed(2)} of theirs`,
  );
}

/** Root mean square of the errors along an axis, without their mean where the truth lacks a constant. */
function rmsError(
  answers: readonly (Answer | ArosicsAnswer)[],
  pairs: readonly KnownPair[],
  isTruthWhole: boolean,
): number {
  const errors = answers.flatMap(({ shift }, index) => {
    const { truth } = pairs[index]!;
    return shift === null ? [] : [{ x: shift.x - truth.x, y: shift.y - truth.y }];
  });
  const missing = answers.length - errors.length;
  if (missing > 0) console.log(`${missing} of ${answers.length} pairs got no answer`);
  const mean = (axis: 'x' | 'y') =>
    isTruthWhole ? 0 : errors.reduce((sum, error) => sum + error[axis], 0) / errors.length;
  const [x, y] = [mean('x'), mean('y')];
  const squares = errors.reduce((sum, e) => sum + (e.x - x) ** 2 + (e.y - y) ** 2, 0);
  return Math.sqrt(squares / (2 * errors.length));
}

/** Of all answers: a moment in which the machine was busy changes nothing. */
function medianSeconds(answers: readonly (Answer | ArosicsAnswer)[]): number {
  return median(answers.map(({ seconds }) => seconds));
}

async function matchMiddle({ reference, target }: KnownPair): Promise<Answer> {
  const start = performance.now();
  const [from, to, fromPixels, toPixels] = await Promise.all([
    readSceneHeader(reference),
    readSceneHeader(target),
    openRaster(reference),
    openRaster(target),
  ]);
  const transforms = [from.transform as Geotransform, to.transform as Geotransform] as const;
  const offset = gridOffset(...transforms, ONE_WINDOW)!;
  const guess = { x: Math.round(offset.x), y: Math.round(offset.y) };
  const [width, height] = [Math.min(ONE_WINDOW, from.width!), Math.min(ONE_WINDOW, from.height!)];
  const [x, y] = [Math.floor((from.width! - width) / 2), Math.floor((from.height! - height) / 2)];
  const around = {
    x: x - MARGIN,
    y: y - MARGIN,
    width: width + 2 * MARGIN,
    height: height + 2 * MARGIN,
  };
  const parts = await Promise.all([
    fromPixels.read({ window: around }),
    toPixels.read({ window: { ...around, x: around.x + guess.x, y: around.y + guess.y } }),
  ]);
  const window = { x: MARGIN, y: MARGIN, width, height };
  const options = { guess: { x: 0, y: 0 }, searchRadius: SEARCH_RADIUS };
  const found = matchWindow(...parts, window, options);
  await Promise.all([fromPixels.close(), toPixels.close()]);
  const shift =
    typeof found === 'string'
      ? null
      : { x: guess.x + found.shift.x - offset.x, y: guess.y + found.shift.y - offset.y };
  return { shift, seconds: (performance.now() - start) / 1000 };
}

async function registerGrid({ reference, target }: KnownPair): Promise<Answer> {
  const home = await mkdtemp(join(folder, 'home-'));
  const start = performance.now();
  const { registration } = await compareScene(home, { scene: target, reference });
  const shift = registration.status === 'LOCATED' ? registration.shiftPixels : null;
  return { shift, seconds: (performance.now() - start) / 1000 };
}

/** On one core, in this thread, after the compiler has seen the code: processor time, as others may run. */
async function timeWindows(): Promise<void> {
  const [reference, target] = [await readRaster(YEAR_2018), await readRaster(YEAR_2016)];
  const offset = { x: 0.28, y: -0.36 };
  const plan = { offset, expected: { x: 0, y: 0 }, searchRadius: SEARCH_RADIUS };
  const windows = windowGrid(reference, target, offset)!.windows.slice(0, 60);
  const grid = () => {
    for (const window of windows) measureTiePoint(reference, target, window, plan);
  };
  grid();
  const gridMs = processorMs(grid);
  const each =
    processorMs(() => {
      for (const window of windows) {
        matchWindow(reference, target, window, {
          guess: { x: 0, y: 0 },
          searchRadius: SEARCH_RADIUS,
        });
      }
    }) / windows.length;
  console.log(`a window of 128 x 128 pixels: ${each.toFixed(1)} ms of a processor (at most 20)`);
  console.log(
    `a grid of ${windows.length} windows, both ways: ${(gridMs / 1000).toFixed(2)} s of a processor (at most 2)`,
  );
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
