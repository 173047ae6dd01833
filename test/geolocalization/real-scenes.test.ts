import { expect, it } from '@jest/globals';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import {
  georeferenceFile,
  georeferenceScene,
} from '../../geolocalization/io/georeference-scene.ts';
import { readRaster } from '../../geolocalization/io/read-raster.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';

describeWithRealData('georeferenceScene() on real scenes', () => {
  it('gives the independently computed place of RGB.byte.tif', async () => {
    const scene = await locate('geotiff-misc/RGB.byte.tif');
    expect(scene.status).toBe('stated');
    expect(scene.center![0]).toBeCloseTo(-77.75790625, 7);
    expect(scene.center![1]).toBeCloseTo(24.56158329, 7);
    expect(scene.gsd!.column).toBeCloseTo(299.869, 2);
    expect(scene.gsd!.row).toBeCloseTo(299.873, 2);
    const ring = scene.footprint!.coordinates[0]![0]!;
    for (const corner of [
      [-78.95864997, 25.50608739],
      [-76.59943835, 25.55087377],
      [-76.5749237, 23.60594696],
      [-78.89813339, 23.56499121],
    ]) {
      const nearest = Math.min(...ring.map(([x, y]) => Math.hypot(x - corner[0]!, y - corner[1]!)));
      expect(nearest).toBeLessThan(1e-7);
    }
    // The published area is that of the four corners; the outline between them is curved.
    expect(scene.areaSquareMeters! / 5.10693502629e10).toBeCloseTo(1, 3);
  });

  it.each([
    ['sat-naip-series/m_4709963_se_14_1_20180716.tif', -99.15478306, 47.02035756, 5.002],
    ['sat-landsat-series/1985.tif', -74.44073756, -8.43450678, 89.033],
  ])('places %s', async (path, longitude, latitude, gsd) => {
    const scene = await locate(path);
    expect(scene.center![0]).toBeCloseTo(longitude, 7);
    expect(scene.center![1]).toBeCloseTo(latitude, 7);
    expect(scene.gsd!.column).toBeCloseTo(gsd, 2);
  });

  it.each([
    ['geotiff-misc/rotated.tif', 'unlocated', /names no coordinate reference system/],
    ['geotiff-misc/test_esri_wkt.tif', 'stated', /USA_Contiguous_Albers/],
    ['geotiff-misc/389225main_sw_1965_1024.jpg', 'unlocated', /no georeference/],
    ['sat-pleiades/ventoux/left_image.tif', 'unlocated', /only counts pixels/],
    ['sat-qb2-rpc/qb2_basic1b.tif', 'stated', /rational polynomials of its own tag at 703 m/],
    ['hostile/tiff_ifd_loop.tif', 'unreadable', /size|damaged/],
    ['hostile/tiff_ifd_past_end.tif', 'unreadable', /size|damaged/],
    ['hostile/tiff_absurd_size.tif', 'unreadable', /impossible size/],
    ['hostile/empty.jpg', 'unreadable', /empty/],
  ])('says of %s that it is %s, and why', async (path, status, words) => {
    const scene = await locate(path);
    expect(scene.status).toBe(status);
    expect(scene.reason).toMatch(words);
  });

  it.each([
    [
      'sat-naip-series/m_4709963_se_14_1_20180716.tif',
      [-99.18556437, 47.03659951],
      [-99.12402041, 47.00410728],
    ],
    ['sat-landsat-series/1985.tif', [-74.72249415, -8.28210759], [-74.15898098, -8.58690597]],
  ])(
    'puts the first and the last corner of %s where they are known to lie',
    async (path, first, last) => {
      const ring = (await locate(path)).footprint!.coordinates[0]![0]!;
      for (const corner of [first, last]) {
        const off = ring.map(([x, y]) => Math.hypot(x - corner[0]!, y - corner[1]!));
        expect(Math.min(...off)).toBeLessThan(1e-7);
      }
    },
  );

  it('gives a view of the whole earth no place, as its outline lies beside the disk', async () => {
    const scene = await locate('geotiff-misc/goes.tif');
    expect(scene.status).toBe('unlocated');
    expect(scene.droppedPoints).toBe(80);
    expect(scene.reason).toMatch(/its outline does not reach the ground/);
  });

  it('tells a scene whose pixels all hold nothing', async () => {
    const scene = await locate('geotiff-misc/all-nodata.tif');
    expect(scene.findings!.map(({ code }) => code)).toContain('NO_DATA_AT_ALL');
    expect(scene.validFootprint).toBeNull();
  });

  it('takes NaN for missing data where the file says so', async () => {
    const scene = await locate('geotiff-misc/float_nan.tif');
    expect(scene).toMatchObject({ width: 3, height: 2, status: 'unlocated' });
    expect(scene.reason).toMatch(/names no coordinate reference system/);
    const { valid, values } = await readRaster(realDataPath('geotiff-misc/float_nan.tif'));
    expect([...valid!]).toEqual([1, 1, 0, 1, 1, 1]);
    expect(values[5]).toBeCloseTo(-1.88, 6);
  });

  it('places a chip by the sensor model beside it, its offset taken off', async () => {
    const path = 'sat-pleiades/ventoux/left_image.tif';
    const scene = await georeferenceFile('left_image.tif', realDataPath(path));
    expect(scene.status).toBe('stated');
    expect(scene.findings!.map(({ code }) => code)).toContain('CHIP_OFFSET_APPLIED');
    expect(scene.gsd!.column).toBeGreaterThan(0.5);
    expect(scene.gsd!.column).toBeLessThan(0.9);
    // The middle of the chip is known at 600 m; here it lies at the middle of the model's heights.
    expect(scene.center![0]).toBeCloseTo(5.195, 1);
    expect(scene.center![1]).toBeCloseTo(44.207, 1);
  });

  it('places the corners of a QuickBird chip where they are known to lie', async () => {
    const scene = await locate('sat-qb2-rpc/qb2_basic1b.tif');
    const ring = scene.footprint!.coordinates[0]![0]!;
    // Known of pixel centers; the outline runs half a pixel of 6 m outside.
    for (const corner of [
      [24.359766637, -33.648470106],
      [24.419963001, -33.649941815],
      [24.420206928, -33.73459767],
      [24.359854767, -33.733291058],
    ]) {
      const nearest = Math.min(...ring.map(([x, y]) => Math.hypot(x - corner[0]!, y - corner[1]!)));
      expect(nearest).toBeLessThan(6e-5);
      expect(nearest).toBeGreaterThan(2e-5);
    }
    expect(scene.statedAccuracyMeters).toBeCloseTo(12.1537, 3);
  });

  it('covers the globe once, without a ring across the antimeridian', async () => {
    const scene = await locate('geotiff-misc/world.byte.tif');
    for (const [ring] of scene.footprint!.coordinates) {
      for (const [longitude] of ring!) expect(Math.abs(longitude)).toBeLessThanOrEqual(180);
    }
    expect(scene.areaSquareMeters).toBeGreaterThan(4.5e14);
    expect(scene.areaSquareMeters).toBeLessThan(5.1e14);
  });
});

function locate(path: string): Promise<SceneLocation> {
  const file = { sha256: '0'.repeat(64), bytes: 1, mediaType: 'image/tiff' };
  return georeferenceScene({ name: path, file, reason: null }, async () => realDataPath(path));
}
