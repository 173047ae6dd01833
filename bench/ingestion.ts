import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { mapWindow } from '../durable/map-window.ts';
import { examineImage } from '../ingestion/io/examine-image.ts';
import { readSharedFile } from '../ingestion/io/image-file.ts';
import { readImageHeader } from '../ingestion/io/image-pixels.ts';
import { closePixelThreads, readTagsInThread } from '../ingestion/io/pixel-threads.ts';
import { interpretTags } from '../ingestion/model/interpret-tags.ts';
import { writeTexturedFlight } from '../test/support/textured-flight.ts';

/**
 * What ingestion costs per image: `npm run bench -- ingestion [folder of JPEGs]`. Without a folder it makes
 * images of 12 megapixels. Times are medians, and those that are compared are taken by turns.
 */
const IMAGES = 8;
const MEGAPIXELS = 12;
const ROUNDS = 5;
const METADATA_IMAGES = 200;
const IN_FLIGHT = 8;

const [given, threadsInFlight] = process.argv.slice(2);
if (threadsInFlight !== undefined) await holdInFlight(given!, Number(threadsInFlight));
else await bench(given);

async function bench(own: string | undefined): Promise<void> {
  const folder = own ?? (await mkdtemp(join(tmpdir(), 'skyloom-bench-')));
  try {
    if (own === undefined) await writeTexturedFlight(folder, IMAGES, MEGAPIXELS);
    const paths = await imagesIn(folder);
    const { width, height } = await sharp(paths[0]!).metadata();
    say('images', `${paths.length} of ${((width * height) / 1e6).toFixed(1)} megapixels`);

    const perSecond = await metadataPerSecond(paths);
    say('metadata: read, header, tags', `${perSecond.toFixed(0)} images/s (at least 50)`);

    const { bare, whole } = await decodeTimes(paths);
    say('bare full decode', `${bare.toFixed(0)} ms`);
    say('decode with all measures, tags and thumbnail', `${whole.toFixed(0)} ms`);
    say('ratio', (whole / bare).toFixed(2));
    const allowed = 1.25 * bare + 50;
    say('share of what is allowed, 1.25 times + 50 ms', (whole / allowed).toFixed(2));

    for (const threads of new Set([availableParallelism(), IN_FLIGHT])) {
      const self = fileURLToPath(import.meta.url);
      const memory = spawnSync(process.execPath, [self, folder, String(threads)], {
        encoding: 'utf8',
      });
      say(
        `peak memory, ${IN_FLIGHT} in flight, ${threads} threads`,
        `${memory.stdout.trim()} MB (under 600)`,
      );
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

async function decodeTimes(paths: readonly string[]): Promise<{ bare: number; whole: number }> {
  const bare: number[] = [];
  const whole: number[] = [];
  const options = { name: 'bench', limitPixels: 3e8, timeoutSeconds: 60, threads: 1 };
  await examineImage(paths[0]!, options);
  for (let round = 0; round < ROUNDS; round++) {
    for (const path of paths) {
      bare.push(
        await milliseconds(async () => {
          const image = sharp(await readFile(path), { sequentialRead: true, failOn: 'truncated' });
          await image.raw().toBuffer();
        }),
      );
      whole.push(await milliseconds(() => examineImage(path, options)));
    }
  }
  return { bare: median(bare), whole: median(whole) };
}

/** In a process of its own: the peak is of that, and of nothing that was done before. */
async function holdInFlight(folder: string, threads: number): Promise<void> {
  const paths = await imagesIn(folder);
  const many = Array.from({ length: 3 * IN_FLIGHT }, (_, at) => paths[at % paths.length]!);
  await mapWindow(many, IN_FLIGHT, (path) =>
    examineImage(path, { name: 'bench', limitPixels: 3e8, timeoutSeconds: 60, threads }),
  );
  await closePixelThreads();
  // Kilobytes, on every system.
  process.stdout.write(String(Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)));
}

async function imagesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
  return names.map((name) => join(folder, name));
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function say(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(48)} ${value}\n`);
}
