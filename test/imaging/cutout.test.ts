import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { closeCutoutPools, cutoutTasks } from '../../imaging/tasks/cutout.ts';
import { itAtLength } from '../support/long-tests.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { TaskBench } from './support/task-bench.ts';
import { describeWithWeights, withTestModels } from './support/weights.ts';

interface Expected {
  rawMax: number;
  cover: number;
  iou?: number;
  mae?: number;
  vsRembg?: { iou: number };
}

interface Cut {
  outcome: string;
  image: { sha256: string; name: string; width: number; height: number } | null;
  confidence: number;
  coverage: number;
  box: { left: number; top: number; width: number; height: number } | null;
  method: string;
  model: { id: string; sha256: string; licence: string } | null;
}

type ModelId = 'u2netp' | 'u2net';

// Both wait for what they need, and skip loudly without it.
describeWithRealData('backgrounds of the evaluation set', () => {
  const { files } = JSON.parse(readFileSync(realDataPath('background/expected.json'), 'utf8')) as {
    files: Record<string, Record<ModelId, Expected>>;
  };
  const bench = newBench();

  it('are removed as measured, on two cores, while the event loop goes on', async () => {
    const names = [
      'rembg/car-1.jpg',
      'rembg/cloth-1.jpg',
      'synthetic/chair_gravel.jpg',
      'davis/drift-chicane_00013.jpg',
      'synthetic/flat-grey.png',
      'synthetic/no-subject-gravel.jpg',
    ];
    const ticks = countTicks();
    await expectAsMeasured(bench, 'u2netp', names, files);
    const { count, ms } = ticks.stop();
    expect(ms / count).toBeLessThan(50);
    expect(bench.heartbeats.at(0)).toEqual([0, 6]);
  }, 180_000);

  it('are removed with hair in it when edges are guided', async () => {
    const image = await bench.add(realDataPath('background/pymatting/lemur.png'));
    const cut = await bench.run<Cut>('image.cutout@1', { image });
    const truth = await alphaOf(readFileSync(realDataPath('background/pymatting/lemur_alpha.png')));
    const { mae } = compare(await alphaOf(bench.bytesOf(cut.image!)), truth);
    expect(mae).toBeLessThanOrEqual(0.0095);
    expect(cut).toMatchObject({ outcome: 'ok', model: { id: 'u2netp', licence: 'Apache-2.0' } });
  }, 180_000);

  itAtLength(
    'are removed as measured, with both networks, all of them',
    async () => {
      for (const id of ['u2netp', 'u2net'] as const) {
        await expectAsMeasured(bench, id, Object.keys(files), files);
      }
    },
    300_000,
  );

  itAtLength(
    'show more hair with matting than without',
    async () => {
      for (const [file, limit] of [
        ['pymatting/lemur', 0.006],
        ['synthetic/fur_studio', 0.026],
      ] as const) {
        const path = realDataPath(`background/${file}`);
        const isLemur = file.endsWith('lemur');
        const image = await bench.add(`${path}.${isLemur ? 'png' : 'jpg'}`);
        const cut = await bench.run<Cut>('image.cutout@1', { image, edge: 'matting' });
        const truth = await alphaOf(readFileSync(`${path}${isLemur ? '_' : '.'}alpha.png`));
        expect(compare(await alphaOf(bench.bytesOf(cut.image!)), truth).mae).toBeLessThan(limit);
      }
    },
    120_000,
  );

  it('before a plain backdrop need no network, holes included; scenes are left alone', async () => {
    for (const [file, iou] of [
      ['bike_studio', 0.97],
      ['rings_studio', 0.97],
    ] as const) {
      const path = realDataPath(`background/synthetic/${file}`);
      const image = await bench.add(`${path}.jpg`);
      const cut = await bench.run<Cut>('image.cutout@1', { image, method: 'plain' });
      expect(cut).toMatchObject({ outcome: 'ok', method: 'plain', model: null });
      const truth = await alphaOf(readFileSync(`${path}.alpha.png`));
      expect(compare(await alphaOf(bench.bytesOf(cut.image!)), truth).iou).toBeGreaterThan(iou);
    }
    const scene = await bench.add(realDataPath('background/davis/cows_00026.jpg'));
    const left = await bench.run<Cut>('image.cutout@1', { image: scene, method: 'plain' });
    expect(left).toMatchObject({ outcome: 'no-subject', image: null, method: 'plain' });
  }, 180_000);
});

