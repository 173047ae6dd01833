import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { createImagingTasks } from '../../imaging/tasks.ts';
import { readSettings } from '../../platform/configuration.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { TaskBench } from './support/task-bench.ts';
import type { StoredImage } from '../../contracts/images.ts';

const measures = {
  blur: 0.2,
  laplacianVariance: 1,
  meanLuminance: 0.5,
  percentile1: 0,
  percentile99: 1,
  clipLow: 0,
  clipHigh: 0,
  entropy: 7,
};

describe('tasks that edit an image', () => {
  it('turn it upright, and by quarters on request', async () => {
    const bench = await newBench();
    const image = await bench.add(await tagged(6), 'turned.jpg');
    const upright = await bench.edit('image.upright@1', { image });
    expect(upright.image).toMatchObject({ width: 20, height: 40, name: 'turned.jpg' });
    expect(upright.header.orientation).toBeUndefined();
    const turned = await bench.edit('image.upright@1', { image, turn: 90 });
    expect(turned.image).toMatchObject({ width: 40, height: 20 });
  });

  it('crop what is asked for, of the upright image, and refuse what reaches past it', async () => {
    const bench = await newBench();
    const image = await bench.add(await tagged(6), 'turned.jpg');
    const cropped = await bench.edit('image.crop@1', {
      image,
      left: 5,
      top: 30,
      width: 15,
      height: 10,
    });
    expect(cropped.image).toMatchObject({ width: 15, height: 10 });
    const past = { image, left: 10, top: 0, width: 15, height: 10 };
    await expect(bench.run('image.crop@1', past)).rejects.toThrow(
      /Cannot crop image "turned.jpg" as it is 20 x 40 pixels, and 15 x 10 at 10, 0 reach past it/,
    );
  });

  it('keep 16 bits exact where values do not change', async () => {
    const bench = await newBench();
    const values = Uint16Array.from({ length: 64 * 64 }, (_, i) => (i * 16) % 65536);
    const deep = await sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const image = await bench.add(deep, 'deep.png');
    const cropped = await bench.edit('image.crop@1', {
      image,
      left: 0,
      top: 32,
      width: 64,
      height: 32,
    });
    expect(await grey16(cropped.bytes)).toEqual(values.subarray(32 * 64));
    const pyramid = await bench.edit('image.pyramid@1', { image });
    expect(await grey16(pyramid.bytes)).toEqual(values);
  });

  it('keep values and profile together, and other metadata only if asked', async () => {
    const bench = await newBench();
    const file = await sharp({
      create: { width: 32, height: 32, channels: 3, background: '#c8281e' },
    })
      .withIccProfile('p3')
      .withExif({ IFD0: { Artist: 'Ann' } })
      .png()
      .toBuffer();
    const image = await bench.add(file, 'p3.png');
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    const input = { image, left: 0, top: 0, width: 32, height: 32 };
    const bare = await bench.edit('image.crop@1', input);
    expect(await sharp(bare.bytes, { ignoreIcc: true }).raw().toBuffer()).toEqual(stored);
    expect(bare.header.icc).toBeDefined();
    expect(bare.header.exif).toBeUndefined();
    const whole = await bench.edit('image.crop@1', { ...input, keepMetadata: true });
    expect(whole.header.exif?.toString('latin1')).toContain('Ann');
  });

  it('make thumbnails, and never larger than the image', async () => {
    const bench = await newBench();
    const image = await bench.add(await noise(300, 200), 'a.png');
    expect((await bench.edit('image.thumbnail@1', { image, size: 150 })).image).toMatchObject({
      width: 150,
      height: 100,
      mediaType: 'image/jpeg',
    });
    expect((await bench.edit('image.thumbnail@1', { image, size: 512 })).image.width).toBe(300);
  });

  it('sharpen edges and stretch brightness', async () => {
    const bench = await newBench();
    const ramp = Buffer.from(Array.from({ length: 64 * 64 }, (_, i) => 100 + ((i % 64) >> 1)));
    const file = await sharp(ramp, { raw: { width: 64, height: 64, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const image = await bench.add(file, 'ramp.png');
    const { bytes } = await bench.edit('image.normalize@1', { image, lower: 0, upper: 100 });
    const { channels } = await sharp(bytes).stats();
    expect(channels).toHaveLength(1);
    // Of 100 to 131; brightness is counted in whole percents.
    expect(channels[0]!.min).toBeLessThan(16);
    expect(channels[0]!.max).toBe(255);
    const edge = await bench.add(await step(), 'edge.png');
    const sharper = await sharp(
      (await bench.edit('image.sharpen@1', { image: edge })).bytes,
    ).stats();
    // An edge that is sharpened reaches past both of its sides.
    expect(sharper.channels[0]!.min).toBeLessThan(80);
    expect(sharper.channels[0]!.max).toBeGreaterThan(160);
  });
});

describe('image.strip@1', () => {
  it.each(['jpeg', 'png', 'webp'] as const)(
    'takes everything out of %s but pixels, profile and orientation',
    async (format) => {
      const bench = await newBench();
      const file = await sharp(await noise(64, 48))
        .withIccProfile('p3')
        .withExif({ IFD0: { Artist: 'Ann' }, IFD3: { GPSLatitudeRef: 'N' } })
        .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">Ann</x:xmpmeta>')
        .withMetadata({ orientation: 6 })
        [format]()
        .toBuffer();
      const image = await bench.add(file, 'secret');
      const stripped = await bench.edit('image.strip@1', { image });
      expect(Buffer.from(stripped.bytes).includes('Ann')).toBe(false);
      expect(stripped.header).toMatchObject({ orientation: 6, width: 64, height: 48 });
      expect(stripped.header.icc).toBeDefined();
      expect(stripped.header.xmp).toBeUndefined();
      const raw = (bytes: Uint8Array) => sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
      expect(await raw(stripped.bytes)).toEqual(await raw(file));
    },
  );
});

describe('tasks that put images together', () => {
  it('lay a watermark over, and nothing else changes', async () => {
    const bench = await newBench();
    const image = await bench.add(await plain(100, 80, '#0000ff'), 'blue.png');
    const overlay = await bench.add(await plain(20, 10, '#ff0000'), 'mark.png');
    const full = await bench.edit('image.composite@1', { image, overlay, place: 'northwest' });
    expect(await pixelAt(full.bytes, 5, 5)).toEqual([255, 0, 0]);
    expect(await pixelAt(full.bytes, 50, 50)).toEqual([0, 0, 255]);
    const half = await bench.edit('image.composite@1', {
      image,
      overlay,
      place: 'northwest',
      opacity: 0.5,
      share: 0.5,
    });
    const [red = 0, , blue = 0] = await pixelAt(half.bytes, 45, 20);
    expect([Math.abs(red - 128) < 3, Math.abs(blue - 128) < 3]).toEqual([true, true]);
  });

  it('show images on a sheet, with a place for those that are none', async () => {
    const bench = await newBench();
    const red = await bench.add(await plain(50, 50, '#ff0000'), 'red.png');
    const { image, bytes } = await bench.edit('image.contact-sheet@1', {
      images: [red, { image: null }, { image: red }],
      columns: 2,
      size: 64,
    });
    expect([image.width, image.height]).toEqual([8 + 2 * 72, 8 + 2 * 72]);
    expect(await pixelAt(bytes, 8 + 32, 8 + 32)).toEqual([255, 0, 0]);
    expect(await pixelAt(bytes, 8 + 32, 8 + 72 + 32)).toEqual([255, 0, 0]);
    expect(await pixelAt(bytes, 8 + 72 + 32, 8 + 10)).toEqual([238, 238, 238]);
  });

  it('join images at their own scale', async () => {
    const bench = await newBench();
    const images = [
      await bench.add(await plain(30, 20, '#ff0000'), 'red.png'),
      await bench.add(await plain(10, 40, '#0000ff'), 'blue.png'),
    ];
    const { image, bytes } = await bench.edit('image.montage@1', { images, gap: 5 });
    expect([image.width, image.height]).toEqual([45, 40]);
    expect(await pixelAt(bytes, 15, 20)).toEqual([255, 0, 0]);
    expect(await pixelAt(bytes, 15, 5)).toEqual([255, 255, 255]);
    expect(await pixelAt(bytes, 40, 1)).toEqual([0, 0, 255]);
  });
});

describe('image.deep-zoom@1', () => {
  it('packs the tiles of every level into one archive, the same every time', async () => {
    const bench = await newBench();
    const image = await bench.add(await noise(600, 400), 'view of it.png');
    interface Made {
      archive: { sha256: string; name: string };
      tiles: number;
      levels: number;
    }
    const made = await bench.run<Made>('image.deep-zoom@1', { image });
    // 600 x 400 halves ten times to 1 x 1; only the two largest levels have more than one tile: 3 x 2 and 2.
    expect(made).toMatchObject({ levels: 11, tiles: 6 + 2 + 9 });
    expect(made.archive.name).toBe('view-of-it.dzi.zip');
    const bytes = Buffer.from(bench.bytesOf(made.archive));
    expect(bytes.includes('view-of-it_files/10/2_1.jpeg')).toBe(true);
    const again = await bench.run<Made>('image.deep-zoom@1', { image });
    expect(again.archive.sha256).toBe(made.archive.sha256);
  });
});

describe('tasks that compare', () => {
  it('find copies whatever their size and format, and keep others apart', async () => {
    const bench = await newBench();
    const first = await sharp(await noise(32, 24))
      .resize(640, 480, { kernel: 'cubic' })
      .png()
      .toBuffer();
    const copy = await sharp(first).resize(320).jpeg({ quality: 70 }).toBuffer();
    const other = await sharp(first).rotate(180).png().toBuffer();
    const images: unknown[] = [];
    for (const [name, file] of Object.entries({ first, copy, other })) {
      images.push(await bench.run('image.hash@1', { image: await bench.add(file, name) }));
    }
    const { groups, unique } = await bench.run<{ groups: StoredImage[][]; unique: StoredImage[] }>(
      'image.duplicates@1',
      { images },
    );
    expect(groups.map((group) => group.map(({ name }) => name))).toEqual([['first', 'copy']]);
    expect(unique.map(({ name }) => name)).toEqual(['first', 'other']);
  });

  it('say that what differs in transparency alone is not equal', async () => {
    const bench = await newBench();
    const veiled = (alpha: number) =>
      sharp({
        create: { width: 8, height: 8, channels: 4, background: { r: 9, g: 9, b: 9, alpha } },
      })
        .png()
        .toBuffer();
    const [before, after] = [
      await bench.add(await veiled(1), 'before.png'),
      await bench.add(await veiled(0.5), 'after.png'),
    ];
    const found = await bench.run('image.diff@1', { before, after });
    expect(found).toMatchObject({ isEqual: false, changed: 1 });
    const solid = await bench.add(await plain(8, 8, '#090909'), 'solid.png');
    await expect(bench.run('image.diff@1', { before, after: solid })).rejects.toThrow(
      /found 8 x 8 pixels \(srgb with transparency\) and 8 x 8 pixels \(srgb\)/,
    );
  });

  it('say where two images differ, by one of 65535 too', async () => {
    const bench = await newBench();
    const values = new Uint16Array(16 * 16).fill(30_000);
    const write = () =>
      sharp(values, { raw: { width: 16, height: 16, channels: 1 } })
        .toColourspace('grey16')
        .png()
        .toBuffer();
    const before = await bench.add(await write(), 'before.png');
    expect(await bench.run('image.diff@1', { before, after: before })).toMatchObject({
      isEqual: true,
      largest: 0,
      psnr: null,
    });
    values[17] = 30_001;
    const after = await bench.add(await write(), 'after.png');
    const found = await bench.run<{ map: StoredImage }>('image.diff@1', { before, after });
    expect(found).toMatchObject({ isEqual: false, changed: 0.003906, largest: 0.000015 });
    const map = await sharp(bench.bytesOf(found.map)).toColourspace('b-w').raw().toBuffer();
    expect([map[17], map[18]]).toEqual([255, 0]);
    const wide = await bench.add(await plain(20, 16, '#ffffff'), 'wide.png');
    await expect(bench.run('image.diff@1', { before, after: wide })).rejects.toThrow(
      /Cannot compare "before.png" with "wide.png" as both must be alike/,
    );
  });
});

describe('memory', () => {
  it('is not asked for what would never be given: more pixels than may be read are not made', async () => {
    const bench = await newBench({ SKYLOOM_MAX_IMAGE_MEGAPIXELS: '10' });
    const image = await bench.add(await plain(100, 100, '#ff0000'), 'small.png');
    const large = { image, width: 5000, enlarge: true };
    await expect(bench.run('image.resize@1', large)).rejects.toThrow(
      /Cannot make 5000 x 5000 pixels of image "small.png" as 10 megapixels are allowed/,
    );
    const images = Array.from({ length: 60 }, () => image);
    await expect(
      bench.run('image.contact-sheet@1', { images, size: 1024, columns: 10 }),
    ).rejects.toThrow(/of image "contact sheet" as 10 megapixels are allowed/);
  });

  it('of two images that belong together is asked for once, so that none waits for itself', async () => {
    // Enough for one of them alone and for both, but not for one that keeps its part while it waits.
    const bench = await newBench({ SKYLOOM_IMAGE_MEMORY_MEGABYTES: '120' });
    const image = await bench.add(await noise(1000, 1000), 'a.png');
    const overlay = await bench.add(await plain(1000, 1000, '#ff0000'), 'b.png');
    const all = Array.from({ length: 6 }, (_, i) =>
      bench.edit('image.composite@1', { image, overlay, opacity: 0.1 + i / 10 }),
    );
    expect(new Set((await Promise.all(all)).map(({ image: made }) => made.sha256)).size).toBe(6);
  });

  it('is admitted by the header: what never fits is refused by name', async () => {
    const bench = await newBench({ SKYLOOM_IMAGE_MEMORY_MEGABYTES: '45' });
    const small = await bench.add(await plain(50, 50, '#ff0000'), 'small.png');
    await bench.edit('image.thumbnail@1', { image: small });
    const large = await bench.add(
      await sharp(await plain(3000, 2000, '#ff0000'))
        .webp()
        .toBuffer(),
      'large.webp',
    );
    await expect(bench.run('image.thumbnail@1', { image: large })).rejects.toThrow(
      /Cannot work on image "large.webp" as that needs about \d+ megabytes and this worker takes 45/,
    );
  });
});

async function newBench(more: Record<string, string> = {}) {
  const settings = readSettings({ SKYLOOM_HOME: await scratchFolder(), ...more });
  const measureImage = () => Promise.resolve(measures);
  return new TaskBench(createImagingTasks(settings, { measureImage, version: '0' }));
}

async function noise(width: number, height: number): Promise<Buffer> {
  // A fixed pattern without symmetry.
  const values = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (i * i * 31 + i * 7) >> 3,
  );
  return sharp(values, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function plain(width: number, height: number, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

function step(): Promise<Buffer> {
  const values = Buffer.from(Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? 80 : 160)));
  return sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

function tagged(orientation: number): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 20, channels: 3, background: 'red' } })
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
}

async function grey16(file: Uint8Array): Promise<Uint16Array> {
  const data = await sharp(file)
    .pipelineColourspace('grey16')
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer();
  return new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
}

async function pixelAt(file: Uint8Array, left: number, top: number): Promise<number[]> {
  const pixel = await sharp(file).extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
  return [...pixel];
}
