import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { groundOf } from '../../platform/coordinate-systems.ts';
import proj4 from 'proj4';
import { type MadeScene, writeMadeScene } from '../support/made-scene.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { writePatchScene } from '../support/tiled-reference.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 120_000;
const [WEST, NORTH] = [681_000, 5_335_560];
const PIXEL = 10;
/** By how much the content of the scene lies off, meters. */
const SHIFT = { east: 30, north: -20 };

/** A scene with its place off by the shift. */
const SCENE: MadeScene = {
  columns: 320,
  rows: 320,
  transform: [WEST, PIXEL, 0, NORTH, 0, -PIXEL],
  groundOf: (column, row) => [
    WEST - SHIFT.east + column * PIXEL,
    NORTH - SHIFT.north - row * PIXEL,
  ],
};
/** A wider reference that is right. */
const REFERENCE: MadeScene = {
  columns: 420,
  rows: 420,
  transform: [WEST - 500, PIXEL, 0, NORTH + 500, 0, -PIXEL],
  groundOf: (column, row) => [WEST - 500 + column * PIXEL, NORTH + 500 - row * PIXEL],
};

let folder: string;
let scene: string;

beforeAll(async () => {
  folder = await scratchFolder();
  scene = join(folder, 'scene.tif');
  await writeMadeScene(scene, SCENE);
}, LONG);

afterAll(closeWindowThreads);

describe('a reference that is unlike the scene', () => {
  const lightAndDark = (tone: number) => 9000 - 20 * tone;

  it.each<[string, MadeScene]>([
    [
      'of 16 bits, with light and dark swapped',
      { ...REFERENCE, kind: 'uint16', holds: lightAndDark },
    ],
    [
      'of floating point numbers and four bands',
      { ...REFERENCE, kind: 'float32', bands: 4, nodata: -9999 },
    ],
    [
      'with a collar that holds no data, and says so',
      {
        ...REFERENCE,
        nodata: 0,
        holds: (tone, x, y) => (x + y < 300 || x > 380 ? 0 : 1 + tone / 2),
      },
    ],
    [
      'with a black collar that it says nothing of',
      { ...REFERENCE, holds: (tone, x, y) => (x + y < 300 || x > 380 ? 0 : tone) },
    ],
  ])(
    'serves: one %s',
    async (what, design) => {
      const reference = join(folder, `${what.replace(/\W+/g, '-')}.tif`);
      await writeMadeScene(reference, design);
      const { registration } = await compareScene(await scratchFolder(), { scene, reference });
      expect(registration.status).toBe('LOCATED');
      expectRightPlace(registration.correctedTransform, PIXEL / 20);
    },
    LONG,
  );

  it(
    'serves: one with pixels four times as large',
    async () => {
      const reference = join(folder, 'coarse.tif');
      const size = { columns: 105, rows: 105, pixelMeters: 40 };
      await writePatchScene(reference, { ...size, west: WEST - 500, north: NORTH + 500 });
      const { registration } = await compareScene(await scratchFolder(), { scene, reference });
      expect(registration.status).toBe('LOCATED');
      // A tenth of the reference's pixels.
      expectRightPlace(registration.correctedTransform, 4);
    },
    LONG,
  );

  it(
    'serves: one in degrees',
    async () => {
      const ground = await groundOf(32632);
      if ('fault' in ground) throw new Error(ground.fault);
      const [west, north] = ground.toGround(WEST - 300, NORTH + 300)!;
      const [right, down] = [PIXEL / 74_000, PIXEL / 111_200];
      const utm = proj4('WGS84', '+proj=utm +zone=32 +datum=WGS84');
      const reference = join(folder, 'degrees.tif');
      await writeMadeScene(reference, {
        columns: 400,
        rows: 400,
        transform: [west, right, 0, north, 0, -down],
        map: { epsg: 4326, isGeographic: true },
        groundOf: (column, row) =>
          utm.forward([west + column * right, north - row * down]) as [number, number],
      });
      const { registration } = await compareScene(await scratchFolder(), { scene, reference });
      expect(registration.status).toBe('LOCATED');
      expectRightPlace(registration.correctedTransform, PIXEL / 4);
    },
    LONG,
  );
});

