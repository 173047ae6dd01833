import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { examineImage } from '../../../ingestion/io/examine-image.ts';
import { closePixelThreads } from '../../../ingestion/io/pixel-threads.ts';
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
    const jpeg = await sharp({
      create: { width: 40, height: 30, channels: 3, background: 'green' },
    })
      .jpeg()
      .toBuffer();
    const path = join(folder, 'mutilated.jpg');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(jpeg.length - 1),
        fc.uint8Array({ maxLength: 12 }),
        fc.boolean(),
        async (at, bytes, isCut) => {
          const mutilated = Buffer.concat([
            jpeg.subarray(0, at),
            bytes,
            isCut ? Buffer.alloc(0) : jpeg.subarray(at + bytes.length),
          ]);
          await writeFile(path, mutilated);
          const { findings } = await examineImage(path, { name: 'm', ...options });
          expect(findings.every(({ message }) => message.length > 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

describeWithRealData('examineImage() on real images', () => {
  it('gives the published sharpness and the tags of a real drone image', async () => {
    const path = realDataPath('flight-brighton/images/DJI_0030.JPG');
    const { description, thumbnail } = await examineImage(path, {
      name: 'DJI_0030.JPG',
      ...options,
    });
    // The published value is of the whole image; ours of its middle 1024 x 720.
    expect(description.measures!.blur).toBeCloseTo(0.243, 1);
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
    ['zero_height.jpg', 'IMAGE_CORRUPT'],
  ])('names what is wrong with %s', async (name, code) => {
    const { findings } = await examineImage(realDataPath(`hostile/${name}`), { name, ...options });
    expect(findings.map((finding) => finding.code)).toContain(code);
  });

  it('reads a position below the sea', async () => {
    const path = realDataPath('hostile/gps_below_sea.jpg');
    const { description } = await examineImage(path, { name: 'x', ...options });
    expect(description.position!.altitude).toBeLessThan(0);
  });

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
