import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { distortionMap } from '../../geolocalization/io/distortion-map.ts';
import { readRaster } from '../../geolocalization/io/read-raster.ts';
import { readSceneHeader } from '../../geolocalization/io/read-scene-header.ts';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { NO_SHIFT } from '../../geolocalization/model/registration/shift-model.ts';
import type { Raster } from '../../maths/raster.ts';
import { resampleRaster } from '../../maths/resample.ts';
import { encodeScene } from '../../samples/scene-file.ts';
import { SAMPLE_SCENE } from '../../samples/scene.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { patchPixels, SHIFTED_SCENE, writePatchScene } from '../support/tiled-reference.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 120_000;
const SIDE = 640;
const { pixelMeters, west, north } = SHIFTED_SCENE;
const GROUND = { columns: SIDE, rows: SIDE, pixelMeters, west, north };
/** Pixels: by how much content is off to the right around a place in the northeast, and how far around. */
const BULGE = { x: 510, y: 130, most: 0.8, spread: 90 };

afterAll(closeWindowThreads);

describe('the distortion map of a scene', () => {
  it(
    'shows a bulge where it is, and nothing elsewhere',
    async () => {
      const folder = await scratchFolder();
      const [scene, reference] = [join(folder, 'bent.tif'), join(folder, 'reference.tif')];
      await writeBentScene(scene);
      await writePatchScene(reference, GROUND);
      const { registration, fileOf } = await compareScene(await scratchFolder(), {
        scene,
        reference,
      });
      expect(registration.status).toBe('LOCATED');
      const { file, rmsMeters, largestMeters, cells } = registration.distortion!;
      const path = await fileOf(file.sha256);
      const header = await readSceneHeader(path);
      // Windows of 128 pixels, 80 apart: seven fit along each axis, and 16 pixels are left on either side.
      expect(header).toMatchObject({
        width: 7,
        height: 7,
        bands: 2,
        crs: { kind: 'epsg', code: 32632 },
        nodata: Number.NaN,
        transform: [west + 400, 800, 0, north - 400, 0, -800],
      });
      const [east, northward] = [
        await readRaster(path, { bands: [0] }),
        await readRaster(path, { bands: [1] }),
      ];
      let [near, far, squares, largest] = [0, 0, 0, 0];
      for (const [cell, value] of east.values.entries()) {
        const [x, y] = [80 + 80 * (cell % 7), 80 + 80 * Math.floor(cell / 7)];
        const spreads = Math.hypot(x - BULGE.x, y - BULGE.y) / BULGE.spread;
        if (spreads < 0.8) {
          near++;
          // Windows and cells are about as wide as the bulge, and flatten it.
          expect(value).toBeGreaterThan(0.5 * BULGE.most * pixelMeters);
          expect(value).toBeLessThan(BULGE.most * pixelMeters);
        } else if (spreads > 3.5) {
          far++;
          expect(Math.abs(value)).toBeLessThan(0.02 * pixelMeters);
        }
        // Columns of the map here go 1.8 degrees south of east.
        const northOf = northward.values[cell]!;
        expect(Math.abs(northOf + value * Math.tan((1.8 * Math.PI) / 180))).toBeLessThan(0.05);
        squares += value ** 2 + northOf ** 2;
        largest = Math.max(largest, Math.hypot(value, northOf));
      }
      expect([near, far]).toEqual([4, 27]);
      expect(cells).toBe(49);
      expect(rmsMeters).toBeCloseTo(Math.sqrt(squares / 49), 5);
      expect(largestMeters).toBeCloseTo(largest, 5);
      // Another reader sees the same numbers.
      const bands = [
        [0, east.values],
        [1, northward.values],
      ] as const;
      for (const [band, values] of bands) {
        const { data, info } = await sharp(path)
          .pipelineColourspace('b-w')
          .extractChannel(band)
          .toColourspace('b-w')
          .raw({ depth: 'float' })
          .toBuffer({ resolveWithObject: true });
        expect(info).toMatchObject({ width: 7, height: 7, channels: 1 });
        expect(Array.from(values)).toEqual(
          Array.from({ length: 49 }, (_, cell) => data.readFloatLE(4 * cell)),
        );
      }
    },
    LONG,
  );
});

