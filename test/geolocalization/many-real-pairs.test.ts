import { expect, it } from '@jest/globals';
import { readRaster } from '../../geolocalization/io/read-raster.ts';
import { cutRaster, type Raster } from '../../maths/raster.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';
import { itAtLength } from '../support/long-tests.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { type PairOfKnownShift, someShift, swappedAndClouded } from './support/known-pairs.ts';
import { falselyLocated, locateMany, several } from './support/register-many.ts';

const NAIP_2018 = 'sat-naip-series/m_4709963_se_14_1_20180716.tif';
const NAIP_2016 = 'sat-naip-series/m_4709963_se_14_1_20160816.tif';
const LANDSAT_1985 = 'sat-landsat-series/1985.tif';
const LANDSAT_2020 = 'sat-landsat-series/2020.tif';
const SIDE = 256;
const SHORT = 600_000;
const LONG = 3_600_000;

/** What both of a series are off by, pixels, as the whole scenes have it: windows of them differ. */
const BETWEEN_NAIP = { x: 0.32, y: -0.46 };
const BETWEEN_LANDSAT = { x: 0, y: -0.01 };

describeWithRealData('registerRasters() on parts of real scenes under clouds', () => {
  it(
    'locates some of one photograph in red and blue light, each within 0.3 pixels',
    async () => {
      const [red, blue] = [await read(NAIP_2018, 0), await read(NAIP_2018, 2)];
      const pairs = several(5, (index) => partsOf(red, blue, `bands ${index}`));
      const { located, worst } = locateMany(pairs);
      expect(located).toBe(5);
      expect(worst).toBeLessThan(0.3);
    },
    SHORT,
  );

  itAtLength(
    'locates 95 of 100 of one photograph in red and blue light, each within 0.3 pixels',
    async () => {
      const [red, blue] = [await read(NAIP_2018, 0), await read(NAIP_2018, 2)];
      const { located, worst } = locateMany(
        several(100, (index) => partsOf(red, blue, `bands ${index}`)),
      );
      expect(located).toBeGreaterThanOrEqual(95);
      expect(worst).toBeLessThan(0.3);
    },
    LONG,
  );

  // Fields and terrain move windows of two dates by some tenths of a pixel against each other.
  itAtLength.each([
    ['photographs two years apart', NAIP_2018, NAIP_2016, BETWEEN_NAIP, 30],
    ['Landsat scenes 35 years apart', LANDSAT_1985, LANDSAT_2020, BETWEEN_LANDSAT, 12],
  ] as const)(
    'locates many of 40, none wrongly: %s',
    async (_, from, to, between, least) => {
      const [before, after] = [await read(from, 0), await read(to, 0)];
      const { located, worst } = locateMany(
        several(40, (index) => partsOf(before, after, `dates ${index}`, between)),
      );
      expect(located).toBeGreaterThanOrEqual(least);
      expect(worst).toBeLessThan(0.75);
    },
    LONG,
  );

  itAtLength(
    'locates none of 100 that show other ground',
    async () => {
      const scenes = [
        await read(NAIP_2018, 0),
        await read(NAIP_2016, 0),
        await read(LANDSAT_1985, 0),
        await read(LANDSAT_2020, 0),
      ];
      const pairs = several(100, (index) => partsOfOtherGround(scenes, `other ${index}`));
      expect(falselyLocated(pairs)).toBe(0);
    },
    LONG,
  );
});

/** A part of one scene, and of another the part whose content lies off by a known shift. */
function partsOf(
  from: Raster,
  to: Raster,
  seed: string,
  between = { x: 0, y: 0 },
): PairOfKnownShift {
  const random = randomNumbers(seed);
  for (;;) {
    const shift = someShift(random, SIDE);
    const [x, y] = [Math.round(shift.x), Math.round(shift.y)];
    const at = somePlace(from, random);
    const moved = { ...at, x: at.x - x, y: at.y - y };
    if (!isInside(moved, to)) continue;
    return {
      reference: cutRaster(from, at),
      target: swappedAndClouded(cutRaster(to, moved), random),
      truth: { x: x + between.x, y: y + between.y },
    };
  }
}

/** Parts of two scenes, or of one far from each other; the first two scenes show one place, as the others do. */
function partsOfOtherGround(scenes: readonly Raster[], seed: string) {
  const random = randomNumbers(seed);
  for (;;) {
    const [first, second] = [Math.floor(4 * random()), Math.floor(4 * random())];
    const [from, to] = [scenes[first]!, scenes[second]!];
    const [at, other] = [somePlace(from, random), somePlace(to, random)];
    const isOnePlace = first >> 1 === second >> 1;
    const apart = Math.max(Math.abs(at.x - other.x), Math.abs(at.y - other.y));
    if (isOnePlace && apart < SIDE) continue;
    return { reference: cutRaster(from, at), target: cutRaster(to, other) };
  }
}

function somePlace({ width, height }: Raster, random: () => number) {
  const [x, y] = [Math.floor(random() * (width - SIDE)), Math.floor(random() * (height - SIDE))];
  return { x, y, width: SIDE, height: SIDE };
}

function isInside({ x, y }: { x: number; y: number }, { width, height }: Raster): boolean {
  return x >= 0 && y >= 0 && x + SIDE <= width && y + SIDE <= height;
}

function read(path: string, band: number): Promise<Raster> {
  return readRaster(realDataPath(path), { bands: [band] });
}
