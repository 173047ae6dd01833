import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { itAtLength } from '../support/long-tests.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { compareScene } from './support/compare-scene.ts';

const NAIP_2018 = 'sat-naip-series/m_4709963_se_14_1_20180716.tif';
const NAIP_2016 = 'sat-naip-series/m_4709963_se_14_1_20160816.tif';
const LANDSAT_1985 = 'sat-landsat-series/1985.tif';
const LANDSAT_2020 = 'sat-landsat-series/2020.tif';
const LONG = 120_000;

describeWithRealData('a comparison of real scenes, through all of its activities', () => {
  afterAll(closeWindowThreads);

  it(
    'finds the independently known displacement, against the one file of a folder that overlaps',
    async () => {
      const home = await scratchFolder();
      const folder = join(home, 'references');
      await mkdir(folder);
      for (const path of [NAIP_2018, LANDSAT_1985]) {
        await copyFile(realDataPath(path), join(folder, basename(path)));
      }
      const { registration } = await compareScene(home, {
        scene: realDataPath(NAIP_2016),
        reference: folder,
      });
      expect(registration.status).toBe('LOCATED');
      expect(registration.references.map(({ name }) => name)).toEqual([basename(NAIP_2018)]);
      // Known: 0.3 to 0.6 m east and 0.4 to 0.5 m north.
      const { eastMeters, northMeters } = registration.displacement!;
      expect(Math.abs(eastMeters - 0.45)).toBeLessThan(0.5);
      expect(Math.abs(northMeters - 0.45)).toBeLessThan(0.5);
      expect(registration.remainingPixels).toBeLessThan(0.1);
      expect(registration.similarityAfter).toBeGreaterThan(registration.similarityBefore!);
    },
    LONG,
  );

  itAtLength(
    'locates Landsat scenes 35 years apart, with windows over the river left out',
    async () => {
      const { registration } = await compareScene(await scratchFolder(), {
        scene: realDataPath(LANDSAT_2020),
        reference: realDataPath(LANDSAT_1985),
      });
      expect(['LOCATED', 'WEAK']).toContain(registration.status);
      const { x, y } = registration.shiftPixels!;
      expect(Math.hypot(x, y)).toBeLessThan(1);
      expect(registration.windows.agreeing).toBeLessThan(registration.windows.compared);
    },
    LONG,
  );

  it('compares nothing with a reference of other ground', async () => {
    const { registration } = await compareScene(await scratchFolder(), {
      scene: realDataPath(NAIP_2016),
      reference: realDataPath('geotiff-misc/RGB.byte.tif'),
    });
    expect(registration.status).toBe('NOT_COMPARABLE');
    expect(registration.reason).toMatch(
      /no file of the reference overlaps the scene, and it was not looked for elsewhere/,
    );
  });

  it('says why a scene without any place cannot be compared', async () => {
    const { registration } = await compareScene(await scratchFolder(), {
      scene: realDataPath('geotiff-misc/rotated.tif'),
      reference: realDataPath(NAIP_2018),
    });
    expect(registration.status).toBe('UNLOCATED');
    expect(registration.reason).toMatch(/states no place: .* names no coordinate reference system/);
  });

  it('places a QuickBird chip on the terrain of a height model', async () => {
    const { location } = await compareScene(await scratchFolder(), {
      scene: realDataPath('sat-qb2-rpc/qb2_basic1b.tif'),
      // Of other ground: only its place on the heights is looked at.
      reference: realDataPath('geotiff-misc/RGB.byte.tif'),
      dem: realDataPath('aerial-ngi/dem.tif'),
    });
    expect(location.status).toBe('stated');
    expect(location.reason).toMatch(/rational polynomials of its own tag on the height model/);
  });
});
