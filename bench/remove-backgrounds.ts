import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { request } from 'undici';
import { mapWindow } from '../durable/map-window.ts';
import { CutoutPool } from '../imaging/io/cutout-pool.ts';
import { knownProfiles } from '../imaging/model/model-profile.ts';
import { readSettings } from '../platform/configuration.ts';
import { fetchWeights } from '../platform/fetch-weights.ts';
import { knownWeights, modelFolder } from '../platform/model-weights.ts';
import { flow } from '../samples/flows/remove-backgrounds/builder.ts';
import { withClient } from '../starter/find-server.ts';
import { startStack } from '../starter/stack.ts';

/**
 * What durability costs a pipeline that downloads images, removes their backgrounds and cleans up: the
 * example flow on a server against a bare script with the same steps, as a ratio, best of some rounds.
 * `node dist/bench/remove-backgrounds.js [photo] [images] [megapixels] [rounds]`.
 */
const [photo, images = '12', megapixels = '12', rounds = '2'] = process.argv.slice(2);
const count = Number(images);
const LIMIT_BYTES = 1.5e9;

const folder = await mkdtemp(join(tmpdir(), 'skyloom-bench-'));
const processes = availableParallelism();
try {
  const settings = readSettings();
  const { path } = await fetchWeights('u2netp', settings, console.error);
  const urls = await serve(await writePhotos());
  process.env['SKYLOOM_MODEL_DIR'] = modelFolder(settings);
  process.env['SKYLOOM_ALLOW_PRIVATE_ADDRESSES'] = 'true';
  const home = join(folder, 'home');
  const stack = await startStack({
    settings: readSettings({ ...process.env, SKYLOOM_HOME: home }),
    port: 0,
    uiPort: 0,
    kinds: ['automation', 'imaging', 'cleanup'],
    remark: () => undefined,
  });
  try {
    const [bare, durable]: [number[], number[]] = [[], []];
    for (let round = 0; round < Number(rounds); round++) {
      // Of each round its own images: what was done once is not done again.
      const own = urls.map((url) => `${url}?round=${round}`);
      bare.push(await seconds(() => bareScript(own, path, join(folder, `bare-${round}`))));
      await rm(join(home, 'memo'), { recursive: true, force: true });
      durable.push(
        await seconds(() =>
          withClient(stack.access, (client) =>
            client.workflow.execute('FlowWorkflow', {
              workflowId: `flow/remove-backgrounds/bench-${round}`,
              taskQueue: 'automation-pipeline-queue',
              args: [{ definition: flow.definition, input: { urls: own } }],
            }),
          ),
        ),
      );
    }
    console.log(`${count} images of ${megapixels} megapixels, u2netp with guided edges`);
    const [script, run] = [Math.min(...bare), Math.min(...durable)];
    console.log(`bare script                 ${script.toFixed(2)} s (${words(bare)})`);
    console.log(`flow, from start to result  ${run.toFixed(2)} s (${words(durable)})`);
    console.log(`ratio                       ${(run / script).toFixed(3)}`);
  } finally {
    await stack.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
// The server of the images would keep the process.
process.exit();

/** Download, cut out on all cores, write, show on a sheet, remove the downloads. */
async function bareScript(urls: string[], path: string, target: string): Promise<void> {
  await mkdir(target);
  const { bytes, sha256 } = knownWeights.u2netp;
  const network = { id: 'u2netp', path, bytes, sha256, profile: knownProfiles.u2net };
  const pool = new CutoutPool({ processes, limitBytes: LIMIT_BYTES });
  const originals = await mapWindow(urls, 4, async (url, i) => {
    const image = Buffer.from(await (await request(url)).body.arrayBuffer());
    const file = join(target, `${i}.jpg`);
    await writeFile(file, image, { flush: true });
    return { image, file };
  });
  const cuts = await mapWindow(originals, processes, async ({ image }, i) => {
    const options = {
      name: String(i),
      edge: 'guided',
      format: 'png',
      quality: 90,
      crop: 'none',
      minConfidence: 0.5,
      minCoverage: 0.005,
      limitPixels: 3e8,
      limitBytes: LIMIT_BYTES,
    } as const;
    const cut = await pool.run(
      async () => ({ image, network, options }),
      new AbortController().signal,
    );
    const file = join(target, `${i}.png`);
    if (cut.bytes !== null) await writeFile(file, cut.bytes, { flush: true });
    return file;
  });
  const small = [];
  for (const file of cuts) {
    small.push(await sharp(file).resize(256, 256, { fit: 'inside' }).png().toBuffer());
  }
  await sharp({ create: { width: 1064, height: 800, channels: 3, background: 'white' } })
    .composite(
      small.map((input, i) => ({ input, left: 264 * (i % 4), top: 264 * Math.floor(i / 4) })),
    )
    .png()
    .toFile(join(target, 'sheet.png'));
  for (const { file } of originals) await rm(file);
  await pool.close();
}

/** Photos that differ, so that none is done for another. */
async function writePhotos(): Promise<string> {
  const target = join(folder, 'photos');
  await mkdir(target);
  const width = Math.round(Math.sqrt((Number(megapixels) * 1e6 * 4) / 3));
  const height = Math.round((width * 3) / 4);
  const source = photo ?? fileURLToPath(new URL('../../docs/web-ui-run.png', import.meta.url));
  for (let i = 0; i < count; i++) {
    await sharp(source)
      .removeAlpha()
      .resize(width, height, { fit: 'fill' })
      .modulate({ brightness: 1 - 0.01 * i })
      .jpeg()
      .toFile(join(target, `${i}.jpg`));
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

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

function words(all: number[]): string {
  return all.map((value) => value.toFixed(2)).join(', ');
}