describe('distortionMap()', () => {
  const degrees = 1e-4;
  const grid = {
    map: { epsg: 4326 },
    transform: [11, degrees, 0, 60, 0, -degrees] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ],
    width: 400,
    height: 400,
    reduction: 1,
    origin: { x: 0, y: 0 },
    pixelMeters: { column: 5.6, row: 11.1 },
  };
  const toGround = (x: number, y: number): [number, number] => [
    11 + degrees * (x + 0.5),
    60 - degrees * (y + 0.5),
  ];
  /** All off by half a pixel to the right and a quarter down, where the model has none. */
  const tiePoints = Array.from({ length: 9 }, (_, index) => {
    const [x, y] = [100 * (index % 3), 100 * Math.floor(index / 3)];
    return {
      window: { x, y, width: 128, height: 128 },
      at: { x: x + 63.5, y: y + 63.5 },
      shift: { x: 0.5, y: 0.25 },
      ratio: 3,
      peakToSidelobe: 9,
      orientation: 'axis' as const,
      roundTrip: 0,
      isAccepted: true,
      isInlier: index < 6,
    };
  });

  it('tells in meters what is left in pixels that are not square, north as positive', async () => {
    const map = (await distortionMap({ grid }, { model: NO_SHIFT, tiePoints }, toGround))!;
    const path = join(await scratchFolder(), 'map.tif');
    await writeFile(path, map.bytes);
    const { transform, crs } = await readSceneHeader(path);
    expect(crs).toEqual({ kind: 'epsg', code: 4326 });
    // From the corner of the first cell, whose middle is the corner of pixel 64.
    const expected = [11 + 14 * degrees, 100 * degrees, 0, 60 - 14 * degrees, 0, -100 * degrees];
    transform!.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 12));
    // Meters of a degree at 60 degrees of latitude: 55,800 along the parallel, 111,412 along the meridian.
    expect(map.cells).toBe(9);
    const lengthMeters = Math.hypot(0.5 * 5.58, 0.25 * 11.1412);
    expect(Math.abs(map.largestMeters - lengthMeters)).toBeLessThan(0.005);
    const [east, northward] = [
      await readRaster(path, { bands: [0] }),
      await readRaster(path, { bands: [1] }),
    ];
    expect(Math.abs(east.values[0]! - 2.79)).toBeLessThan(0.005);
    expect(Math.abs(northward.values[0]! + 2.785)).toBeLessThan(0.005);
  });

  it('makes none of fewer than six windows that agree', async () => {
    const fewer = tiePoints.map((point, index) => ({ ...point, isInlier: index < 5 }));
    const work = { model: NO_SHIFT, tiePoints: fewer };
    expect(await distortionMap({ grid }, work, toGround)).toBeNull();
  });
});

/** The ground with its content bent, and stated 30 m too far east and 20 m too far south. */
async function writeBentScene(path: string): Promise<void> {
  const colors = patchPixels(GROUND);
  const values = Float64Array.from({ length: SIDE * SIDE }, (_, pixel) => colors[3 * pixel]!);
  const land: Raster = { width: SIDE, height: SIDE, values, valid: null };
  const bent = resampleRaster(land, { width: SIDE, height: SIDE }, (x, y) => ({
    x: x - bulgeAt(x, y),
    y,
  }));
  const pixels = new Uint8Array(3 * SIDE * SIDE);
  bent.values.forEach((value, pixel) => {
    pixels.fill(Math.max(0, Math.min(255, Math.round(value))), 3 * pixel, 3 * pixel + 3);
  });
  const design = { ...SAMPLE_SCENE, ...GROUND, west: west + 30, north: north - 20 };
  await writeFile(path, encodeScene(pixels, design));
}

/** Pixels. */
function bulgeAt(x: number, y: number): number {
  const square = (x - BULGE.x) ** 2 + (y - BULGE.y) ** 2;
  return BULGE.most * Math.exp(-square / (2 * BULGE.spread ** 2));
}