describe('a reference that cannot serve', () => {
  it(
    'is beside the scene, as when it names the wrong zone: said, and nothing is looked for far away',
    async () => {
      const reference = join(folder, 'wrong-zone.tif');
      await writeMadeScene(reference, { ...REFERENCE, map: { epsg: 32633, isGeographic: false } });
      const { registration } = await compareScene(await scratchFolder(), { scene, reference });
      expect(registration.status).toBe('NOT_COMPARABLE');
      expect(registration.reason).toBe(
        'Reference and target cannot be compared as no file of the reference overlaps the scene, and it was not looked for elsewhere as no file of the reference lies near it: name a `searchArea` to look for it farther from where it states',
      );
    },
    LONG,
  );

  it(
    'holds nothing but one tone',
    async () => {
      const reference = join(folder, 'level.tif');
      await writeMadeScene(reference, { ...REFERENCE, holds: () => 7 });
      const { registration } = await compareScene(await scratchFolder(), { scene, reference });
      expect(registration.status).toBe('NOT_COMPARABLE');
      expect(registration.reason).toMatch(/all \d+ windows lack data or structure/);
      expect(registration.correctedTransform).toBeNull();
    },
    LONG,
  );

  it.each([
    ['that is empty', 'empty.tif', Buffer.alloc(0), /as it is empty/],
    [
      'that breaks off in its header',
      'short.tif',
      Buffer.from('II*\0\x08\0\0\0\x0f\0', 'latin1'),
      /its TIFF header is damaged/,
    ],
    ['that is text', 'text.tif', Buffer.from('hello, this is no image at all'), /as it is no TIFF/],
    ['whose catalog is no JSON', 'broken.json', Buffer.from('{"type":'), /as it is not JSON/],
    [
      'whose catalog is none',
      'other.json',
      Buffer.from('{"type":"Topology"}'),
      /is no item, collection or catalog of STAC/,
    ],
    [
      'whose catalog leads out of its folder',
      'leak.json',
      Buffer.from('{"type":"Collection","links":[{"rel":"item","href":"../../../etc/passwd"}]}'),
      /names a file outside its own folder/,
    ],
  ])('is refused in one sentence: one %s', async (_what, name, body, words) => {
    const own = join(folder, name.replace('.', '-'));
    await mkdir(own);
    await writeFile(join(own, name), body);
    const failure = await compareScene(await scratchFolder(), {
      scene,
      reference: join(own, name),
    }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ nonRetryable: true, message: expect.stringMatching(words) });
  });
});

describe('a local catalog', () => {
  it(
    'gives the files of its items that overlap',
    async () => {
      const own = join(folder, 'catalog');
      await mkdir(join(own, 'items'), { recursive: true });
      await writeMadeScene(join(own, 'near.tif'), REFERENCE);
      const item = (id: string, href: string) =>
        JSON.stringify({
          type: 'Feature',
          id,
          bbox: [11, 48, 12, 49],
          assets: { image: { href } },
        });
      await writeFile(join(own, 'items', 'near.json'), item('near', '../near.tif'));
      const links = [{ rel: 'item', href: './items/near.json' }];
      await writeFile(join(own, 'collection.json'), JSON.stringify({ type: 'Collection', links }));
      const reference = join(own, 'collection.json');
      const { registration } = await compareScene(await scratchFolder(), { scene, reference });
      expect(registration.status).toBe('LOCATED');
      expect(registration.references.map(({ name }) => name)).toEqual(['near']);
    },
    LONG,
  );
});

function expectRightPlace(transform: readonly number[] | null, tolerance: number): void {
  const [x, , , y] = transform!;
  expect(Math.abs(x! - (WEST - SHIFT.east))).toBeLessThan(tolerance);
  expect(Math.abs(y! - (NORTH - SHIFT.north))).toBeLessThan(tolerance);
}
