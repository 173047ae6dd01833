import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { examineImage } from '../../../ingestion/io/examine-image.ts';
import { closePixelThreads } from '../../../ingestion/io/pixel-threads.ts';
import { fileTypeOf } from '../../../ingestion/model/file-type.ts';
import { sizeByTags } from '../../../ingestion/model/interpret-tags.ts';
import { rawParts } from '../../../ingestion/model/raw-parts.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

/** Entries of a directory: tag and value, each a long. */
type Entries = [tag: number, value: number][];

function directory(entries: Entries): Buffer {
  const bytes = Buffer.alloc(2 + 12 * entries.length + 4);
  bytes.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, value], index) => {
    const at = 2 + 12 * index;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  });
  return bytes;
}

/** A DNG as cameras lay it out: a JPEG first, the directory of the sensor's image below it. */
function dngWith(preview: Buffer): Buffer {
  const main = (previewAt: number, sensorAt: number): Entries => [
    [254, 1],
    [256, 160],
    [257, 120],
    [259, 7],
    [273, previewAt],
    [279, preview.length],
    [330, sensorAt],
    [50706, 0x00000401],
  ];
  const sensor = directory([
    [254, 0],
    [256, 1600],
    [257, 1200],
    [259, 1],
  ]);
  const sensorAt = 8 + directory(main(0, 0)).length;
  const previewAt = sensorAt + sensor.length;
  const head = Buffer.from('49492a0008000000', 'hex');
  return Buffer.concat([head, directory(main(previewAt, sensorAt)), sensor, preview]);
}

let preview: Buffer;
beforeAll(async () => {
  preview = await sharp({
    create: { width: 160, height: 120, channels: 3, background: { r: 64, g: 64, b: 64 } },
  })
    .jpeg()
    .toBuffer();
});
afterAll(closePixelThreads);

describe('rawParts()', () => {
  it('finds the size of the sensor image and the preview beside it', () => {
    const dng = dngWith(preview);
    expect(fileTypeOf(dng)).toBe('raw');
    const parts = rawParts(dng);
    expect(parts.size).toEqual({ width: 1600, height: 1200 });
    expect(Buffer.from(parts.preview!).equals(preview)).toBe(true);
  });

  it('takes no lossless JPEG, which holds sensor data, for a preview', () => {
    const lossless = Buffer.from(preview);
    lossless[lossless.indexOf(Buffer.from('ffc0', 'hex')) + 1] = 0xc3;
    expect(rawParts(dngWith(lossless)).preview).toBeNull();
  });

  it('ends on directories that lead in a circle, or out of the file', () => {
    const circle = dngWith(preview);
    circle.writeUInt32LE(8, 8 + 2 + 12 * 6 + 8);
    expect(rawParts(circle).size).toEqual({ width: 160, height: 120 });
    expect(rawParts(circle.subarray(0, 60)).preview).toBeNull();
    expect(rawParts(new Uint8Array(4))).toEqual({ size: null, preview: null });
  });
});

/** The header of an IIQ: a TIFF whose first directory says little, and the camera's own list before it. */
function iiqWith(preview: Buffer): Buffer {
  const own = Buffer.alloc(8 + 4 + 4 + 8 + 3 * 16);
  own.write('IIII\u0001waR', 0, 'latin1');
  own.writeUInt32LE(16, 8);
  own.writeUInt32LE(3, 16);
  const entries = [
    [0x108, 7372],
    [0x10c, 7320],
    [0x10d, 5484],
  ] as const;
  entries.forEach(([tag, value], index) => {
    const at = 24 + 16 * index;
    own.writeUInt32LE(tag, at);
    own.writeUInt32LE(4, at + 8);
    own.writeUInt32LE(value, at + 12);
  });
  const at = 8 + own.length;
  const length = directory([...sized(1, 1), [273, 0], [279, 0]]).length;
  const head = Buffer.from('49492a0000000000', 'hex');
  head.writeUInt32LE(at, 4);
  const main = directory([...sized(1, 1), [273, at + length], [279, preview.length]]);
  return Buffer.concat([head, own, main, preview]);
}

