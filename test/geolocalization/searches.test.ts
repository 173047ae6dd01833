import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { readSceneHeader } from '../../geolocalization/io/read-scene-header.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { tiledReference } from '../support/tiled-reference.ts';
import { writeTurnedScene } from '../support/turned-scene.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 180_000;
const GROUND = { columns: 1400, rows: 1400, pixelMeters: 10, west: 674_000, north: 5_342_000 };

let reference: string;
let home: string;

beforeAll(async () => {
  home = await scratchFolder();
  reference = join(home, 'reference.tif');
  await writeFile(reference, await tiledReference(GROUND));
}, LONG);

afterAll(closeWindowThreads);

describe('a scene that lies far from where it states', () => {
  it(
    'is found by a search around it, and says how far off it states itself',
    async () => {
      const scene = join(home, 'far.tif');
      const truth = { east: 4300, south: 5100, degrees: 0, scale: 1 };
      await writeTurnedScene(scene, GROUND, {
        ...truth,
        side: 320,
        statedOff: { east: 2870, north: -1940 },
      });
      const { registration } = await compareScene(await scratchFolder(), { scene, reference });
      expect(registration.status).toBe('LOCATED');
      expect(registration.search).toMatchObject({ isFound: true });
      const [x, , , y] = registration.correctedTransform!;
      expect(Math.abs(x - (GROUND.west + truth.east))).toBeLessThan(0.5);
      expect(Math.abs(y - (GROUND.north - truth.south))).toBeLessThan(0.5);
      // North of the map is not that of the ground, and lengths differ by less than a thousandth.
      const { lengthMeters } = registration.displacement!;
      expect(Math.abs(lengthMeters / Math.hypot(2870, 1940) - 1)).toBeLessThan(1e-3);
      expect(registration.reason).toMatch(
        /^The scene lies 34\d\d\.\d m from where it states: a search of \d+ places found it/,
      );
      expect(registration.falseAlarms!).toBeLessThan(1e-4);
    },
    LONG,
  );
});

describe('a scene without a georeference', () => {
  it(
    'is found in a wider reference, whatever its turn and the size of its pixels',
    async () => {
      const scene = join(home, 'bare.tif');
      const truth = { east: 4400, south: 5300, degrees: 37, scale: 1.3 };
      await writeTurnedScene(scene, GROUND, { ...truth, side: 400, statedOff: null });
      const { location, registration, fileOf } = await compareScene(await scratchFolder(), {
        scene,
        reference,
      });
      expect(location.status).toBe('unlocated');
      expect(registration.status).toBe('LOCATED');
      expect(registration.displacement).toBeNull();
      expect(registration.reason).toMatch(
        /^The scene states no place: a search of \d+ places found it/,
      );
      // Where its first corner and the end of its first row belong.
      const [x, a, b, y, d, e] = registration.correctedTransform!;
      const [c, s] = [Math.cos((37 * Math.PI) / 180), Math.sin((37 * Math.PI) / 180)];
      const pixel = 13;
      expect(Math.abs(x - (GROUND.west + truth.east))).toBeLessThan(2);
      expect(Math.abs(y - (GROUND.north - truth.south))).toBeLessThan(2);
      expect(Math.abs(a - pixel * c)).toBeLessThan(0.01);
      expect(Math.abs(d + pixel * s)).toBeLessThan(0.01);
      expect(Math.abs(b + pixel * s)).toBeLessThan(0.01);
      expect(Math.abs(e + pixel * c)).toBeLessThan(0.01);
      // The corrected file names the map itself.
      const header = await readSceneHeader(await fileOf(registration.correctedFile!.sha256));
      expect(header.crs).toEqual({ kind: 'epsg', code: 32632 });
      expect(registration.correctedFootprint!.coordinates[0]![0]!.length).toBeGreaterThan(20);
    },
    LONG,
  );

  it(
    'is looked for in the area that the request names, and nowhere else',
    async () => {
      const scene = join(home, 'small-bare.tif');
      const truth = { east: 9800, south: 9600, degrees: -100, scale: 1 };
      await writeTurnedScene(scene, GROUND, { ...truth, side: 300, statedOff: null });
      const near = [11.45, 48.1, 11.53, 48.16] as const;
      const found = await compareScene(await scratchFolder(), {
        scene,
        reference,
        searchArea: near,
      });
      expect(found.registration.status).toBe('LOCATED');
      const [x, , , y] = found.registration.correctedTransform!;
      expect(Math.abs(x - (GROUND.west + truth.east))).toBeLessThan(2);
      expect(Math.abs(y - (GROUND.north - truth.south))).toBeLessThan(2);
      const beside = [5, 40, 6, 41] as const;
      const lost = await compareScene(await scratchFolder(), {
        scene,
        reference,
        searchArea: beside,
      });
      expect(lost.registration.status).toBe('UNLOCATED');
      expect(lost.registration.reason).toMatch(/no file of the reference lies near it/);
    },
    LONG,
  );

  it(
    'stays without a place when it shows other ground',
    async () => {
      const scene = join(home, 'other.tif');
      const small = join(home, 'small.tif');
      await writeFile(small, await tiledReference({ ...GROUND, columns: 520, rows: 520 }));
      const far = { east: 900_000, south: 700_000, degrees: 20, scale: 1 };
      await writeTurnedScene(scene, GROUND, { ...far, side: 320, statedOff: null });
      const paths = { scene, reference: small };
      const { registration } = await compareScene(await scratchFolder(), paths);
      expect(registration.status).toBe('UNLOCATED');
      expect(registration.search).toMatchObject({ isFound: false });
      expect(registration.correctedTransform).toBeNull();
      expect(registration.reason).toMatch(
        /it states no place: .*, and of \d+ other places that were tried none stands out/,
      );
    },
    LONG,
  );
});