await describeWithWeights('u2netp', 'image.cutout@1', () => {
  const bench = newBench();

  it('keeps straight colors, hides nothing in the file, and crops to the subject', async () => {
    const image = await bench.add(await disc(), 'disc.png');
    const whole = await bench.run<Cut>('image.cutout@1', { image });
    const { data, info } = await rgba(bench.bytesOf(whole.image!));
    expect([info.width, info.height]).toEqual([400, 300]);
    let hidden = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 0) hidden += data[i]! + data[i + 1]! + data[i + 2]!;
    }
    expect(hidden).toBe(0);
    // The middle of the disc: solid, and of its own color.
    const middle = 4 * (150 * 400 + 200);
    expect([...data.subarray(middle, middle + 4)]).toEqual([200, 40, 30, 255]);
    const cropped = await bench.run<Cut>('image.cutout@1', { image, crop: 'subject' });
    expect(cropped.box).toEqual(whole.box);
    expect(cropped.image).toMatchObject({ width: whole.box!.width, height: whole.box!.height });
    expect(cropped.image!.name).toBe('disc-cutout.png');
  }, 180_000);

  it('keeps 16 bits exact, and grey grey', async () => {
    const deep = await sharp(await disc())
      .greyscale()
      .linear(1, 0)
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const cut = await bench.run<Cut>('image.cutout@1', {
      image: await bench.add(deep, 'deep.png'),
    });
    const header = await sharp(bench.bytesOf(cut.image!)).metadata();
    expect(header).toMatchObject({ depth: 'ushort', channels: 2, space: 'grey16' });
    const before = await grey16(deep);
    const after = await grey16(bench.bytesOf(cut.image!));
    const middle = 150 * 400 + 200;
    expect(after.data[2 * middle]).toBe(before.data[middle]);
    expect(after.data[2 * middle + 1]).toBe(65535);
  }, 180_000);

  it('gives the same bytes every time', async () => {
    const image = await bench.add(await disc(), 'disc.png');
    const digests = new Set<string>();
    for (let i = 0; i < 2; i++) {
      const cut = await bench.run<Cut>('image.cutout@1', { image, format: 'webp' });
      digests.add(cut.image!.sha256);
    }
    expect(digests.size).toBe(1);
  }, 180_000);
});

describe('image.cutout@1 refuses for good', () => {
  it.each<[string, object, string, RegExp]>([
    ['weights that are missing', {}, 'ModelMissing', /type "skyloom models fetch u2netp"$/],
    [
      'weights of your own that are missing',
      { model: { file: 'mine.onnx', sha256: '0'.repeat(64), profile: 'isnet' } },
      'ModelMissing',
      /model "mine.onnx" is not in .*put the file there/,
    ],
    [
      'a path in place of a name',
      { model: { file: '../mine.onnx', sha256: '0'.repeat(64), profile: 'isnet' } },
      'InvalidInput',
      /Cannot use the input of "image.cutout@1"/,
    ],
  ])('%s', async (_name, more, type, words) => {
    const bench = new TaskBench(
      cutoutTasks(withTestModels('unused', { SKYLOOM_MODEL_DIR: 'none' })),
    );
    const image = await bench.add(await disc(), 'disc.png');
    const failing = bench.run('image.cutout@1', { image, ...more });
    await expect(failing).rejects.toMatchObject({ type, message: expect.stringMatching(words) });
  });

  it('a picture that the process has no memory for, by its name and before it is decoded', async () => {
    const settings = withTestModels('unused', { SKYLOOM_CUTOUT_MEGABYTES: '441' });
    const bench = new TaskBench(cutoutTasks(settings));
    const image = await bench.add(await disc(), 'disc.png');
    await expect(bench.run('image.cutout@1', { image, method: 'plain' })).rejects.toThrow(
      /Cannot remove the background of "disc.png" as its 400 x 300 pixels need 441 megabytes/,
    );
  });
});

