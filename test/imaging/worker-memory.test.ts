import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { isLongRun, itAtLength } from '../support/long-tests.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { cutoutProcesses } from './support/cutout-processes.ts';
import { serveFolder } from './support/image-server.ts';
import { describeWithWeights, testModelFolder } from './support/weights.ts';

/** What the worker is to live with, and what of it its images may take: half, as by default in such a container. */
const WORKER_BYTES = 1e9;
const IMAGE_MEGABYTES = 500;
/** Cut-outs have a memory of their own. */
const CUTOUT_MEGABYTES = 1000;

/** Pictures whose decoders ask for very different memory. */
const pictures: Record<string, { megapixels: number; write: (pixels: Sharp) => Sharp }> = {
  'plain.jpg': { megapixels: 100, write: (pixels) => pixels.jpeg() },
  'progressive.jpg': { megapixels: 100, write: (pixels) => pixels.jpeg({ progressive: true }) },
  'full-color.jpg': {
    megapixels: 100,
    write: (pixels) => pixels.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  },
  'turned.jpg': {
    megapixels: 100,
    write: (pixels) => pixels.withMetadata({ orientation: 6 }).jpeg(),
  },
  'strips.tif': { megapixels: 60, write: (pixels) => pixels.tiff({ compression: 'lzw' }) },
  'tiles.tif': {
    megapixels: 100,
    write: (pixels) => pixels.tiff({ compression: 'jpeg', tile: true, bigtiff: true }),
  },
  'deep.png': {
    megapixels: 24,
    write: (pixels) => pixels.toColourspace('rgb16').png({ compressionLevel: 1 }),
  },
  'layered.png': { megapixels: 48, write: (pixels) => pixels.png({ compressionLevel: 1 }) },
  'small.webp': { megapixels: 48, write: (pixels) => pixels.webp({ effort: 0 }) },
  'usual.jpg': { megapixels: 12, write: (pixels) => pixels.jpeg() },
};

const image = { $from: 'image' };

/** One image, and all that is done with it at once; what fails is told beside what does not. */
const definition: FlowDefinition = {
  flow: '1',
  name: 'mixed',
  version: '1.0.0',
  input: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
  defaults: { timeout: '10m', retry: { attempts: 2 } },
  steps: {
    image: { task: 'image.fetch@1', with: { url: { $from: 'input.url' } } },
    all: {
      parallel: {
        small: { task: 'image.thumbnail@1', with: { image } },
        png: { task: 'image.convert@1', with: { image, format: 'png' } },
        turned: { task: 'image.upright@1', with: { image, turn: 90 } },
        even: { task: 'image.normalize@1', with: { image } },
        cut: { task: 'image.cutout@1', with: { image, minConfidence: 0, minCoverage: 0 } },
      },
      policy: 'bestEffort',
    },
  },
  output: { $from: 'all' },
};

type Outcome =
  { ok: true; value: unknown } | { ok: false; error: { type: string; message: string } };

await describeWithWeights('u2netp', 'a worker with a gigabyte', () => {
  let stack: TestStack;
  let address: string;

  beforeAll(async () => {
    if (!isLongRun) return;
    const folder = await scratchFolder();
    for (const [name, { megapixels, write }] of Object.entries(pictures)) {
      await write(texture(megapixels)).toFile(join(folder, name));
    }
    address = await serveFolder(folder);
    stack = await startTestStack(['automation', 'imaging', 'cleanup'], {
      SKYLOOM_MODEL_DIR: testModelFolder,
      SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true',
      SKYLOOM_IMAGE_MEMORY_MEGABYTES: String(IMAGE_MEGABYTES),
      SKYLOOM_CUTOUT_PROCESSES: '1',
      SKYLOOM_CUTOUT_MEGABYTES: String(CUTOUT_MEGABYTES),
    });
  }, 600_000);

  itAtLength(
    'works on pictures of up to a hundred megapixels at once, or refuses them by name',
    async () => {
      const { pid } = stack.stack.workers.get('imaging')!;
      const idle = await peakOf(pid!);
      let cutoutPeak = 0;
      const watch = setInterval(() => {
        for (const child of cutoutProcesses()) {
          void peakOf(child).then((bytes) => (cutoutPeak = Math.max(cutoutPeak, bytes)));
        }
      }, 1000);
      const told: Record<string, Record<string, string>> = {};
      await Promise.all(
        Object.keys(pictures).map(async (name) => {
          told[name] = wordsOf(name, await outcomesOf(name));
        }),
      );
      clearInterval(watch);
      // The same worker all along: nothing was killed and started again.
      expect(stack.stack.workers.get('imaging')!.pid).toBe(pid);
      const workerPeak = await peakOf(pid!);
      console.info({ idle, workerPeak, cutoutPeak, told: JSON.stringify(told) });
      expect(workerPeak).toBeLessThan(WORKER_BYTES);
      expect(cutoutPeak).toBeLessThan(CUTOUT_MEGABYTES * 1e6);
      expect(told['usual.jpg']).toEqual({
        small: 'done',
        png: 'done',
        turned: 'done',
        even: 'done',
        cut: 'done',
      });
      for (const all of Object.values(told)) expect(all['small']).toMatch(/^(done|refused)$/);
      // What can be read line by line needs no memory, however large it is.
      expect(told['plain.jpg']).toMatchObject({ small: 'done' });
      expect(told['full-color.jpg']).toMatchObject({ small: 'refused' });
    },
    900_000,
  );

  async function outcomesOf(name: string): Promise<Record<string, Outcome>> {
    const result = await stack.client.workflow.execute('FlowWorkflow', {
      workflowId: `flow/mixed/${name}`,
      taskQueue: 'automation-pipeline-queue',
      args: [{ definition, input: { url: `${address}/${name}` } }],
    });
    return (result as { output: Record<string, Outcome> }).output;
  }
});

/** `done`, or `refused` when the reason names the picture; anything else is told as it is. */
function wordsOf(name: string, outcomes: Record<string, Outcome>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outcomes).map(([step, outcome]) => {
      if (outcome.ok) return [step, 'done'];
      const { type, message } = outcome.error;
      const isRefused = type === 'UnsupportedImage' && message.includes(`"${name}"`);
      return [step, isRefused ? 'refused' : `${type}: ${message}`];
    }),
  );
}

/** Most memory that a process ever held. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** Waves of three colors: cheap to make, and not flat. */
function texture(megapixels: number): Sharp {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const height = Math.round((width * 3) / 4);
  const [small, across] = [new Uint8Array(300 * 225 * 3), 300 * 3];
  for (let i = 0; i < small.length; i++) {
    const [x, y] = [i % across, Math.floor(i / across)];
    small[i] = 128 + 60 * Math.sin(x / 31) * Math.cos(y / 17) + ((i * 7919) % 41);
  }
  return sharp(small, { raw: { width: 300, height: 225, channels: 3 } }).resize(width, height, {
    fit: 'fill',
  });
}
