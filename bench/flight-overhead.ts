import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { request } from 'undici';
import { mapWindow } from '../durable/map-window.ts';
import { examineImage } from '../ingestion/io/examine-image.ts';
import { closePixelThreads } from '../ingestion/io/pixel-threads.ts';
import { readSettings } from '../platform/configuration.ts';
import { startAutomation } from '../starter/automation-run.ts';
import { followAutomation } from '../starter/follow-run.ts';
import { withClient } from '../starter/find-server.ts';
import { startStack } from '../starter/stack.ts';
import { writeTexturedFlight } from '../test/support/textured-flight.ts';

/**
 * What durability costs: a whole run against a bare loop of undici and sharp over the same images from
 * the same server, in one process run, as ratios. `node dist/bench/flight-overhead.js [images] [megapixels]`.
 */
const [images = 60, megapixels = 12] = process.argv.slice(2).map(Number);
const AT_A_TIME = 2;

const folder = await mkdtemp(join(tmpdir(), 'skyloom-bench-'));
try {
  const flight = join(folder, 'flight');
  await writeTexturedFlight(flight, images, megapixels);
  const names = (await readdir(flight)).sort();
  const server = createServer((incoming, response) => {
    createReadStream(join(flight, incoming.url!.slice(1))).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const list = join(folder, 'list.txt');
  await writeFile(list, names.map((name) => `${base}/${name}`).join('\n'));

  const bare = await seconds(() => bareLoop(base, names, join(folder, 'bare'), false));
  const measured = await seconds(() => bareLoop(base, names, join(folder, 'measured'), true));
  const durable = await timeSkyloom(list);
  server.close();

  const line = (words: string, time: number) =>
    console.log(
      `${words.padEnd(58)} ${time.toFixed(2).padStart(7)} s  ${((time / images) * 1000).toFixed(0).padStart(5)} ms/image`,
    );
  console.log(`${images} images of ${megapixels} megapixels, ${AT_A_TIME} at a time`);
  line('bare loop: download, hash, store, decode, thumbnail', bare);
  line('bare loop with the measures of skyloom', measured);
  line('skyloom, from request to report', durable);
  console.log(`ratio to the bare loop                ${(durable / bare).toFixed(3)}`);
  console.log(`ratio to the loop with equal measures ${(durable / measured).toFixed(3)}`);
} finally {
  await closePixelThreads();
  await rm(folder, { recursive: true, force: true });
}

async function bareLoop(base: string, names: string[], target: string, withMeasures: boolean) {
  await mkdir(target, { recursive: true });
  await mapWindow(names, AT_A_TIME, async (name) => {
    const path = join(target, name);
    const hash = createHash('sha256');
    const tap = new PassThrough();
    tap.on('data', (chunk: Buffer) => hash.update(chunk));
    await pipeline(
      (await request(`${base}/${name}`)).body,
      tap,
      createWriteStream(path, { flush: true }),
    );
    hash.digest('hex');
    if (withMeasures) {
      const { thumbnail } = await examineImage(path, {
        name,
        limitPixels: 3e8,
        timeoutSeconds: 60,
      });
      await writeFile(`${path}.thumbnail.jpg`, thumbnail!);
      return;
    }
    const image = sharp(await readFile(path), { sequentialRead: true, failOn: 'truncated' });
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    await sharp(data, { raw })
      .resize(192, 192, { fit: 'inside' })
      .jpeg()
      .toFile(`${path}.thumbnail.jpg`);
  });
}

async function timeSkyloom(list: string): Promise<number> {
  process.env['SKYLOOM_ALLOW_PRIVATE_ADDRESSES'] = 'true';
  const settings = readSettings({ ...process.env, SKYLOOM_HOME: join(folder, 'home') });
  const stack = await startStack({ settings, port: 0, uiPort: 0, remark: () => undefined });
  try {
    return await seconds(() =>
      withClient(stack.access, async (client) => {
        const run = { imageType: 'Navad', imagePath: list } as const;
        await followAutomation(client, await startAutomation(client, run, 'navad/bench'), {
          onProgress: () => undefined,
        });
      }),
    );
  } finally {
    await stack.stop();
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}
