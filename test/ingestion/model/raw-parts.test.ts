import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { examineImage } from '../../../ingestion/io/examine-image.ts';
import { closePixelThreads } from '../../../ingestion/io/pixel-threads.ts';
import { fileTypeOf } from '../../../ingestion/model/file-type.ts';
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

  it('goes by the tags where the preview is damaged', async () => {
    const path = join(await scratchFolder(), 'A.DNG');
    const damaged = preview.subarray(0, preview.length / 2);
    await writeFile(path, dngWith(damaged));
    const { description, findings } = await examineImage(path, options);
    expect(description).toMatchObject({ width: 1600, height: 1200, measures: null });
    expect(findings[0]).toMatchObject({ code: 'PIXELS_UNSUPPORTED', severity: 'warning' });
  });
});
