import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { PAIR_REFERENCE, PAIR_SCENE, writeScene, writeScenePair } from '../support/scene-pair.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { compareScene } from './support/compare-scene.ts';
import { rpcTextOf } from './support/rpc-of-scene.ts';

const LONG = 60_000;
/** Meters: a twentieth of a pixel. */
const PRECISION = PAIR_SCENE.pixelMeters / 20;

let pair: { scenePath: string; referencePath: string };
let folder: string;

beforeAll(async () => {
  folder = await scratchFolder();
  pair = await writeScenePair(folder);
}, LONG);

afterAll(closeWindowThreads);

describe('a comparison of generated scenes', () => {
  it(
    'gives the same bytes however its windows are spread',
    async () => {
      const paths = { scene: pair.scenePath, reference: pair.referencePath };
      const first = await compareScene(await scratchFolder(), paths);
      const second = await compareScene(await scratchFolder(), paths, {
        windowsPerBatch: 7,
        isBackwards: true,
        threads: 1,
      });
      expect(first.registration.status).toBe('LOCATED');
      expect(second.digest).toBe(first.digest);
    },
    LONG,
  );

  it(
    'puts two halves of a reference together, and compares across pixels of another size',
    async () => {
      const halves = join(folder, 'halves');
      await mkdir(halves);
      const half = { ...PAIR_REFERENCE, rows: 176, pixelMeters: 20 };
      await writeScene(join(halves, 'west.tif'), { ...half, columns: 88 });
      await writeScene(join(halves, 'east.tif'), { ...half, columns: 88, west: half.west + 1760 });
      const { registration } = await compareScene(await scratchFolder(), {
        scene: pair.scenePath,
        reference: halves,
      });
      expect(registration.status).toBe('LOCATED');
      expect(registration.references).toHaveLength(2);
      expect(registration.grid!.isTargetResampled).toBe(true);
      const [x, , , y] = registration.correctedTransform!;
      expect(Math.abs(x - (PAIR_SCENE.west - PAIR_SCENE.shiftEast))).toBeLessThan(2 * PRECISION);
      expect(Math.abs(y - (PAIR_SCENE.north - PAIR_SCENE.shiftNorth))).toBeLessThan(2 * PRECISION);
    },
    LONG,
  );

  it(
    'finds the bias of a sensor model that stands beside the scene',
    async () => {
      const bare = join(folder, 'bare');
      await mkdir(bare);
      await writeScene(join(bare, 'x.tif'), { ...PAIR_SCENE, isPlaced: false });
      await writeFile(join(bare, 'x_RPC.TXT'), await rpcTextOf(PAIR_SCENE));
      const { location, registration } = await compareScene(await scratchFolder(), {
        scene: join(bare, 'x.tif'),
        reference: pair.referencePath,
      });
      expect(location.reason).toMatch(/rational polynomials of "x_RPC.TXT"/);
      expect(registration.status).toBe('LOCATED');
      expect(registration.correctedTransform).toBeNull();
      const { samplePixels, linePixels } = registration.correctedBias!;
      // Content is too far east by this many pixels: where it is seen, against where the model projects it.
      expect(samplePixels).toBeCloseTo(PAIR_SCENE.shiftEast / PAIR_SCENE.pixelMeters, 1);
      expect(linePixels).toBeCloseTo(-PAIR_SCENE.shiftNorth / PAIR_SCENE.pixelMeters, 1);
    },
    LONG,
  );

  it(
    'finds no match in unrelated ground, and corrects nothing',
    async () => {
      const path = join(folder, 'other', 'other.tif');
      // So small that it is soon looked for everywhere.
      const small = { columns: 200, rows: 200 };
      const reference = join(folder, 'small', 'reference.tif');
      await writeScene(path, { ...PAIR_SCENE, ...small, seed: 99 });
      await writeScene(reference, { ...PAIR_REFERENCE, columns: 230, rows: 230 });
      const paths = { scene: path, reference };
      const { registration } = await compareScene(await scratchFolder(), paths);
      expect(['NO_MATCH', 'WEAK']).toContain(registration.status);
      expect(registration.correctedTransform).toBeNull();
      expect(registration.correctedFile).toBeNull();
      expect(registration.worldFile).toBeNull();
    },
    LONG,
  );

  it(
    'says when the pixels differ too much in size',
    async () => {
      const path = join(folder, 'coarse', 'coarse.tif');
      await writeScene(path, { ...PAIR_REFERENCE, columns: 35, rows: 35, pixelMeters: 100 });
      const { registration } = await compareScene(await scratchFolder(), {
        scene: pair.scenePath,
        reference: path,
      });
      expect(registration.status).toBe('NOT_COMPARABLE');
      expect(registration.reason).toMatch(/differ in size by 8 times at most: found 10/);
    },
    LONG,
  );
});
