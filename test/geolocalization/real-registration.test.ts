import { expect, it } from '@jest/globals';
import { measureTiePoints } from '../../geolocalization/io/measure-tie-points.ts';
import { openRaster, readRaster } from '../../geolocalization/io/read-raster.ts';
import { readSceneHeader } from '../../geolocalization/io/read-scene-header.ts';
import type { Geotransform } from '../../geolocalization/model/affine.ts';
import {
  correctedGeotransform,
  gridOffset,
  mapDisplacement,
} from '../../geolocalization/model/registration/corrected-geotransform.ts';
import { registerRasters } from '../../geolocalization/model/registration/register-rasters.ts';
import {
  isTiePoint,
  measureTiePoint,
} from '../../geolocalization/model/registration/tie-points.ts';
import { matchWindow, type WindowMatch } from '../../maths/match-window.ts';
import { cutRaster, type Raster } from '../../maths/raster.ts';
import { reduceRaster } from '../../maths/resample.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';

const NAIP_2018 = 'sat-naip-series/m_4709963_se_14_1_20180716.tif';
const NAIP_2016 = 'sat-naip-series/m_4709963_se_14_1_20160816.tif';
const LONG = 120_000;
/** Pixels by which a photograph is cut farther before means of 5 x 5 are taken: every fifth along both axes. */
const CUTS = [
  [0, 0],
  [1, 2],
  [2, 4],
  [3, 1],
  [4, 3],
  [5, 0],
  [0, 7],
  [6, 8],
] as const;

describeWithRealData('registerRasters() on two aerial photographs of 2018 and 2016', () => {
  it(
    'finds the independently known displacement',
    async () => {
      const { from, to, offset, reference, target } = await pair(NAIP_2018, NAIP_2016, 0);
      const found = registerRasters(reference, target, { offset, seed: 'naip' });
      expect(found.status).toBe('LOCATED');
      const off = mapDisplacement(from, found.model!, { x: 467, y: 362 });
      // Known: 0.3 to 0.6 m east and 0.4 to 0.5 m north, give or take 0.4 m.
      expect(Math.abs(off.x - 0.45)).toBeLessThan(0.4);
      expect(Math.abs(off.y - 0.45)).toBeLessThan(0.4);
      const corrected = correctedGeotransform(from, to, found.model!)!;
      expect(corrected[0]).toBeCloseTo(to[0] - off.x, 1);
      expect(corrected[3]).toBeCloseTo(to[3] - off.y, 1);
    },
    LONG,
  );

  it.each([
    ['the same date', NAIP_2018, 0.006],
    ['2016 against 2018', NAIP_2016, 0.012],
  ])(
    'follows shifts of fifths of a pixel: %s',
    async (_, path, limit) => {
      const reference = blockMeans(await readRaster(realDataPath(NAIP_2018)), 0, 0);
      const source = await readRaster(realDataPath(path));
      const whole = { x: 0, y: 0, width: 180, height: 138 };
      const options = { guess: { x: 0, y: 0 }, searchRadius: 12 };
      const shifts = CUTS.map(([right, down]) => {
        const target = blockMeans(source, right, down);
        return (matchWindow(reference, target, whole, options) as WindowMatch).shift;
      });
      const errors = CUTS.slice(1).flatMap(([right, down], step) => [
        shifts[step + 1]!.x - shifts[0]!.x + right / 5,
        shifts[step + 1]!.y - shifts[0]!.y + down / 5,
      ]);
      const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
      expect(rms).toBeLessThan(limit);
    },
    LONG,
  );
});

describeWithRealData('registerRasters() on Landsat scenes of 1985 and 2020', () => {
  it(
    'locates them within a pixel, with windows over the river left out',
    async () => {
      const { offset, reference, target } = await pair(
        'sat-landsat-series/1985.tif',
        'sat-landsat-series/2020.tif',
        0,
      );
      const found = registerRasters(reference, target, { offset, seed: 'landsat' });
      expect(found.status).toBe('LOCATED');
      expect(Math.hypot(found.shift!.x, found.shift!.y)).toBeLessThan(1);
      expect(found.circularError90).toBeLessThan(0.5);
      const [before, after] = [standardized(reference), standardized(target)];
      const change = (isInlier: boolean) =>
        mean(
          found.tiePoints
            .filter((point) => point.isInlier === isInlier)
            .map(({ window }) => changedShare(cutRaster(before, window), cutRaster(after, window))),
        );
      // The river moved by many pixels: what disagrees lies where twice as much has changed.
      expect(found.agreeing).toBeLessThan(found.compared - 10);
      expect(change(false)).toBeGreaterThan(1.5 * change(true));
    },
    LONG,
  );

  it(
    'finds no place for them on ground that they do not show',
    async () => {
      const window = { x: 250, y: 250, width: 300, height: 300 };
      const naip = await readRaster(realDataPath(NAIP_2018), { window });
      const other = await readRaster(realDataPath('geotiff-misc/RGB.byte.tif'), { window });
      const found = registerRasters(naip, other, { offset: { x: 0, y: 0 }, seed: 'other' });
      expect(['NO_MATCH', 'NOT_COMPARABLE']).toContain(found.status);
    },
    LONG,
  );
});

