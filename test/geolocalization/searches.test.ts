import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { readSceneHeader } from '../../geolocalization/io/read-scene-header.ts';
import { withGeoreference } from '../../geolocalization/io/rewrite-georeference.ts';
import { itAtLength } from '../support/long-tests.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { tiledReference } from '../support/tiled-reference.ts';
import { writeTurnedScene } from '../support/turned-scene.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 180_000;
const GROUND = { columns: 1400, rows: 1400, pixelMeters: 10, west: 674_000, north: 5_342_000 };

/** So small that a search of it is short. */
const SMALL = { ...GROUND, columns: 500, rows: 500 };

let reference: string;
let small: string;
let home: string;

beforeAll(async () => {
  home = await scratchFolder();
  reference = join(home, 'reference.tif');
  await writeFile(reference, await tiledReference(GROUND));
  small = join(home, 'small.tif');
  await writeFile(small, await tiledReference(SMALL));
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

describe('a scene that states a place, a turn and a scale, and all of them wrong', () => {
  const truth = { east: 2300, south: 900, degrees: 63, scale: 1.2 };
  /** Beside the reference, so that there is nothing to compare where it states. */
  const statedOff = { east: -5000, north: 900 };
  let scene: string;

  beforeAll(async () => {
    scene = join(home, 'turned.tif');
    // It states pixels of 12 m, rows that run east and a corner 5 km off.
    await writeTurnedScene(scene, SMALL, { ...truth, side: 220, statedOff });
  });

  it(
    'is found by a search at any turn, and the finding says how wrong it states itself',
    async () => {
      const { location, registration, fileOf } = await compareScene(await scratchFolder(), {
        scene,
        reference: small,
      });
      expect(location.status).toBe('stated');
      expect(registration.status).toBe('LOCATED');
      const [x, a, b, y, d, e] = registration.correctedTransform!;
      const [c, s] = [12 * Math.cos(1.0995574), 12 * Math.sin(1.0995574)];
      expect(Math.abs(x - (GROUND.west + truth.east))).toBeLessThan(2);
      expect(Math.abs(y - (GROUND.north - truth.south))).toBeLessThan(2);
      for (const [found, true_] of [
        [a, c],
        [b, -s],
        [d, -s],
        [e, -c],
      ] as const) {
        expect(Math.abs(found - true_)).toBeLessThan(0.02);
      }
      const { departure } = registration.search!;
      expect(Math.abs(departure!.turnDegrees - 63)).toBeLessThan(0.1);
      expect(departure!.scale).toBeCloseTo(1, 2);
      expect(registration.findings).toEqual([
        {
          code: 'STATED_PLACE_WRONG',
          severity: 'error',
          message: expect.stringMatching(
            /^its georeference is wrong: it lies \d+\.\d m from where it states, turned 63\.\d degrees clockwise$/,
          ),
        },
      ]);
      const { correctedPlace, correctedFootprint } = registration;
      expect(correctedPlace!.gsd!.column).toBeCloseTo(12, 1);
      expect(correctedPlace!.areaSquareMeters! / (220 * 12) ** 2).toBeCloseTo(1, 2);
      expect(correctedPlace!.center).not.toEqual(location.center);
      expect(correctedFootprint).not.toEqual(location.footprint);
      expect(registration.falseAlarms!).toBeLessThan(1e-4);
      // It goes on in the map that it names itself.
      const header = await readSceneHeader(await fileOf(registration.correctedFile!.sha256));
      expect(header.crs).toEqual({ kind: 'epsg', code: 32632 });
      expect(header.transform).toEqual(registration.correctedTransform);
    },
    LONG,
  );
});

describe('a scene that states a place and shows other ground', () => {
  itAtLength(
    'is located nowhere, however many turns are tried',
    async () => {
      for (let index = 0; index < 10; index++) {
        const scene = join(home, `unlike-${index}.tif`);
        // The patches of all ground lie on one lattice: not turned, its edges agree though its tones do not.
        const place = { east: 1200, south: 900, degrees: 12 + 33 * index, scale: 1 };
        const far = { east: 900_000 + 7_000 * index, south: 700_000 };
        const statedOff = { east: place.east - far.east, north: far.south - place.south };
        await writeTurnedScene(scene, GROUND, { ...place, ...far, side: 240, statedOff });
        const paths = { scene, reference: small };
        const { registration } = await compareScene(await scratchFolder(), paths);
        expect(['NO_MATCH', 'WEAK']).toContain(registration.status);
        expect(registration.correctedTransform).toBeNull();
        expect(registration.findings ?? []).toEqual([]);
        expect(registration.search!.places).toBeGreaterThan(40);
      }
    },
    10 * LONG,
  );
});

describe('a scene without a georeference', () => {
  it(
    'is found in a wider reference, whatever its turn and the size of its pixels',
    async () => {
      const scene = join(home, 'bare.tif');
      const truth = { east: 2300, south: 900, degrees: 37, scale: 1.3 };
      await writeTurnedScene(scene, SMALL, { ...truth, side: 200, statedOff: null });
      const { location, registration, fileOf } = await compareScene(await scratchFolder(), {
        scene,
        reference: small,
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
    'is looked for across the antimeridian, and nowhere else of the reference',
    async () => {
      const scene = join(home, 'dateline-bare.tif');
      const truth = { east: 3000, south: 2600, degrees: 0, scale: 1 };
      const ground = { ...GROUND, columns: 700, rows: 700 };
      await writeTurnedScene(scene, ground, { ...truth, side: 300, statedOff: null });
      const plain = join(home, 'dateline-plain.tif');
      await writeFile(plain, await tiledReference(ground));
      // In zone 1 of UTM, whose first meridian runs through the middle of it.
      const transform = [272_900, 10, 0, 5_340_000, 0, -10] as const;
      const across = join(home, 'dateline.tif');
      const map = { epsg: 32601, isGeographic: false };
      await writeFile(across, (await withGeoreference(plain, transform, map))!);
      const area = [179.97, 48.1, -179.96, 48.17] as const;
      const found = await compareScene(await scratchFolder(), {
        scene,
        reference: across,
        searchArea: area,
      });
      const { registration } = found;
      expect(registration.status).toBe('LOCATED');
      const [x, , , y] = registration.correctedTransform!;
      expect(Math.abs(x - (272_900 + truth.east))).toBeLessThan(2);
      expect(Math.abs(y - (5_340_000 - truth.south))).toBeLessThan(2);
      expect(registration.correctedFootprint!.coordinates).toHaveLength(2);
      const beside = await compareScene(await scratchFolder(), {
        scene,
        reference: across,
        searchArea: [179, 10, -179, 11],
      });
      expect(beside.registration.reason).toMatch(/no file of the reference lies near it/);
    },
    LONG,
  );

  it(
    'stays without a place when it shows other ground',
    async () => {
      const scene = join(home, 'other.tif');
      const least = join(home, 'least.tif');
      await writeFile(least, await tiledReference({ ...GROUND, columns: 250, rows: 250 }));
      const far = { east: 900_000, south: 700_000, degrees: 20, scale: 1 };
      await writeTurnedScene(scene, GROUND, { ...far, side: 230, statedOff: null });
      const paths = { scene, reference: least };
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
