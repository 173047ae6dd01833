import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readRaster } from '../../geolocalization/io/read-raster.ts';
import { readSceneHeader } from '../../geolocalization/io/read-scene-header.ts';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { tiledReference } from '../support/tiled-reference.ts';
import { writeTurnedScene } from '../support/turned-scene.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 120_000;
const GROUND = { columns: 700, rows: 700, pixelMeters: 10, west: 674_000, north: 5_342_000 };

let reference: string;
let folder: string;

beforeAll(async () => {
  folder = await scratchFolder();
  reference = join(folder, 'reference.tif');
  await writeFile(reference, await tiledReference(GROUND));
}, LONG);

afterAll(closeWindowThreads);

describe('a warped copy', () => {
  it.each([
    ['of a scene whose pixels lie as those of the reference', 0, { east: 30, north: -20 }],
    ['of a scene that was found turned', 31, null],
  ])(
    '%s shows at each place what the reference shows there',
    async (_what, degrees, statedOff) => {
      const scene = join(folder, `turned-${degrees}.tif`);
      const place = { east: 3000, south: 2600, degrees, scale: 1, side: 300 };
      await writeTurnedScene(scene, GROUND, { ...place, statedOff });
      const { registration, fileOf } = await compareScene(
        await scratchFolder(),
        { scene, reference },
        { isWarped: true },
      );
      expect(registration.status).toBe('LOCATED');
      const path = await fileOf(registration.warpedFile!.sha256);
      const header = await readSceneHeader(path);
      expect(header.crs).toEqual({ kind: 'epsg', code: 32632 });
      const [x, a, b, y, d, e] = header.transform!;
      expect([a, b, d, e]).toEqual([10, 0, 0, -10]);
      // Whole pixels of the reference, so that both can be held against each other.
      const [column, row] = [(x - GROUND.west) / 10, (GROUND.north - y) / 10];
      expect([column, row]).toEqual([Math.round(column), Math.round(row)]);
      const { width, height } = header as { width: number; height: number };
      const copy = await readRaster(path, { bands: [1] });
      const truth = await readRaster(reference, {
        bands: [1],
        window: { x: column, y: row, width, height },
      });
      let [sum, count] = [0, 0];
      for (let pixel = 0; pixel < copy.values.length; pixel++) {
        if (copy.valid?.[pixel] === 0 || truth.valid?.[pixel] === 0) continue;
        sum += Math.abs(copy.values[pixel]! - truth.values[pixel]!);
        count++;
      }
      // All but its edges, and the corners that a turned scene leaves free.
      expect(count).toBeGreaterThan(0.9 * 300 * 300);
      if (degrees !== 0) expect(count).toBeLessThan(0.8 * copy.values.length);
      // Hard edges of patches are softened twice; unrelated ground differs by 50.
      expect(sum / count).toBeLessThan(degrees === 0 ? 2 : 12);
    },
    LONG,
  );
});
