import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { closeCutoutPools, cutoutTasks } from '../../imaging/tasks/cutout.ts';
import { weightsPath } from '../../platform/model-weights.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Cut } from './support/cut.ts';
import { TaskBench } from './support/task-bench.ts';
import { describeWithWeights, withTestModels } from './support/weights.ts';

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

  it('takes weights of your own by their digest, and notices when they are exchanged', async () => {
    const folder = await scratchFolder();
    const weights = await readFile(weightsPath(withTestModels('unused'), 'u2netp'));
    const path = join(folder, 'mine.onnx');
    const own = new TaskBench(cutoutTasks(withTestModels('unused', { SKYLOOM_MODEL_DIR: folder })));
    const image = await own.add(await disc(), 'disc.png');
    const cut = (sha256: string, profile: unknown = 'u2net') =>
      own.run<Cut>('image.cutout@1', { image, model: { file: 'mine.onnx', sha256, profile } });
    await writeFile(path, weights);
    const first = digestOf(weights);
    expect((await cut(first)).model).toEqual({
      id: 'mine.onnx',
      sha256: first,
      licence: 'unknown',
    });
    await expect(cut(first, 'isnet')).rejects.toMatchObject({
      type: 'ModelUnfit',
      message: expect.stringMatching(
        /1 x 3 x 1024 x 1024 is needed: found 1 of float32 1 x 3 x 320 x 320/,
      ),
    });
    // Of the same length, in the same place, while the process that has loaded the other one lives.
    const other = Buffer.from(weights);
    other.fill(0, 2_000_000, 2_000_064);
    await writeFile(path, other);
    await expect(cut(first)).rejects.toMatchObject({ type: 'ModelMismatch' });
    const exchanged = await cut(digestOf(other)).catch((error: unknown) => error);
    expect(exchanged).not.toMatchObject({ image: (await cutByFirst()).image });
    await writeFile(path, weights.subarray(0, 1_000_000));
    await expect(cut(digestOf(weights.subarray(0, 1_000_000)))).rejects.toMatchObject({
      type: 'ModelUnfit',
      message: expect.stringMatching(/the file is no network that can be run/),
    });

    async function cutByFirst(): Promise<Cut> {
      await writeFile(path, weights);
      return cut(first);
    }
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
    const settings = withTestModels('unused', { SKYLOOM_CUTOUT_MEGABYTES: '161' });
    const bench = new TaskBench(cutoutTasks(settings));
    const image = await bench.add(await disc(), 'disc.png');
    await expect(bench.run('image.cutout@1', { image, method: 'plain' })).rejects.toThrow(
      /Cannot remove the background of "disc.png" as its 400 x 300 pixels need 161 megabytes/,
    );
  });
});

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

afterAll(closeCutoutPools);

function newBench(): TaskBench {
  return new TaskBench(cutoutTasks(withTestModels('unused', { SKYLOOM_CUTOUT_PROCESSES: '2' })));
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
