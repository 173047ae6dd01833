import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseLevel } from '../../geolocalization/io/choose-level.ts';
import { openRaster } from '../../geolocalization/io/read-raster.ts';
import { openTiffFile } from '../../geolocalization/io/tiff-file.ts';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { LONG, SHORT } from '../../maths/tiff-fields.ts';
import { openFileSource } from '../../platform/byte-source.ts';
import { closeDownloads } from '../../platform/download.ts';
import { type ImageOfTiff, placeFields, tiffOf, writeTiff } from '../support/masked-tiff.ts';
import { startRangeServer } from '../support/range-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { compareScene } from './support/compare-scene.ts';

const SIDE = 160;
const image: ImageOfTiff = {
  width: SIDE,
  height: SIDE,
  bits: [8],
  bytes: Uint8Array.from(
    { length: SIDE * SIDE },
    (_, pixel) => Math.imul(pixel, 0x9e3779b1) >>> 24,
  ),
  fields: placeFields(681_000, 5_335_560, 10),
};
/** LZMA, which no decoder here reads. */
const unknown = { ...image, fields: [...image.fields!, [259, SHORT, [34_925]] as const] };

let folder: string;
let good: string;
let short: string;

beforeAll(async () => {
  folder = await scratchFolder();
  [good, short] = [join(folder, 'good.tif'), join(folder, 'short.tif')];
  await writeTiff(good, [image]);
  await writeTiff(short, [image]);
  await truncate(short, (SIDE * SIDE) / 2);
});

afterAll(async () => {
  await closeDownloads();
  await closeWindowThreads();
});

describe('pixels that cannot be read', () => {
  it('of a scene: it is said at once, and nothing is tried again', async () => {
    expect(await reasonOf(short, good)).toBe(
      'Reference and target cannot be compared as the pixels of the scene cannot be read: a block of them is too short, so the file is damaged or was not copied whole',
    );
    const path = join(folder, 'unknown.tif');
    await writeTiff(path, [unknown]);
    expect(await reasonOf(path, good)).toBe(
      'Reference and target cannot be compared as the pixels of the scene cannot be read: compression 34925 of TIFF is not read here: write it with none, LZW, deflate, ZSTD or JPEG',
    );
  });

  it('of a reference: it is named', async () => {
    expect(await reasonOf(good, short)).toBe(
      'Reference and target cannot be compared as the pixels of the reference "short.tif" cannot be read: a block of them is too short, so the file is damaged or was not copied whole',
    );
  });

  it('of a scene without a place: it is not looked for', async () => {
    const path = join(folder, 'bare.tif');
    await writeTiff(path, [{ ...unknown, fields: [[259, SHORT, [34_925]]] }]);
    expect(await reasonOf(path, good)).toMatch(
      /states no place: .*, and it was not looked for elsewhere as the pixels of the scene cannot be read: compression 34925/,
    );
  });

  it('of a reference on a server, and one that is longer than may be read: both are named', async () => {
    const server = await startRangeServer();
    try {
      server.files.set('/a.tif', { body: tiffOf([unknown]) });
      expect(await reasonOf(good, `${server.base}/a.tif`)).toMatch(
        /the reference cannot be used: Cannot use "http.*\/a.tif" as a reference as its pixels cannot be read: compression 34925/,
      );
    } finally {
      await server.stop();
    }
    const large = join(folder, 'large.tif');
    await writeFile(large, Buffer.concat([tiffOf([image]), Buffer.alloc(1_100_000)]));
    expect(await reasonOf(good, large, { SKYLOOM_MAX_DOWNLOAD_MEGABYTES: '1' })).toMatch(
      /the reference cannot be used: Cannot use ".*large.tif" as a reference as it is longer than 1000000 bytes: raise SKYLOOM_MAX_DOWNLOAD_MEGABYTES/,
    );
  });
});

describe('an overview that cannot be decoded', () => {
  it('takes nothing from the image itself', async () => {
    const path = join(folder, 'overview.tif');
    const half = { width: SIDE / 2, height: SIDE / 2, bits: [8] };
    const overview: ImageOfTiff = {
      ...half,
      bytes: new Uint8Array(900).fill(0xff),
      // Reduced, and deflated as it says.
      fields: [
        [254, LONG, [1]],
        [259, SHORT, [8]],
      ],
    };
    await writeTiff(path, [image, overview]);
    const reader = await openRaster(path);
    const request = { factor: 4 };
    const rough = await reader.read({ ...request, isRough: true });
    expect(rough.values).toEqual((await reader.read(request)).values);
    await reader.close();
    const tiff = await openTiffFile(await openFileSource(path), { canSkip: false });
    expect(tiff.levels).toHaveLength(2);
    const part = { x: 0, y: 0, width: SIDE, height: SIDE };
    expect(await chooseLevel(tiff, part, 2)).toBe(tiff.levels[0]);
    await tiff.close();
  });
});

async function reasonOf(
  scene: string,
  reference: string,
  environment: Record<string, string> = {},
) {
  const paths = { scene, reference };
  const { registration } = await compareScene(await scratchFolder(), paths, { environment });
  return registration.reason;
}
