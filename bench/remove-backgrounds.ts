import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { request } from 'undici';
import { workerKinds } from '../contracts/task-queues.ts';
import { mapWindow } from '../durable/map-window.ts';
import { CutoutPool } from '../imaging/io/cutout-pool.ts';
import { readSettings } from '../platform/configuration.ts';
import { findFreePort } from '../platform/free-port.ts';
import { fetchWeights } from '../platform/fetch-weights.ts';
import { modelFolder } from '../platform/model-weights.ts';
import { flow } from '../samples/flows/remove-backgrounds/builder.ts';
import { withClient } from '../starter/find-server.ts';
import { startStack } from '../starter/stack.ts';
import { benchCutout } from './bench-cutout.ts';
import { grainyPhoto } from './grainy-photo.ts';
import { processorSeconds } from './processor-time.ts';

/**
 * What durability costs a pipeline that downloads images, removes their backgrounds and cleans up: the
 * example flow on a server against a bare script with the same steps, as a ratio, best of some rounds.
 * With it the longest time that the worker's event loop went without a tick.
 * `node dist/bench/remove-backgrounds.js [photo] [images] [megapixels] [rounds]`.
 */
const [photo, images = '12', megapixels = '12', rounds = '3'] = process.argv.slice(2);
const count = Number(images);
const LIMIT_BYTES = 1.5e9;
const never = new AbortController().signal;

const folder = await mkdtemp(join(tmpdir(), 'skyloom-bench-'));
const processes = availableParallelism();
// Kept from round to round, as a worker keeps its own.
const pool = new CutoutPool({ processes, limitBytes: LIMIT_BYTES });
try {
  const settings = readSettings();
  const { path } = await fetchWeights('u2netp', settings, console.error);
  const urls = await serve(await writePhotos());
  process.env['SKYLOOM_MODEL_DIR'] = modelFolder(settings);
  process.env['SKYLOOM_ALLOW_PRIVATE_ADDRESSES'] = 'true';
  const telemetryPort = await findFreePort();
  const home = join(folder, 'home');
  const stack = await startStack({
    settings: readSettings({
      ...process.env,
      SKYLOOM_HOME: home,
      SKYLOOM_TELEMETRY_ADDRESS: `127.0.0.1:${telemetryPort}`,
    }),
    port: 0,
    uiPort: 0,
    kinds: ['automation', 'imaging', 'cleanup'],
    remark: () => undefined,
  });
  try {
    const [bare, durable]: [Cost[], Cost[]] = [[], []];
    const gaps: number[] = [];
    for (let round = 0; round < Number(rounds); round++) {
      // Of each round its own images: what was done once is not done again.
      const own = urls.map((url) => `${url}?round=${round}`);
      bare.push(await costOf(() => bareScript(own, path, join(folder, `bare-${round}`))));
      await rm(join(home, 'memo'), { recursive: true, force: true });
      await longestGapMs(telemetryPort);
      durable.push(
        await costOf(() =>
          withClient(stack.access, (client) =>
            client.workflow.execute('FlowWorkflow', {
              workflowId: `flow/remove-backgrounds/bench-${round}`,
              taskQueue: 'automation-pipeline-queue',
              args: [{ definition: flow.definition, input: { urls: own } }],
            }),
          ),
        ),
      );
      gaps.push(await longestGapMs(telemetryPort));
    }
    console.log(`${count} images of ${megapixels} megapixels, u2netp with guided edges`);
    const [script, run] = [best(bare, 'wall'), best(durable, 'wall')];
    console.log(`bare script                 ${script.toFixed(2)} s (${words(bare, 'wall')})`);
    console.log(`flow, from start to result  ${run.toFixed(2)} s (${words(durable, 'wall')})`);
    console.log(`ratio                       ${(run / script).toFixed(3)}`);
    const [scriptCpu, runCpu] = [best(bare, 'processor'), best(durable, 'processor')];
    console.log(
      `processor time              ${scriptCpu.toFixed(1)} s and ${runCpu.toFixed(1)} s, ratio ${(runCpu / scriptCpu).toFixed(3)}`,
    );
    console.log(`longest time without a tick ${Math.max(...gaps).toFixed(0)} ms`);
  } finally {
    await stack.stop();
  }
} finally {
  await pool.close();
  await rm(folder, { recursive: true, force: true });
}
// The server of the images would keep the process.
process.exit();

/** Download, cut out on all cores, write, show on a sheet, remove the downloads. */
async function bareScript(urls: string[], path: string, target: string): Promise<void> {
  await mkdir(target);
  const originals = await mapWindow(urls, 4, async (url, i) => {
    const image = Buffer.from(await (await request(url)).body.arrayBuffer());
    const file = join(target, `${i}.jpg`);
    await writeFile(file, image, { flush: true });
    return file;
  });
  const cuts = await mapWindow(originals, processes, async (original, i) => {
    const file = join(target, `${i}.png`);
    const request = benchCutout(String(i), path, 'guided', LIMIT_BYTES);
    await pool.run({ file: original, target: file, ...request }, never);
    const written = await open(file, 'r+');
    await written.sync();
    await written.close();
    return file;
  });
  const small = await mapWindow(cuts, processes, (file) =>
    sharp(file).resize(256, 256, { fit: 'inside' }).png().toBuffer(),
  );
  await sharp({ create: { width: 1064, height: 800, channels: 3, background: 'white' } })
    .composite(
      small.map((input, i) => ({ input, left: 264 * (i % 4), top: 264 * Math.floor(i / 4) })),
    )
    .png()
    .toFile(join(target, 'sheet.png'));
  for (const file of originals) await rm(file);
}

/** Photos that differ, so that none is done for another. */
async function writePhotos(): Promise<string> {
  const target = join(folder, 'photos');
  await mkdir(target);
  const source = photo ?? fileURLToPath(new URL('../../docs/web-ui-run.png', import.meta.url));
  for (let i = 0; i < count; i++) {
    const pixels = await grainyPhoto(source, Number(megapixels), i);
    await pixels.jpeg({ quality: 90 }).toFile(join(target, `${i}.jpg`));
  }
  return target;
}

async function serve(target: string): Promise<string[]> {
  const server = createServer((incoming, response) => {
    const { pathname } = new URL(incoming.url!, 'http://localhost');
    createReadStream(join(target, pathname)).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Array.from({ length: count }, (_, i) => `http://127.0.0.1:${port}/${i}.jpg`);
}

interface Cost {
  /** Seconds. */
  wall: number;
  /** Seconds, of all processes. */
  processor: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [from, before] = [performance.now(), processorSeconds()];
  await work();
  const wall = (performance.now() - from) / 1000;
  return { wall, processor: processorSeconds() - before };
}

/** Of the worker that removes backgrounds, since this was asked before. */
async function longestGapMs(port: number): Promise<number> {
  const own = port + workerKinds.indexOf('imaging');
  const { body } = await request(`http://127.0.0.1:${own}/metrics`);
  const found = /^nodejs_eventloop_lag_max_seconds(?:\{.*\})? (\S+)$/m.exec(await body.text());
  return Number(found?.[1]) * 1000;
}

function best(all: Cost[], of: keyof Cost): number {
  return Math.min(...all.map((cost) => cost[of]));
}

function words(all: Cost[], of: keyof Cost): string {
  return all.map((cost) => cost[of].toFixed(2)).join(', ');
}
