import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { mapWindow } from '../durable/map-window.ts';
import { examineImage } from '../ingestion/io/examine-image.ts';
import { readSharedFile } from '../ingestion/io/image-file.ts';
import { readImageHeader } from '../ingestion/io/image-pixels.ts';
import { closePixelThreads, readTagsInThread } from '../ingestion/io/pixel-threads.ts';
import { interpretTags } from '../ingestion/model/interpret-tags.ts';
import { median } from './median.ts';
import { writePhotoLikeImages } from './photo-like-images.ts';
import { peakMemory } from './peak-memory.ts';

/**
 * What ingestion costs per image: `npm run bench -- ingestion [folder of JPEGs]`. Without a folder it makes
 * images of 12 megapixels that are like photographs to a decoder. Figures are medians, and those that are
 * compared are taken by turns: times by the clock, where threads help each other and other processes are in
 * the way, and times of the processor, over all threads, where neither counts.
 */
const IMAGES = 4;
const MEGAPIXELS = 12;
const ROUNDS = 8;
/** Rounds that do not count: until then code is compiled, and threads start. */
const WARM_UP_ROUNDS = 2;
const METADATA_IMAGES = 200;
const IN_FLIGHT = 8;
/** Threads of a small machine, and as many as there are images; those of the decoder's pool alike. */
const THREADS = [2, IN_FLIGHT];

const [given, threadsInFlight] = process.argv.slice(2);
if (threadsInFlight !== undefined) await holdInFlight(given!, Number(threadsInFlight));
else await bench(given);

async function bench(own: string | undefined): Promise<void> {
  const folder = own ?? (await mkdtemp(join(tmpdir(), 'skyloom-bench-')));
  try {
    if (own === undefined) await writePhotoLikeImages(folder, IMAGES, MEGAPIXELS);
    const paths = await imagesIn(folder);
    const { width, height } = await sharp(paths[0]!).metadata();
    say('images', `${paths.length} of ${((width * height) / 1e6).toFixed(1)} megapixels`);

    const perSecond = await metadataPerSecond(paths);
    say('metadata: read, header, tags', `${perSecond.toFixed(0)} images/s (at least 50)`);

    const { bare, whole } = await decodeTimes(paths);
    for (const kind of ['clock', 'processor'] as const) {
      const [bareMs, wholeMs] = [median(bare[kind]), median(whole[kind])];
      const allowedMs = 1.25 * bareMs + 50;
      say(`bare full decode, ${kind}`, `${bareMs.toFixed(0)} ms`);
      say(`decode, all measures, tags, thumbnail, ${kind}`, `${wholeMs.toFixed(0)} ms`);
      say(`ratio, ${kind}`, (wholeMs / bareMs).toFixed(2));
      say(
        `share of 1.25 times + 50 ms, ${kind}`,
        `${(wholeMs / allowedMs).toFixed(2)} (at most 1)`,
      );
    }

    for (const threads of THREADS) {
      const self = fileURLToPath(import.meta.url);
      const memory = spawnSync(process.execPath, [self, folder, String(threads)], {
        encoding: 'utf8',
        env: { ...process.env, UV_THREADPOOL_SIZE: String(Math.max(4, threads)) },
      });
      const what = `peak memory, ${IN_FLIGHT} in flight, ${threads} threads`;
      say(what, `${memory.stdout.trim()} MB (under 600)`);
    }
  } finally {
    await closePixelThreads();
    if (own === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function metadataPerSecond(paths: readonly string[]): Promise<number> {
  const readOne = async (path: string) => {
    const file = await readSharedFile(path);
    const header = await readImageHeader(new Uint8Array(file));
    interpretTags(await readTagsInThread(file, AbortSignal.timeout(10_000)), header);
  };
  // The thread starts with the first.
  await readOne(paths[0]!);
  const from = performance.now();
  const many = Array.from({ length: METADATA_IMAGES }, (_, at) => paths[at % paths.length]!);
  await mapWindow(many, 4, readOne);
  return METADATA_IMAGES / ((performance.now() - from) / 1000);
}

/** Milliseconds. */
interface Times {
  clock: number[];
  processor: number[];
}

async function decodeTimes(paths: readonly string[]): Promise<{ bare: Times; whole: Times }> {
  const options = { name: 'bench', limitPixels: 3e8, timeoutSeconds: 60, threads: 1 };
  const whole = (path: string) => examineImage(path, options);
  const bare = async (path: string) => {
    const image = sharp(await readFile(path), { sequentialRead: true, failOn: 'truncated' });
    await image.raw().toBuffer();
  };
  const times = { bare: { clock: [], processor: [] }, whole: { clock: [], processor: [] } };
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const isCounted = round >= WARM_UP_ROUNDS;
    for (const path of paths) {
      await timed(() => bare(path), isCounted ? times.bare : undefined);
      await timed(() => whole(path), isCounted ? times.whole : undefined);
    }
  }
  return times;
}

/** In a process of its own: the peak is of that, and of nothing that was done before. */
async function holdInFlight(folder: string, threads: number): Promise<void> {
  const paths = await imagesIn(folder);
  const many = Array.from({ length: 3 * IN_FLIGHT }, (_, at) => paths[at % paths.length]!);
  await mapWindow(many, IN_FLIGHT, (path) =>
    examineImage(path, { name: 'bench', limitPixels: 3e8, timeoutSeconds: 60, threads }),
  );
  await closePixelThreads();
  process.stdout.write(String(Math.round((await peakBytes()) / 1e6)));
}

/** Of this process alone: on Linux the peak that the system tells of a process begins with its parent's. */
async function peakBytes(): Promise<number> {
  return (await peakMemory('self')) ?? process.resourceUsage().maxRSS * 1024;
}

async function imagesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
  return names.map((name) => join(folder, name));
}

async function timed(work: () => Promise<unknown>, times: Times | undefined): Promise<void> {
  const from = performance.now();
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  times?.clock.push(performance.now() - from);
  times?.processor.push((user + system) / 1000);
}

function say(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(52)} ${value}\n`);
}
