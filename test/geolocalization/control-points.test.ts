import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { georeferenceFile } from '../../geolocalization/io/georeference-scene.ts';
import { readRaster } from '../../geolocalization/io/read-raster.ts';
import { readSceneHeader } from '../../geolocalization/io/read-scene-header.ts';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { geoKeys } from '../../geolocalization/model/tiled-tiff.ts';
import type { Raster } from '../../maths/raster.ts';
import { resampleRaster } from '../../maths/resample.ts';
import { DOUBLE, SHORT } from '../../maths/tiff-fields.ts';
import { writeTiff } from '../support/masked-tiff.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { patchPixels, tiledReference } from '../support/tiled-reference.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 120_000;
const GROUND = { columns: 560, rows: 560, pixelMeters: 10, west: 674_000, north: 5_342_000 };
const SIDE = 320;
/** By how much its control points are off, meters. */
const OFF = { east: 30, north: -20 };

type InGround = (column: number, row: number) => [column: number, row: number];
/** Up to eight pixels off from any six numbers. */
const bent: InGround = (c, r) => [
  110 + c + 3e-4 * (r - 160) ** 2,
  120 + r + 3e-4 * (c - 160) ** 2 - 1e-4 * c * r,
];
const oblique: InGround = (c, r) => {
  const depth = 1 + 3e-4 * c - 4e-4 * r;
  return [110 + (c + 0.1 * r) / depth, 120 + (r - 0.05 * c) / depth];
};

let folder: string;
let reference: string;

beforeAll(async () => {
  folder = await scratchFolder();
  reference = join(folder, 'reference.tif');
  await writeFile(reference, await tiledReference(GROUND));
}, LONG);

afterAll(closeWindowThreads);

describe('a scene that ground control points place and no six numbers can', () => {
  it.each([
    ['bent', bent, 'thin-plate-spline'],
    ['oblique', oblique, 'projective'],
  ] as const)(
    'is compared, and its control points are moved: %s',
    async (name, inGround, kind) => {
      const scene = join(folder, `${name}.tif`);
      await writeSceneWithControl(scene, inGround);
      const { location, registration, fileOf } = await compareScene(
        await scratchFolder(),
        { scene, reference },
        { isWarped: true },
      );
      expect(location).toMatchObject({
        status: 'stated',
        crs: 'EPSG:32632',
        geotransform: null,
        placement: { kind: 'control', source: 'file', model: { kind } },
        control: { model: kind, points: 25 },
      });
      expect(location.control!.leaveOneOutPixels).toBeLessThan(2);
      expect(registration.status).toBe('LOCATED');
      // The map's north lies nearly 2 degrees east of true north there.
      const { eastMeters, northMeters } = registration.displacement!;
      expect(Math.hypot(eastMeters - OFF.east, northMeters - OFF.north)).toBeLessThan(1.5);
      expect(registration.remainingPixels).toBeLessThan(0.1);
      expect(registration.correctedTransform).toBeNull();
      expect(registration.worldFile).toBeNull();
      const truth = controlOf(inGround, { east: 0, north: 0 });
      const { groundControl, crs } = await readSceneHeader(
        await fileOf(registration.correctedFile!.sha256),
      );
      expect(crs).toEqual({ kind: 'epsg', code: 32632 });
      expect(groundControl).toEqual(registration.correctedControl!.points);
      groundControl.forEach(({ column, row, x, y }, index) => {
        expect([column, row]).toEqual([truth[index]!.column, truth[index]!.row]);
        expect(Math.hypot(x - truth[index]!.x, y - truth[index]!.y)).toBeLessThan(1);
      });
      const again = await georeferenceFile(
        'corrected.tif',
        await fileOf(registration.correctedFile!.sha256),
      );
      expect(again.footprint!.coordinates[0]![0]!.length).toBeGreaterThan(60);
      expect(again.footprint).toEqual(registration.correctedFootprint);
      await expectSameGround(await fileOf(registration.warpedFile!.sha256));
    },
    LONG,
  );

  it('cannot serve as a reference, and says what to do', async () => {
    const scene = join(folder, 'bent.tif');
    await expect(
      compareScene(await scratchFolder(), { scene: reference, reference: scene }),
    ).rejects.toThrow(
      'as no affine transform fits its ground control points within 1 px: warp it onto a map first',
    );
  });
});

function controlOf(inGround: InGround, off: { east: number; north: number }) {
  return Array.from({ length: 25 }, (_, index) => {
    const [column, row] = [((index % 5) * SIDE) / 4, (Math.floor(index / 5) * SIDE) / 4];
    const [x, y] = inGround(column, row);
    return {
      column,
      row,
      x: GROUND.west + 10 * x + off.east,
      y: GROUND.north - 10 * y + off.north,
    };
  });
}

async function writeSceneWithControl(path: string, inGround: InGround): Promise<void> {
  const colors = patchPixels(GROUND);
  const values = Float64Array.from({ length: 560 * 560 }, (_, pixel) => colors[3 * pixel]!);
  const land: Raster = { width: 560, height: 560, values, valid: null };
  const seen = resampleRaster(land, { width: SIDE, height: SIDE }, (x, y) => {
    const [u, v] = inGround(x + 0.5, y + 0.5);
    return { x: u - 0.5, y: v - 0.5 };
  });
  const tiepoints = controlOf(inGround, OFF).flatMap(({ column, row, x, y }) => [
    column,
    row,
    0,
    x,
    y,
    0,
  ]);
  await writeTiff(path, [
    {
      width: SIDE,
      height: SIDE,
      bits: [8],
      bytes: Uint8Array.from(seen.values, (value) => Math.max(0, Math.min(255, Math.round(value)))),
      fields: [
        [33922, DOUBLE, tiepoints],
        [34735, SHORT, geoKeys({ epsg: 32632, isGeographic: false })],
      ],
    },
  ]);
}

/** A warped copy shows at each place what the reference shows there. */
async function expectSameGround(path: string): Promise<void> {
  const { transform, width, height } = await readSceneHeader(path);
  const [x, , , y] = transform!;
  const window = {
    x: (x - GROUND.west) / 10,
    y: (GROUND.north - y) / 10,
    width: width!,
    height: height!,
  };
  const [copy, truth] = [await readRaster(path), await readRaster(reference, { window })];
  let [sum, count] = [0, 0];
  copy.values.forEach((value, pixel) => {
    if (copy.valid?.[pixel] === 0 || truth.valid?.[pixel] === 0) return;
    sum += Math.abs(value - truth.values[pixel]!);
    count++;
  });
  expect(count).toBeGreaterThan(0.8 * SIDE * SIDE);
  // Hard edges of patches are softened twice; unrelated ground differs by 50.
  expect(sum / count).toBeLessThan(6);
}