describeWithRealData('measureTiePoints()', () => {
  it(
    'gives of parts what the whole gives',
    async () => {
      const { offset, reference, target } = await pair(NAIP_2018, NAIP_2016, 0);
      const plan = { offset, expected: { x: 1.3, y: -0.8 }, searchRadius: 8 };
      const windows = [
        { x: 0, y: 0, width: 128, height: 128 },
        { x: 400, y: 300, width: 128, height: 128 },
        { x: 806, y: 596, width: 128, height: 128 },
        { x: 900, y: 700, width: 128, height: 128 },
      ];
      const readers = {
        reference: await openRaster(realDataPath(NAIP_2018)),
        target: await openRaster(realDataPath(NAIP_2016)),
      };
      let told = 0;
      const found = await measureTiePoints(readers, windows, plan, { beforeEach: () => told++ });
      await Promise.all([readers.reference.close(), readers.target.close()]);
      expect(told).toBe(4);
      const known = windows.map((window) => measureTiePoint(reference, target, window, plan));
      for (const [index, measured] of found.entries()) {
        const expected = known[index]!;
        if (!isTiePoint(measured) || !isTiePoint(expected)) {
          expect(measured).toEqual(expected);
          continue;
        }
        expect(measured.at).toEqual(expected.at);
        expect(measured.shift.x).toBeCloseTo(expected.shift.x, 9);
        expect(measured.shift.y).toBeCloseTo(expected.shift.y, 9);
        expect(measured.isAccepted).toBe(expected.isAccepted);
      }
    },
    LONG,
  );
});

describeWithRealData('readRaster()', () => {
  it('has no data outside of the image', async () => {
    const path = realDataPath(NAIP_2018);
    const edge = { x: 930, y: -2, width: 8, height: 6 };
    const part = await readRaster(path, { window: edge });
    expect(part).toEqual(cutRaster(await readRaster(path), edge));
    const beside = await readRaster(path, { window: { x: 2000, y: 0, width: 4, height: 4 } });
    expect(beside.valid!.includes(1)).toBe(false);
  });

  it('reads a window as it reads the whole', async () => {
    const path = realDataPath(NAIP_2018);
    const window = { x: 300, y: 200, width: 40, height: 30 };
    const part = await readRaster(path, { window, bands: [0, 1, 2] });
    const whole = cutRaster(await readRaster(path, { bands: [0, 1, 2] }), window);
    expect(Array.from(part.values)).toEqual(Array.from(whole.values));
  });

  it('reads means, and leaves out what holds no data', async () => {
    const path = realDataPath('geotiff-misc/RGB.byte.tif');
    const reduced = await readRaster(path, { factor: 7 });
    const whole = await readRaster(path);
    expect(reduced).toEqual(reduceRaster(whole, 7));
    expect(whole.valid!.includes(0)).toBe(true);
  });
});

/** Without the light of its day: a mean of 0 and a standard deviation of 1. */
function standardized(raster: Raster): Raster {
  const center = mean(raster.values);
  const size = Math.sqrt(mean(raster.values.map((value) => (value - center) ** 2)));
  return {
    ...raster,
    values: Float64Array.from(raster.values, (value) => (value - center) / size),
  };
}

function changedShare(before: Raster, after: Raster): number {
  return mean(
    Array.from(before.values, (value, pixel) =>
      Math.abs(value - after.values[pixel]!) > 1.5 ? 1 : 0,
    ),
  );
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

/** Both dates cut alike, and blocks of 5 x 5 pixels for one: a shift of k pixels is one of k / 5. */
function blockMeans(raster: Raster, x: number, y: number): Raster {
  return reduceRaster(cutRaster(raster, { x: 10 + x, y: 10 + y, width: 900, height: 690 }), 5);
}

async function pair(referencePath: string, targetPath: string, band: number) {
  const [reference, target] = [realDataPath(referencePath), realDataPath(targetPath)];
  const from = (await readSceneHeader(reference)).transform as Geotransform;
  const to = (await readSceneHeader(target)).transform as Geotransform;
  return {
    from,
    to,
    offset: gridOffset(from, to, 1000)!,
    reference: await readRaster(reference, { bands: [band] }),
    target: await readRaster(target, { bands: [band] }),
  };
}