const sized = (width: number, height: number): Entries => [
  [256, width],
  [257, height],
];

/** The header of a RAF, its JPEG, and its list of sizes. */
function rafWith(preview: Buffer): Buffer {
  const head = Buffer.alloc(108);
  head.write('FUJIFILMCCD-RAW 0201', 0, 'latin1');
  head.writeUInt32BE(head.length, 84);
  head.writeUInt32BE(preview.length, 88);
  head.writeUInt32BE(head.length + preview.length, 92);
  const records = Buffer.from('00000002' + '0100000405a41100' + '01110004059010a0', 'hex');
  return Buffer.concat([head, preview, records]);
}

describe('rawParts() of other cameras', () => {
  it('takes the size of an IIQ from its own list, and the JPEG beside it', () => {
    const iiq = iiqWith(preview);
    expect(fileTypeOf(iiq)).toBe('raw');
    const parts = rawParts(iiq);
    expect(parts.size).toEqual({ width: 7320, height: 5484 });
    expect(Buffer.from(parts.preview!).equals(preview)).toBe(true);
    expect(rawParts(iiq.subarray(0, 30)).size).toBeNull();
  });

  it('takes size and JPEG of a RAF from its header', () => {
    const raf = rafWith(preview);
    expect(fileTypeOf(raf)).toBe('raw');
    const parts = rawParts(raf);
    expect(parts.size).toEqual({ width: 4256, height: 1424 });
    expect(Buffer.from(parts.preview!).equals(preview)).toBe(true);
    expect(rawParts(raf.subarray(0, 110))).toEqual({ size: null, preview: null });
  });
});

describe('sizeByTags()', () => {
  const tags = { exif: { PixelXDimension: [3456], PixelYDimension: [2304] }, xmp: {} };
  it('is that of the tags where the directories name a preview alone', () => {
    const sensor = { width: 3456, height: 2304 };
    expect(sizeByTags({ width: 1536, height: 1024 }, tags)).toEqual(sensor);
    expect(sizeByTags(null, tags)).toEqual(sensor);
    const larger = { width: 3516, height: 2328 };
    expect(sizeByTags(larger, tags)).toEqual(larger);
    expect(sizeByTags(larger, { exif: {}, xmp: {} })).toEqual(larger);
  });
});

describe('examineImage() of a raw file', () => {
  const options = { name: 'A.DNG', limitPixels: 3e8, timeoutSeconds: 12 };

  it('judges the preview, says so, and keeps the size of the sensor image', async () => {
    const path = join(await scratchFolder(), 'A.DNG');
    await writeFile(path, dngWith(preview));
    const { description, findings } = await examineImage(path, options);
    expect(description).toMatchObject({ format: 'raw', width: 1600, height: 1200 });
    expect(description.measures!.meanLuminance).toBeCloseTo(0.25, 2);
    expect(findings).toMatchObject([
      { code: 'PIXELS_UNSUPPORTED', severity: 'warning', values: { width: 160, height: 120 } },
      { code: 'GPS_MISSING' },
      { code: 'FOCAL_UNKNOWN' },
      { code: 'EXIF_MISSING' },
    ]);
  });

  it('reads the tags that a RAF keeps in its JPEG', async () => {
    const path = join(await scratchFolder(), 'A.RAF');
    const tagged = await sharp(preview)
      .withExif({ IFD0: { Make: 'FUJIFILM', Model: 'GFX100' } })
      .jpeg()
      .toBuffer();
    await writeFile(path, rafWith(tagged));
    const { description } = await examineImage(path, options);
    expect(description).toMatchObject({ width: 4256, height: 1424, model: 'GFX100' });
    expect(description.measures).not.toBeNull();
  });

  it('goes by the tags where the preview is damaged', async () => {
    const path = join(await scratchFolder(), 'A.DNG');
    const damaged = preview.subarray(0, preview.length / 2);
    await writeFile(path, dngWith(damaged));
    const { description, findings } = await examineImage(path, options);
    expect(description).toMatchObject({ width: 1600, height: 1200, measures: null });
    expect(findings[0]).toMatchObject({ code: 'PIXELS_UNSUPPORTED', severity: 'warning' });
  });
});
