import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import {
  type DecodeLimits,
  decodeViews,
  picturesOf,
  readImageHeader,
} from '../../../ingestion/io/image-pixels.ts';

import { measureExposure, measureSharpness } from '../../../ingestion/model/measure-pixels.ts';

const limits = { limitPixels: 3e8, timeoutSeconds: 10 };

async function decode(file: Buffer, more: Partial<DecodeLimits> = {}) {
  const header = await readImageHeader(file);
  const { full, whole, small } = await decodeViews(file, header, { ...limits, ...more });
  return { full, whole, ...(await picturesOf(await small, header)) };
}

/** A black image whose upper left is red, upper right green and lower left blue. */
function corners() {
  const patch = (background: string) => ({
    create: { width: 20, height: 10, channels: 3 as const, background },
  });
  return sharp({ create: { width: 40, height: 20, channels: 3, background: 'black' } }).composite([
    { input: patch('red'), left: 0, top: 0 },
    { input: patch('lime'), left: 20, top: 0 },
    { input: patch('blue'), left: 0, top: 10 },
  ]);
}

describe('decodeViews()', () => {
  it.each([
    [1, 'grey16'],
    [3, 'rgb16'],
  ] as const)('keeps 16-bit samples of %d channels as they are', async (channels, space) => {
    const samples = new Uint16Array(1500 * 1200 * channels).fill(12345);
    const file = await sharp(samples, { raw: { width: 1500, height: 1200, channels } })
      .pipelineColourspace(space)
      .toColourspace(space)
      .tiff({ compression: 'deflate' })
      .toBuffer();
    const { whole, full, thumbnail } = await decode(file);
    expect(whole).toMatchObject({ width: 1500, height: 1200, channels });
    expect(full).toMatchObject({ width: 1500, height: 1200, channels });
    expect(full.samples.every((sample) => sample === 12345)).toBe(true);
    const shown = await sharp(thumbnail).raw().toBuffer();
    expect(Math.abs(shown[0]! - 12345 / 257)).toBeLessThanOrEqual(1);
  });

  describe('of an image with an edge in its middle', () => {
    const half = (_: unknown, i: number) => (i % 3000 < 1500 ? 0 : 255);
    const samples = Uint8Array.from({ length: 3000 * 1100 }, half);
    const written = sharp(samples, { raw: { width: 3000, height: 1100, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();

    it('keeps all pixels, and makes the small view of at most 640 a side', async () => {
      const { whole, full, preview } = await decode(await written);
      expect(whole).toMatchObject({ width: 3000, height: 1100, channels: 1 });
      expect(full).toBe(whole);
      expect(preview).toMatchObject({ width: 640, height: 235 });
      expect([preview.samples[100], preview.samples[540]]).toEqual([0, 255]);
    });

    it('reduces one that is too large to be kept, and takes its middle at full scale', async () => {
      const large = await decode(await written, { bytesAtOnce: 3e6 });
      expect(large.whole).toMatchObject({ width: 2048, height: 751, channels: 1 });
      expect(large.full).toMatchObject({ width: 1024, height: 1024 });
      expect([...large.full.samples.subarray(511, 513)]).toEqual([0, 255]);
      const at = await decode(await written);
      expect(measureSharpness(large.full)).toEqual(measureSharpness(at.full));
      const [reduced, counted] = [measureExposure(large.whole), measureExposure(at.whole)];
      expect(reduced.meanLuminance).toBeCloseTo(counted.meanLuminance, 2);
      expect(large.preview).toMatchObject({ width: 640, height: 235 });
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'turns a thumbnail upright from orientation %d',
    async (tag) => {
      const file = await corners()
        .withMetadata({ orientation: tag })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();
      const { thumbnail, whole } = await decode(file);
      const upright = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
      const shown = await sharp(thumbnail).raw().toBuffer({ resolveWithObject: true });
      expect(shown.info.width).toBe(upright.info.width);
      const difference = shown.data.reduce((sum, v, i) => sum + Math.abs(v - upright.data[i]!), 0);
      expect(difference / shown.data.length).toBeLessThan(15);
      expect(whole.width).toBe(40);
    },
  );

  it.each(['cmyk', 'alpha', 'palette', 'webp', 'avif', 'gif'])(
    'reads color of %s',
    async (kind) => {
      const image = corners();
      const file = await {
        cmyk: () => image.toColourspace('cmyk').jpeg(),
        alpha: () => image.ensureAlpha(0.5).png(),
        palette: () => image.png({ palette: true }),
        webp: () => image.webp(),
        avif: () => image.avif(),
        gif: () => image.gif(),
      }[kind]!().toBuffer();
      const { whole } = await decode(file);
      expect(whole.channels).toBe(3);
      expect(whole.samples[0]).toBeGreaterThan(200);
      expect(whole.samples[1]).toBeLessThan(40);
    },
  );
});
