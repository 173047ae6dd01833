import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import {
  georeferenceFile,
  georeferenceScene,
  nodataOf,
} from '../../geolocalization/io/georeference-scene.ts';
import { openRaster, readRaster } from '../../geolocalization/io/read-raster.ts';
import { cutRaster } from '../../maths/raster.ts';
import { ASCII, SHORT } from '../../maths/tiff-fields.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { closeDownloads } from '../../platform/download.ts';
import {
  asBits,
  type ImageOfTiff,
  MASK_FIELDS,
  placeFields,
  tiffOf,
  writeTiff,
} from '../support/masked-tiff.ts';
import { startRangeServer } from '../support/range-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { patchPixels, SHIFTED_SCENE } from '../support/tiled-reference.ts';
import { compareScene } from './support/compare-scene.ts';

/** No multiple of eight, so that rows end inside of a byte. */
const SIZE = { width: 37, height: 23 };
const isData = (x: number, y: number) => x >= 5 && x < 30 && (x + y) % 11 !== 3;
const expected = Uint8Array.from({ length: 37 * 23 }, (_, pixel) =>
  isData(pixel % 37, Math.floor(pixel / 37)) ? 1 : 0,
);
const image: ImageOfTiff = {
  ...SIZE,
  bits: [8],
  bytes: Uint8Array.from({ length: 37 * 23 }, (_, pixel) => (pixel * 7) % 251),
};
const bitMask: ImageOfTiff = {
  ...SIZE,
  bits: [1],
  bytes: asBits(SIZE, isData),
  fields: MASK_FIELDS,
};
const reversed = (byte: number) =>
  Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) << (7 - bit)).reduce((a, b) => a | b);

let folder: string;

beforeAll(async () => {
  folder = await scratchFolder();
});

afterAll(async () => {
  await closeDownloads();
  await closeWindowThreads();
});

describe('a mask in an image of its own', () => {
  it.each([
    ['of one bit', bitMask],
    ['of one bit, compressed', { ...bitMask, isDeflated: true }],
    [
      'of one bit, the first pixel in the lowest',
      {
        ...bitMask,
        bytes: bitMask.bytes.map(reversed),
        fields: [...MASK_FIELDS, [266, SHORT, [2]] as const],
      },
    ],
    ['of eight bits', { ...bitMask, bits: [8], bytes: expected.map((value) => 255 * value) }],
  ])('hides the pixels that it has no bit for: one %s', async (what, mask) => {
    const path = join(folder, `${what}.tif`);
    await writeTiff(path, [image, mask]);
    const raster = await readRaster(path);
    expect(raster.valid).toEqual(expected);
    const window = { x: 11, y: 3, width: 9, height: 7 };
    const part = await readRaster(path, { window });
    const cut = cutRaster(raster, window);
    expect(part.valid).toEqual(cut.valid);
    part.valid!.forEach((isValid, pixel) => {
      if (isValid === 1) expect(part.values[pixel]).toBe(cut.values[pixel]);
    });
  });

  it('hides those of a value that an .aux.xml beside a scene names, and its own value counts no more', async () => {
    const path = join(folder, 'nodata.tif');
    const fields = placeFields(681_000, 5_335_560, 10);
    const bytes = new Uint8Array(37 * 23).fill(9);
    // A block of sevens at the right, where the value of the tag stands nowhere.
    for (let pixel = 0; pixel < bytes.length; pixel++) if (pixel % 37 >= 20) bytes[pixel] = 7;
    const tag = [42113, ASCII, [0x33, 0]] as const;
    await writeTiff(path, [{ ...SIZE, bits: [8], bytes, fields: [...fields, tag] }]);
    await writeFile(
      `${path}.aux.xml`,
      '<PAMDataset><PAMRasterBand band="1"><NoDataValue>7</NoDataValue></PAMRasterBand></PAMDataset>',
    );
    const store = new ArtifactStore(await scratchFolder());
    const stored = async (file: string) =>
      store.addBytes('run', 'image/tiff', await readFile(file));
    const scene = {
      name: 'nodata.tif',
      file: await stored(path),
      reason: null,
      companions: [
        {
          kind: 'auxiliary' as const,
          name: 'nodata.tif.aux.xml',
          file: await stored(`${path}.aux.xml`),
        },
      ],
    };
    const placed = await georeferenceScene(scene, (ref) => store.fileOf(ref));
    expect(placed.nodata).toBe(7);
    expect(placed.findings).toContainEqual({
      code: 'GEOREFERENCE_CONTRADICTED',
      severity: 'warning',
      message:
        'its own value for missing data is 3, and that of "nodata.tif.aux.xml" is 7, which is used as GDAL does',
    });
    const longitudes = (outline: SceneLocation['footprint']) =>
      outline!.coordinates[0]![0]!.map(([x]) => x);
    const [all, data] = [longitudes(placed.footprint), longitudes(placed.validFootprint ?? null)];
    const share = (Math.max(...data) - Math.min(...data)) / (Math.max(...all) - Math.min(...all));
    expect(share).toBeCloseTo(20 / 37, 1);
    expect(await nodataOf(scene, (ref) => store.fileOf(ref))).toBe(7);
  });

  it('hides them when it lies beside the file, too, and what opacity hides stays hidden', async () => {
    const path = join(folder, 'alpha.tif');
    const bytes = new Uint8Array(2 * 37 * 23).fill(200);
    // Gray and opacity: the first row is clear.
    for (let x = 0; x < 37; x++) bytes[2 * x + 1] = 0;
    await writeTiff(path, [{ ...SIZE, bits: [8, 8], bytes, fields: [[338, SHORT, [2]]] }]);
    await writeTiff(`${path}.msk`, [{ ...bitMask, fields: [] }]);
    const reader = await openRaster(path, { maskPath: `${path}.msk` });
    const { valid } = await reader.read();
    await reader.close();
    expect(valid!.subarray(0, 37)).toEqual(new Uint8Array(37));
    expect(valid!.subarray(37)).toEqual(expected.subarray(37));
  });

  it('goes with the overview of its size; one without a mask is not looked at', async () => {
    const full = { width: 64, height: 64 };
    const half = { width: 32, height: 32 };
    const left = (side: number) => (x: number) => x < side / 2;
    const level = (size: typeof full, fields: ImageOfTiff['fields'] = []): ImageOfTiff => ({
      ...size,
      bits: [8],
      bytes: new Uint8Array(size.width * size.height).fill(size.width),
      fields: [...fields],
    });
    const mask = (size: typeof full, subfile: number): ImageOfTiff => ({
      ...size,
      bits: [1],
      bytes: asBits(size, left(size.width)),
      fields: [
        [254, 4, [subfile]],
        [262, SHORT, [4]],
      ],
    });
    const reduced = [[254, 4, [1]]] as const;
    const masked = join(folder, 'masked.tif');
    await writeTiff(masked, [level(full), level(half, reduced), mask(full, 4), mask(half, 5)]);
    const bare = join(folder, 'bare.tif');
    await writeTiff(bare, [level(full), level(half, reduced), mask(full, 4)]);
    const rough = { factor: 4, isRough: true };
    const [fromHalf, fromFull] = [await readRaster(masked, rough), await readRaster(bare, rough)];
    expect([fromHalf.values[0], fromFull.values[0]]).toEqual([32, 64]);
    for (const { valid } of [fromHalf, fromFull]) {
      expect(Array.from(valid!.subarray(0, 16))).toEqual([
        1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
      ]);
    }
  });
});

