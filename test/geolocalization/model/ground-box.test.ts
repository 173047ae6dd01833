import { describe, expect, it } from '@jest/globals';
import { wholeGrid } from '../../../geolocalization/io/plan-registration.ts';
import {
  boxAround,
  boxOf,
  isWithin,
  outlineOfBox,
  partsOfBox,
  widenedOutline,
} from '../../../geolocalization/model/ground-box.ts';
import { columnsAround, onOneSide } from '../../../geolocalization/model/registration/seam.ts';
import { affineGeometry } from '../../../geolocalization/model/scene-geometry.ts';

const degrees = {
  toGround: (x: number, y: number): [number, number] => [x, y],
  fromGround: (x: number, y: number): [number, number] => [x, y],
  period: 360,
};

describe('a box on the ground', () => {
  it('comes in two parts across the antimeridian, however it is written', () => {
    const parts = [
      [179, 10, 180, 12],
      [-180, 10, -178, 12],
    ];
    expect(partsOfBox([179, 10, -178, 12])).toEqual(parts);
    expect(partsOfBox([179, 10, 182, 12])).toEqual(parts);
    expect(partsOfBox([-181, 10, -178, 12])).toEqual(parts);
    expect(partsOfBox([-3, 10, 4, 12])).toEqual([[-3, 10, 4, 12]]);
    expect(partsOfBox([170, 10, 180, 12])).toEqual([[170, 10, 180, 12]]);
    expect(partsOfBox([-200, 10, 200, 12])).toEqual([[-180, 10, 180, 12]]);
  });

  it('goes the shorter way around the parts of an outline', () => {
    expect(boxOf(outlineOfBox([179, 10, -178, 12]))).toEqual([179, 10, 182, 12]);
    expect(boxOf(outlineOfBox([-3, 10, 4, 12]))).toEqual([-3, 10, 4, 12]);
    expect(boxOf(null)).toBeNull();
    const far = [
      ...outlineOfBox([-100, 0, -90, 5]).coordinates,
      ...outlineOfBox([10, 0, 20, 5]).coordinates,
    ];
    expect(boxOf({ type: 'MultiPolygon', coordinates: far })).toEqual([-100, 0, 20, 5]);
  });

  it('grows over the antimeridian, and not all around the earth', () => {
    const cut = outlineOfBox([179.5, 10, -179.5, 11]);
    expect(widenedOutline(cut, 2)).toEqual(outlineOfBox([177.5, 8, -177.5, 13]));
    const near = widenedOutline(outlineOfBox([179, 10, 179.9, 11]), 1);
    expect(near.coordinates).toHaveLength(2);
    expect(boxOf(near)![2]).toBeCloseTo(180.8, 9);
    expect(boxAround(cut)![0]).toBeCloseTo(179.3, 9);
    expect(boxAround(cut)![2]).toBeCloseTo(180.7, 9);
  });

  it('lies within another one from either side', () => {
    const outer = outlineOfBox([170, 0, -170, 20]);
    expect(isWithin(outlineOfBox([-175, 5, -171, 6]), outer)).toBe(true);
    expect(isWithin(outlineOfBox([175, 5, 179, 6]), outer)).toBe(true);
    expect(isWithin(outlineOfBox([165, 5, 179, 6]), outer)).toBe(false);
    expect(isWithin(outlineOfBox([179, 5, -179, 6]), outlineOfBox([-180, 0, 180, 9]))).toBe(true);
  });
});

describe('a raster in degrees', () => {
  it('that goes on beyond 180 is found from both sides', () => {
    const transform = [170, 0.01, 0, 20, 0, -0.01] as const;
    const { fromGround } = affineGeometry(transform, degrees, { width: 2000, height: 1000 });
    expect(fromGround(-175, 15)!.column).toBeCloseTo(1500, 6);
    expect(fromGround(175, 15)!.column).toBeCloseTo(500, 6);
  });

  it('that shows all of the earth tears what lies across its seam', () => {
    expect(columnsAround([-180, 0.01, 0, 90, 0, -0.01], 36_000)).toBeCloseTo(36_000, 6);
    expect(columnsAround([0, 0.01, 0, 90, 0, -0.01], 18_000)).toBeNull();
    const places = [10, 20, 35_990, 40].map((column) => ({ column, row: 1 }));
    expect(onOneSide(places, 36_000).map(({ column }) => column)).toEqual([10, 20, 40]);
    expect(onOneSide(places.slice(1).reverse(), 36_000)).toHaveLength(2);
    expect(onOneSide(places, null)).toBe(places);
    expect(onOneSide(places.slice(0, 2), 36_000)).toHaveLength(2);
  });
});

describe('the grid of an area across the antimeridian', () => {
  const file = { name: 'a.tif', file: { sha256: 'a', bytes: 1, mediaType: 'image/tiff' } };
  const map = { epsg: 4326 };
  const rows = { height: 1800, bands: [0] };

  it('is one where the map goes on, and as wide as the area', async () => {
    const main = { ...file, transform: [170, 0.01, 0, 9, 0, -0.01], map, width: 2000, ...rows };
    const grid = await wholeGrid([main as never], [179, 1, -178.5, 2]);
    expect(grid!.width).toBeCloseTo(250, -1);
    expect(grid!.origin.x).toBeCloseTo(900, -1);
  });

  it('is none where the map ends there, and one on either side', async () => {
    const main = { ...file, transform: [-180, 0.01, 0, 9, 0, -0.01], map, width: 36_000, ...rows };
    expect(await wholeGrid([main as never], [179, 1, -178.5, 2])).toBeNull();
    const [east, west] = partsOfBox([179, 1, -178.5, 2]);
    const [first, second] = [
      await wholeGrid([main as never], east),
      await wholeGrid([main as never], west),
    ];
    expect([first!.width, second!.width].map((width) => Math.round(width / 10))).toEqual([10, 15]);
    expect(second!.origin.x).toBe(0);
  });
});
