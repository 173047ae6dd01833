import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeViews, picturesOf, readImageHeader } from '../../../ingestion/io/image-pixels.ts';

const limits = { limitPixels: 3e8, timeoutSeconds: 10 };

async function decode(file: Buffer) {
  const header = await readImageHeader(file);
  const { full, ...making } = await decodeViews(file, header, limits);
  const overview = await making.overview;
  return { full, overview, ...(await picturesOf(overview, header)) };
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
    const { overview, full, thumbnail } = await decode(file);
    expect(overview).toMatchObject({ width: 1500, height: 1200, channels });
    expect(full).toMatchObject({ width: 1500, height: 1200, channels });
    expect(full.samples.every((sample) => sample === 12345)).toBe(true);
    const shown = await sharp(thumbnail).raw().toBuffer();
    expect(Math.abs(shown[0]! - 12345 / 257)).toBeLessThanOrEqual(1);
  });

  it('makes the overview at most 2048 pixels long, and keeps the full scale', async () => {
    const step = (_: unknown, i: number) => (i % 3000 < 1500 ? 0 : 255);
    const samples = Uint8Array.from({ length: 3000 * 1100 }, step);
    const file = await sharp(samples, { raw: { width: 3000, height: 1100, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const { overview, full } = await decode(file);
    expect(overview).toMatchObject({ width: 2048, height: 751, channels: 1 });
    expect(full).toMatchObject({ width: 3000, height: 1100 });
    expect([...full.samples.subarray(1499, 1501)]).toEqual([0, 255]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'turns a thumbnail upright from orientation %d',
    async (tag) => {
      const file = await corners()
        .withMetadata({ orientation: tag })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();
      const { thumbnail, overview } = await decode(file);
      const upright = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
      const shown = await sharp(thumbnail).raw().toBuffer({ resolveWithObject: true });
      expect(shown.info.width).toBe(upright.info.width);
      const difference = shown.data.reduce((sum, v, i) => sum + Math.abs(v - upright.data[i]!), 0);
      expect(difference / shown.data.length).toBeLessThan(15);
      expect(overview.width).toBe(40);
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
      const { overview } = await decode(file);
      expect(overview.channels).toBe(3);
      expect(overview.samples[0]).toBeGreaterThan(200);
      expect(overview.samples[1]).toBeLessThan(40);
    },
  );
});
