import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeArrayBuffer } from 'geotiff';
import sharp from 'sharp';
import { openImage } from '../../imaging/io/open-image.ts';
import { type Encoding, encodeImage } from '../../imaging/io/write-image.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const limits = { limitPixels: 1e6, timeoutSeconds: 10 };
const png: Encoding = { format: 'png', quality: 80, allowsEightBits: false };

describe('an image that is opened and encoded', () => {
  it('keeps 16-bit grey to the last digit', async () => {
    const values = Uint16Array.from({ length: 64 * 64 }, (_, index) => (index * 16) % 65536);
    const path = await place(
      await sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
        .toColourspace('grey16')
        .png()
        .toBuffer(),
    );
    for (const format of ['png', 'tiff'] as const) {
      const encoded = await encode(path, { ...png, format });
      const { data, info } = await sharp(encoded.bytes)
        .pipelineColourspace('grey16')
        .toColourspace('grey16')
        .raw({ depth: 'ushort' })
        .toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(1);
      expect(new Uint16Array(data.buffer, data.byteOffset, data.length / 2)).toEqual(values);
    }
  });

  it('keeps 16-bit color to the last digit', async () => {
    const values = Uint16Array.from({ length: 32 * 32 * 3 }, (_, index) => (index * 21) % 65536);
    const path = await place(
      await sharp(values, { raw: { width: 32, height: 32, channels: 3 } })
        .pipelineColourspace('rgb16')
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
    );
    const encoded = await encode(path, png);
    const data = await sharp(encoded.bytes)
      .pipelineColourspace('rgb16')
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer();
    expect(new Uint16Array(data.buffer, data.byteOffset, data.length / 2)).toEqual(values);
  });

  it('keeps 8-bit grey grey', async () => {
    const path = await place(
      await sharp(Buffer.from(Array.from({ length: 256 }, (_, value) => value)), {
        raw: { width: 16, height: 16, channels: 1 },
      })
        .toColourspace('b-w')
        .png()
        .toBuffer(),
    );
    const encoded = await encode(path, png);
    const { data, info } = await sharp(encoded.bytes)
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(1);
    expect([...data]).toEqual(Array.from({ length: 256 }, (_, value) => value));
  });

  it('is turned upright, and says its size as it is then', async () => {
    const path = await place(
      await sharp({ create: { width: 40, height: 20, channels: 3, background: 'red' } })
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer(),
    );
    const encoded = await encode(path, png);
    expect([encoded.width, encoded.height]).toEqual([20, 40]);
    expect((await sharp(encoded.bytes).metadata()).orientation).toBeUndefined();
  });

  it('keeps its color profile', async () => {
    const path = await place(
      await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
        .withIccProfile('p3')
        .png()
        .toBuffer(),
    );
    const encoded = await encode(path, { ...png, format: 'webp' });
    expect((await sharp(encoded.bytes).metadata()).icc).toBeDefined();
  });

  it('has the same bytes every time', async () => {
    const path = await place(
      await sharp({ create: { width: 64, height: 64, channels: 3, background: '#336699' } })
        .jpeg()
        .toBuffer(),
    );
    for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
      const [first, second] = [
        await encode(path, { ...png, format }),
        await encode(path, { ...png, format }),
      ];
      expect(first.bytes.equals(second.bytes)).toBe(true);
    }
  });
});

describe('an image that cannot be worked on', () => {
  it.each<[string, () => Promise<Buffer>, RegExp]>([
    ['is no image', async () => Buffer.from('hello'), /Cannot read image "x.png": /],
    [
      'has too many pixels',
      () =>
        sharp({ create: { width: 2000, height: 1000, channels: 3, background: 'red' } })
          .png()
          .toBuffer(),
      /has 2000 x 1000 pixels, and 1 megapixels are allowed/,
    ],
    [
      'has samples without a range',
      async () =>
        Buffer.from(
          writeArrayBuffer(new Float32Array(64), {
            width: 8,
            height: 8,
            SampleFormat: [3],
            BitsPerSample: [32],
          }) as ArrayBuffer,
        ),
      /samples are of type float/,
    ],
  ])('is named when it %s', async (_name, make, words) => {
    const path = await place(await make());
    await expect(encode(path, png)).rejects.toThrow(words);
  });

  it('is named when it ends too early', async () => {
    const whole = await sharp({
      create: {
        width: 400,
        height: 400,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer();
    const path = await place(whole.subarray(0, whole.length / 2));
    await expect(encode(path, png)).rejects.toThrow(/Cannot decode image "x.png"/);
  });

  it('is named when the format would lose half of its depth, unless that is allowed', async () => {
    const path = await place(
      await sharp(new Uint16Array(64), { raw: { width: 8, height: 8, channels: 1 } })
        .toColourspace('grey16')
        .png()
        .toBuffer(),
    );
    await expect(encode(path, { ...png, format: 'jpeg' })).rejects.toThrow(/holds 8 bits/);
    const encoded = await encode(path, { ...png, format: 'jpeg', allowsEightBits: true });
    expect(encoded.mediaType).toBe('image/jpeg');
  });
});

async function encode(path: string, encoding: Encoding) {
  const opened = await openImage(path, 'x.png', limits);
  return encodeImage(opened, opened.pixels, 'x.png', encoding);
}

async function place(content: Buffer): Promise<string> {
  const folder = await scratchFolder();
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'image');
  await writeFile(path, content);
  return path;
}
