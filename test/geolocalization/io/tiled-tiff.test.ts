import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { chooseLevel } from '../../../geolocalization/io/choose-level.ts';
import { readRaster } from '../../../geolocalization/io/read-raster.ts';
import { readSceneHeader } from '../../../geolocalization/io/read-scene-header.ts';
import type { TiffFile } from '../../../geolocalization/io/tiff-file.ts';
import type { TiffLevel } from '../../../geolocalization/io/tiff-level.ts';
import type { Samples } from '../../../geolocalization/io/tiff-numbers.ts';
import { tiledTiff } from '../../../geolocalization/io/write-tiled-tiff.ts';
import { tiledTiffHeader } from '../../../geolocalization/model/tiled-tiff.ts';
import type { PixelWindow, Raster } from '../../../maths/raster.ts';
import { cutRaster } from '../../../maths/raster.ts';
import { reduceRaster } from '../../../maths/resample.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { ground } from '../model/registration/ground.ts';

const design = {
  width: 300,
  height: 270,
  bands: 3,
  format: 1,
  bits: 16,
  nodata: 0,
  transform: [500000, 2, 0.5, 4000000, 0.25, -2],
  map: { epsg: 32633, isGeographic: false },
  isColor: true,
} as const;

const valueAt = (x: number, y: number, band: number) =>
  1 + ((x * 7 + y * 13 + band * 1000) % 60_000);

describe('a tiled TIFF', () => {
  it('is read back pixel by pixel, by this reader and by another one', async () => {
    const path = join(await scratchFolder(), 'tiled.tif');
    const read = async ({ x, y, width, height }: PixelWindow) =>
      [0, 1, 2].map((band) =>
        Uint16Array.from({ length: width * height }, (_, pixel) =>
          valueAt(x + (pixel % width), y + Math.floor(pixel / width), band),
        ),
      );
    const chunks: Uint8Array[] = [];
    for await (const chunk of tiledTiff(design, read)) chunks.push(chunk);
    await writeFile(path, Buffer.concat(chunks));
    const header = await readSceneHeader(path);
    expect(header).toMatchObject({
      width: 300,
      height: 270,
      bands: 3,
      nodata: 0,
      crs: { kind: 'epsg', code: 32633 },
    });
    expect(header.transform).toEqual(design.transform);
    const second = await readRaster(path, { bands: [1] });
    expect(second.values[260 * 300 + 290]).toBe(valueAt(290, 260, 1));
    expect(
      second.values.every((value, at) => value === valueAt(at % 300, Math.floor(at / 300), 1)),
    ).toBe(true);
    const { data, info } = await sharp(path)
      .pipelineColourspace('rgb16')
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 300, height: 270, channels: 3 });
    expect(data.readUInt16LE(2 * (3 * (260 * 300 + 290) + 2))).toBe(valueAt(290, 260, 2));
  });

  it('becomes a BigTIFF when it has more bytes than the classic kind can count', () => {
    const big = tiledTiffHeader({ ...design, width: 40_000, height: 40_000 });
    expect([...big.subarray(0, 8)]).toEqual([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
    expect([...tiledTiffHeader(design).subarray(0, 4)]).toEqual([0x49, 0x49, 42, 0]);
  });
});

describe('chooseLevel()', () => {
  const full = ground('levels', 512);
  const part = { x: 0, y: 0, width: 512, height: 512 };

  it('takes an overview of means', async () => {
    const means = reduceRaster(full, 4);
    const chosen = await chooseLevel(fileOf(full, means), part, 4);
    expect(chosen.width).toBe(128);
  });

  it('takes none of every fourth pixel, as it lies off by a part of one', async () => {
    const picked: Raster = {
      width: 128,
      height: 128,
      values: Float64Array.from(
        { length: 128 * 128 },
        (_, pixel) => full.values[4 * Math.floor(pixel / 128) * 512 + 4 * (pixel % 128)]!,
      ),
      valid: null,
    };
    expect((await chooseLevel(fileOf(full, picked), part, 4)).width).toBe(512);
  });

  it('takes none that is coarser than the scene', async () => {
    expect((await chooseLevel(fileOf(full, reduceRaster(full, 4)), part, 2)).width).toBe(512);
  });

  function fileOf(...rasters: [Raster, Raster]): TiffFile {
    const levels = rasters.map((raster) => ({
      width: raster.width,
      height: raster.height,
      nodata: null,
      kind: { format: 3, bits: 64 },
      knowsGaps: false,
      readWithOpacity: async (window: PixelWindow) => ({
        bands: [cutRaster(raster, window).values as Samples],
        opacity: null,
      }),
    }));
    return { levels: levels as unknown as [TiffLevel], close: async () => undefined };
  }
});
