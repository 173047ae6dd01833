import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { examineImage } from '../../../ingestion/io/examine-image.ts';
import { closePixelThreads, readTagsInThread } from '../../../ingestion/io/pixel-threads.ts';
import { itAtLength } from '../../support/long-tests.ts';
import { describeWithRealData, realDataPath } from '../../support/real-data.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const options = { limitPixels: 3e8, timeoutSeconds: 12 };

afterAll(closePixelThreads);

describe('examineImage()', () => {
  it('keeps the exposure of 16-bit and 8-bit images alike', async () => {
    const folder = await scratchFolder();
    const grey16 = new Uint16Array(64 * 48).fill(0.25 * 65535);
    const path16 = join(folder, 'deep.tif');
    await sharp(grey16, { raw: { width: 64, height: 48, channels: 1 } })
      .toColourspace('grey16')
      .tiff()
      .toFile(path16);
    const path8 = join(folder, 'plain.png');
    await sharp({
      create: { width: 64, height: 48, channels: 3, background: { r: 64, g: 64, b: 64 } },
    })
      .png()
      .toFile(path8);
    for (const path of [path16, path8]) {
      const { description, findings } = await examineImage(path, { name: 'x', ...options });
      expect(findings.filter(({ code }) => code.startsWith('IMAGE'))).toEqual([]);
      expect(description.measures!.meanLuminance).toBeCloseTo(0.25, 2);
    }
  });

  it('is never thrown off by bytes, however they were mutilated', async () => {
    const folder = await scratchFolder();
    const image = sharp({ create: { width: 40, height: 30, channels: 3, background: 'green' } });
    const exif = {
      IFD0: { Make: 'DJI' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 6/1 0/1' },
    };
    const files = [
      await image.clone().withExif(exif).jpeg().toBuffer(),
      await image.clone().png().toBuffer(),
      await image.clone().tiff({ compression: 'deflate' }).toBuffer(),
      await image.clone().webp().toBuffer(),
    ];
    const path = join(folder, 'mutilated.jpg');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.uint8Array({ maxLength: 12 }),
        fc.boolean(),
        async (file, share, bytes, isCut) => {
          const at = Math.floor(share * (file.length - 1));
          const rest = isCut ? Buffer.alloc(0) : file.subarray(at + bytes.length);
          await writeFile(path, Buffer.concat([file.subarray(0, at), bytes, rest]));
          const { findings } = await examineImage(path, { name: 'm', ...options });
          expect(findings.every(({ message }) => message.length > 0)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);

  it('names a JPEG that is cut off by its structure, while others are decoded beside it', async () => {
    const folder = await scratchFolder();
    const whole = await sharp(Buffer.alloc(900 * 700 * 3, 7), {
      raw: { width: 900, height: 700, channels: 3 },
    })
      .jpeg({ progressive: true })
      .toBuffer();
    const paths = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const path = join(folder, `${index}.jpg`);
        await writeFile(path, index % 2 === 0 ? whole : whole.subarray(0, whole.length / 2));
        return path;
      }),
    );
    const seen = await Promise.all(
      paths.map((path) => examineImage(path, { name: 'x', ...options })),
    );
    const faults = seen.map(({ findings }) => findings[0]!.code);
    expect(faults).toEqual(
      paths.map((_, index) => (index % 2 === 0 ? 'GPS_MISSING' : 'IMAGE_TRUNCATED')),
    );
  });

  it('decodes two images at a time where there is memory for none, and refuses nothing', async () => {
    const path = join(await scratchFolder(), 'plain.jpg');
    const background = { r: 64, g: 64, b: 64 };
    await sharp({ create: { width: 900, height: 700, channels: 3, background } })
      .jpeg()
      .toFile(path);
    const seen = await Promise.all(
      Array.from({ length: 5 }, () =>
        examineImage(path, { name: 'x', ...options, decodeBytes: 1 }),
      ),
    );
    for (const { description } of seen) expect(description.measures).not.toBeNull();
  });

  itAtLength(
    'keeps below 600 MB with eight images of 12 megapixels in flight',
    async () => {
      const folder = await scratchFolder();
      const path = join(folder, 'grain.jpg');
      const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
      await sharp({ create: { width: 4000, height: 3000, channels: 3, background: 'grey', noise } })
        .jpeg({ quality: 90 })
        .toFile(path);
      const modulePath = (name: string) =>
        new URL(`../../../ingestion/io/${name}`, import.meta.url);
      const program = `
      import { examineImage } from '${modulePath('examine-image.js').href}';
      import { closePixelThreads } from '${modulePath('pixel-threads.js').href}';
      const options = { name: 'x', limitPixels: 3e8, timeoutSeconds: 60, threads: 8 };
      for (let round = 0; round < 3; round++) {
        await Promise.all(Array.from({ length: 8 }, () => examineImage(process.argv[1], options)));
      }
      await closePixelThreads();
      process.stdout.write(String(process.resourceUsage().maxRSS));`;
      const argv = ['--input-type=module', '-e', program, path];
      const env = { UV_THREADPOOL_SIZE: '8' };
      const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
      expect((Number(stdout) * 1024) / 1e6).toBeLessThan(600);
      expect(Number(stdout)).toBeGreaterThan(0);
    },
    120_000,
  );

  it('gives up on tags when told to, and takes the next image', async () => {
    const path = join(await scratchFolder(), 'plain.jpg');
    await sharp({ create: { width: 64, height: 48, channels: 3, background: 'green' } })
      .jpeg()
      .toFile(path);
    const file = new SharedArrayBuffer(16);
    await expect(readTagsInThread(file, AbortSignal.abort())).rejects.toThrow();
    const calm = await examineImage(path, { name: 'x', ...options });
    expect(calm.description.measures).not.toBeNull();
  });

  it('keeps the tags of a file whose pixels no decoder reads', async () => {
    const path = join(await scratchFolder(), 'raw.dng');
    const tiff = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .tiff()
      .toBuffer();
    const raw = Buffer.concat([tiff.subarray(0, 8), Buffer.from('IIII'), tiff.subarray(12)]);
    await writeFile(path, raw);
    const { description, findings } = await examineImage(path, { name: 'raw.dng', ...options });
    expect(description.format).toBe('raw');
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'PIXELS_UNSUPPORTED', severity: 'warning' }),
    );
  });

  it('keeps the tags and the place of a HEIC whose pixels no decoder reads', async () => {
    const path = join(await scratchFolder(), 'A.HEIC');
    const file = await sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } })
      .withExif({
        IFD0: { Make: 'Apple', Model: 'iPhone 5s' },
        IFD2: { DateTimeOriginal: '2026:05:04 10:00:00' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '48/1 6/1 0/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '11/1 30/1 0/1',
        },
      })
      .avif()
      .toBuffer();
    // The same boxes with the brand of HEIC, and a codec that nobody has here.
    file.write('heic', 8, 'latin1');
    file.write('heic', file.indexOf('avif', 12), 'latin1');
    file.write('vvc1', file.indexOf('av01'), 'latin1');
    await writeFile(path, file);
    const { description, findings } = await examineImage(path, { name: 'A.HEIC', ...options });
    expect(description).toMatchObject({
      format: 'heic',
      model: 'iPhone 5s',
      capturedAt: '2026-05-04T10:00:00',
      // As its boxes say it: the decoder gave up before.
      width: 64,
      height: 48,
      position: { latitude: 48.1, longitude: 11.5 },
      measures: null,
    });
    expect(findings).toMatchObject([
      { code: 'PIXELS_UNSUPPORTED', severity: 'warning' },
      { code: 'FOCAL_UNKNOWN', severity: 'warning' },
    ]);
  });

  it('throws what the disk says', async () => {
    await expect(examineImage('/nowhere/x.jpg', { name: 'x', ...options })).rejects.toThrow(
      'ENOENT',
    );
  });
});