describe('a scene and a reference with masks', () => {
  const { columns, rows, west, north, pixelMeters, shiftEast, shiftNorth } = SHIFTED_SCENE;
  const size = { width: columns, height: rows };
  const isLeft = (x: number) => x < 0.55 * columns;
  /** What the mask hides is white. */
  const scene: ImageOfTiff = {
    ...size,
    bits: [8, 8, 8],
    bytes: patchPixels(SHIFTED_SCENE).map((value, index) =>
      isLeft(Math.floor(index / 3) % columns) ? value : 255,
    ),
    fields: placeFields(west, north, pixelMeters),
  };
  const mask: ImageOfTiff = { ...size, bits: [1], bytes: asBits(size, isLeft) };

  it('are compared where both hold data, whether it lies inside or beside, here or on a server', async () => {
    const path = join(folder, 'scene.tif');
    await writeTiff(path, [scene]);
    await writeTiff(`${path}.msk`, [mask]);
    const truth = { ...SHIFTED_SCENE, shiftEast: 0, shiftNorth: 0 };
    const isUpper = (_x: number, y: number) => y < 0.6 * rows;
    const reference = tiffOf([
      {
        ...size,
        bits: [8, 8, 8],
        bytes: patchPixels(truth).map((value, index) =>
          isUpper(0, Math.floor(index / 3 / columns)) ? value : 0,
        ),
        fields: placeFields(west, north, pixelMeters),
      },
      { ...size, bits: [1], bytes: asBits(size, isUpper), fields: MASK_FIELDS },
    ]);
    const server = await startRangeServer();
    try {
      server.files.set('/ortho.tif', { body: reference });
      const { location, registration, store } = await compareScene(await scratchFolder(), {
        scene: path,
        reference: `${server.base}/ortho.tif`,
      });
      expect(widthOf(location.validFootprint) / widthOf(location.footprint)).toBeCloseTo(0.55, 1);
      expect(registration.status).toBe('LOCATED');
      const [x, , , y] = registration.correctedTransform!;
      expect(Math.abs(x - (west - shiftEast))).toBeLessThan(pixelMeters / 10);
      expect(Math.abs(y - (north - shiftNorth))).toBeLessThan(pixelMeters / 10);
      const points = JSON.parse(
        (await store.readBytes(registration.tiePoints!)).toString('utf8'),
      ) as { features: { geometry: { coordinates: [number, number] } }[] };
      expect(points.features.length).toBeGreaterThan(3);
      const [ring] = location.validFootprint!.coordinates[0]!;
      const eastern = Math.max(...ring!.map(([longitude]) => longitude));
      for (const { geometry } of points.features) {
        expect(geometry.coordinates[0]).toBeLessThan(eastern);
      }
    } finally {
      await server.stop();
    }
  }, 60_000);

  it('say so when the mask beside is that of another file, or none', async () => {
    const path = join(folder, 'other.tif');
    await writeTiff(path, [scene]);
    await writeTiff(`${path}.msk`, [bitMask]);
    expect((await georeferenceFile('other.tif', path)).warnings).toEqual([
      'the mask "other.tif.msk" is not used as it has 37 x 23 pixels: 320 x 320 are needed',
    ]);
    await writeFile(`${path}.msk`, 'no image');
    expect((await georeferenceFile('other.tif', path)).warnings).toEqual([
      'the mask "other.tif.msk" is not used as it is no TIFF, JPEG, PNG, WebP or JPEG 2000 file',
    ]);
  });
});

function widthOf(outline: SceneLocation['footprint'] | undefined): number {
  const [ring] = outline!.coordinates[0]!;
  const longitudes = ring!.map(([longitude]) => longitude);
  return Math.max(...longitudes) - Math.min(...longitudes);
}