afterAll(closeCutoutPools);

function newBench(): TaskBench {
  return new TaskBench(cutoutTasks(withTestModels('unused', { SKYLOOM_CUTOUT_PROCESSES: '2' })));
}

async function expectAsMeasured(
  bench: TaskBench,
  id: ModelId,
  names: readonly string[],
  files: Record<string, Record<ModelId, Expected>>,
): Promise<void> {
  const images = [];
  for (const name of names) images.push(await bench.add(realDataPath(`background/${name}`), name));
  const { cutouts } = await bench.run<{ cutouts: Cut[] }>('image.cutouts@1', {
    images,
    model: id,
    edge: 'none',
  });
  for (const [index, name] of names.entries()) {
    const cut = cutouts[index]!;
    const { rawMax, cover, iou, mae, vsRembg } = files[name]![id];
    expect([name, cut.confidence]).toEqual([name, expect.closeTo(rawMax, 2)]);
    expect([name, cut.coverage]).toEqual([name, expect.closeTo(cover, 3)]);
    const isSubject = rawMax >= 0.5 && cover >= 0.005;
    expect([name, cut.outcome]).toEqual([name, isSubject ? 'ok' : 'no-subject']);
    if (!isSubject) {
      expect(cut.image).toBeNull();
      continue;
    }
    const truth = await alphaOf(readFileSync(realDataPath(truthOf(name, id))));
    const found = compare(await alphaOf(bench.bytesOf(cut.image!)), truth);
    if (vsRembg !== undefined) {
      // The same weights through another program: equal but for the decoder of JPEG.
      expect(found.mae).toBeLessThanOrEqual(0.001);
      expect(found.largest).toBeLessThanOrEqual(16);
    } else {
      expect([name, found.iou]).toEqual([name, expect.closeTo(iou!, 1)]);
      expect(found.iou).toBeGreaterThan(iou! - 0.02);
      expect(found.mae).toBeLessThan(mae! + 0.003);
    }
  }
}

function truthOf(name: string, id: ModelId): string {
  if (name.startsWith('rembg/')) return `background/${name.replace('.jpg', `.${id}.alpha.png`)}`;
  if (name === 'pymatting/lemur.png') return 'background/pymatting/lemur_alpha.png';
  return `background/${name.replace(/\.\w+$/, '.alpha.png')}`;
}

/** The last channel, 0 to 255: alpha of a cut-out, or grey of a stored alpha. */
async function alphaOf(file: Uint8Array): Promise<Uint8Array> {
  const { hasAlpha } = await sharp(file).metadata();
  const image = hasAlpha ? sharp(file).extractChannel('alpha') : sharp(file).toColourspace('b-w');
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return info.channels === 1 ? data : data.filter((_, i) => i % info.channels === 0);
}

function compare(found: Uint8Array, truth: Uint8Array) {
  expect(found.length).toBe(truth.length);
  let [both, any, sum, largest] = [0, 0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    const difference = Math.abs(found[i]! - truth[i]!);
    sum += difference;
    largest = Math.max(largest, difference);
    const [a, b] = [found[i]! > 127, truth[i]! > 127];
    if (a && b) both++;
    if (a || b) any++;
  }
  return { iou: both / any, mae: sum / truth.length / 255, largest };
}

/** A red disc before a green field: 400 x 300. */
async function disc(): Promise<Buffer> {
  const svg = `<svg width="400" height="300"><rect width="400" height="300" fill="rgb(90,140,80)"/><circle cx="200" cy="150" r="80" fill="rgb(200,40,30)"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}

async function rgba(file: Uint8Array) {
  return sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
}

async function grey16(file: Uint8Array) {
  const { data } = await sharp(file)
    .pipelineColourspace('grey16')
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint16Array(data.buffer, data.byteOffset, data.length / 2) };
}

function countTicks() {
  const from = performance.now();
  let count = 0;
  const timer = setInterval(() => count++, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return { count, ms: performance.now() - from };
    },
  };
}