describeWithRealData('examineImage() on real images', () => {
  it('gives the published sharpness and the tags of a real drone image', async () => {
    const path = realDataPath('flight-brighton/images/DJI_0030.JPG');
    const { description, thumbnail } = await examineImage(path, {
      name: 'DJI_0030.JPG',
      ...options,
    });
    // The published value is of the whole image; ours of its middle 1024 x 720.
    expect(Math.abs(description.measures!.blur - 0.24324)).toBeLessThan(0.01);
    expect(description).toMatchObject({ make: 'DJI', model: 'FC300S', width: 1280, height: 720 });
    expect(description.relativeAltitude).toBeCloseTo(40, 0);
    expect(description.attitude!.pitch).toBeLessThan(-85);
    expect((description.focalPixels! / 1280) * 4000).toBeCloseTo(2334, 0);
    expect((await sharp(thumbnail!).metadata()).width).toBe(192);
  });

  it.each([
    ['truncated_half.jpg', 'IMAGE_TRUNCATED'],
    ['empty.jpg', 'FILE_EMPTY'],
    ['html_named.jpg', 'NOT_AN_IMAGE'],
    ['text_named.jpg', 'NOT_AN_IMAGE'],
    ['bomb_20000x20000.png', 'IMAGE_TOO_LARGE'],
    ['bomb_header_65500.jpg', 'IMAGE_TOO_LARGE'],
    ['gps_zero_zero.jpg', 'GPS_ZERO'],
    ['gps_out_of_range.jpg', 'GPS_INVALID'],
    ['gps_zero_denominator.jpg', 'GPS_INVALID'],
    ['gps_no_ref.jpg', 'GPS_REF_MISSING'],
    ['zero_height.jpg', 'IMAGE_CORRUPT'],
    ['no_eoi.jpg', 'IMAGE_TRUNCATED'],
    ['only_soi.jpg', 'IMAGE_TRUNCATED'],
    ['tiff_absurd_size.tif', 'IMAGE_CORRUPT'],
    ['tiff_ifd_loop.tif', 'IMAGE_CORRUPT'],
    ['tiff_ifd_past_end.tif', 'IMAGE_TRUNCATED'],
    ['xmp_entity_expansion.jpg', 'GPS_MISSING'],
    ['trailing_garbage.jpg', 'GPS_MISSING'],
    ['date_garbage.jpg', 'GPS_MISSING'],
    ['exif_huge_count.jpg', 'GPS_MISSING'],
    ['exif_ifd_loop.jpg', 'GPS_MISSING'],
  ])('names what is wrong with %s', async (name, code) => {
    const { findings } = await examineImage(realDataPath(`hostile/${name}`), { name, ...options });
    expect(findings.map((finding) => finding.code)).toContain(code);
  });

  it('reads the tags of a TIFF that GDAL made of a drone image', async () => {
    const path = realDataPath('flight-p4rtk-oblique/images/100_0005_0018.tif');
    const { description, findings } = await examineImage(path, { name: 'x', ...options });
    expect(findings).toEqual([]);
    expect(description).toMatchObject({
      make: 'DJI',
      model: 'FC6310R',
      capturedAt: '2019-04-11T11:01:21',
      position: { latitude: 24.68027804, longitude: 120.9517016, source: 'xmp', rtkFlag: 50 },
      attitude: { yaw: 92.9, pitch: -60, roll: 0 },
      relativeAltitude: 99.96,
      focalSource: 'dewarp',
    });
    // 3657.02 pixels of 5472, in an image of 1368.
    expect(description.focalPixels).toBeCloseTo(914.255, 3);
  });

  it('reads a position below the sea', async () => {
    const path = realDataPath('hostile/gps_below_sea.jpg');
    const { description } = await examineImage(path, { name: 'x', ...options });
    expect(description.position!.altitude).toBeLessThan(0);
  });

  it('takes less than 512 MB for the whole hostile set, in a process of its own', async () => {
    const folder = realDataPath('hostile');
    const names = (await readdir(folder)).filter((name) => /\.(jpg|png|tif)$/.test(name));
    const modulePath = (name: string) => new URL(`../../../ingestion/io/${name}`, import.meta.url);
    const program = `
      import { examineImage } from '${modulePath('examine-image.js').href}';
      import { closePixelThreads } from '${modulePath('pixel-threads.js').href}';
      const [folder, ...names] = process.argv.slice(1);
      for (const name of names) {
        await examineImage(folder + '/' + name, { name, limitPixels: 3e8, timeoutSeconds: 12, threads: 1 });
      }
      await closePixelThreads();
      process.stdout.write(String(process.resourceUsage().maxRSS));`;
    const argv = ['--input-type=module', '-e', program, folder, ...names];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { env: {} });
    expect(names.length).toBeGreaterThanOrEqual(20);
    // Kilobytes, on every system.
    expect((Number(stdout) * 1024) / 1e6).toBeLessThan(512);
    expect(Number(stdout)).toBeGreaterThan(0);
  }, 60_000);

  it('survives every hostile file and every odd tag', async () => {
    for (const folder of ['hostile', 'exif-misc/samples', 'exif-misc/corrupt']) {
      const names = await readdir(realDataPath(folder), { recursive: true, withFileTypes: true });
      for (const entry of names.filter(
        (each) => each.isFile() && !/\.(md|txt)$/i.test(each.name),
      )) {
        const startedAt = Date.now();
        await examineImage(join(entry.parentPath, entry.name), { name: entry.name, ...options });
        expect(Date.now() - startedAt).toBeLessThan(5_000);
      }
    }
  }, 120_000);
});
