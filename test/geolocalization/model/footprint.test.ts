import { describe, expect, it } from '@jest/globals';
import proj4 from 'proj4';
import type { Geotransform } from '../../../geolocalization/model/affine.ts';
import { areaSquareMeters } from '../../../geolocalization/model/area.ts';
import { footprintOf, type MultiPolygon } from '../../../geolocalization/model/footprint.ts';
import { groundSampleDistance } from '../../../geolocalization/model/ground-sample-distance.ts';
import type { Position, ToGround } from '../../../maths/map-projection.ts';

const degrees: ToGround = (x, y) => [x, y];
const by = (definition: string): ToGround => {
  const projection = proj4(definition, 'WGS84');
  return (x, y) => {
    const position = projection.forward([x, y]) as Position;
    return position.every(Number.isFinite) ? position : null;
  };
};
const utm18: Geotransform = [101985, 300.0379266750948, 0, 2826915, 0, -300.041782729805];
/** Of the ellipsoid, by the closed formula. */
const GLOBE = 510065621724088.5;

function expectSound({ coordinates }: MultiPolygon): void {
  for (const [ring] of coordinates) {
    expect(ring!.at(-1)).toEqual(ring![0]);
    let area = 0;
    for (let index = 1; index < ring!.length; index++) {
      const [[x1, y1], [x2, y2]] = [ring![index - 1]!, ring![index]!];
      expect(Math.abs(x2)).toBeLessThanOrEqual(180);
      expect(Math.abs(y2)).toBeLessThanOrEqual(90);
      area += x1 * y2 - x2 * y1;
    }
    expect(area).toBeGreaterThan(0);
  }
}

describe('footprintOf()', () => {
  it('gives 21 points an edge, closed and counter-clockwise', () => {
    const { geometry, droppedPoints } = footprintOf(utm18, 791, 718, by('+proj=utm +zone=18'));
    expectSound(geometry!);
    expect(geometry!.coordinates[0]![0]).toHaveLength(81);
    expect(droppedPoints).toBe(0);
    // Independently: PROJ's geodesic area of the outline along the grid lines, 2000 points an edge.
    expect(areaSquareMeters(geometry!) / 51064499572.83).toBeCloseTo(1, 5);
  });

  it('cuts a scene at the antimeridian, whichever side its longitudes count from', () => {
    for (const west of [179, -181]) {
      const { geometry } = footprintOf([west, 0.1, 0, 10, 0, -0.1], 20, 20, degrees);
      expectSound(geometry!);
      const halves = geometry!.coordinates.map(([ring]) => ring!.map(([x]) => x));
      expect(halves).toHaveLength(2);
      expect(halves.map((x) => [Math.min(...x), Math.max(...x)])).toEqual([
        [179, 180],
        [-180, -179],
      ]);
    }
  });

  it.each([
    ['from -180', -180, 1],
    ['from 0', 0, 2],
  ])('covers the globe once with a raster of 360 degrees %s', (_what, west, parts) => {
    const { geometry } = footprintOf([west, 1, 0, 90, 0, -1], 360, 180, degrees);
    expectSound(geometry!);
    expect(geometry!.coordinates).toHaveLength(parts);
    expect(areaSquareMeters(geometry!) / GLOBE).toBeCloseTo(1, 9);
  });

  it('counts what overlaps once', () => {
    const { geometry } = footprintOf([-180.25, 0.5, 0, 75, 0, -0.5], 721, 300, degrees);
    expectSound(geometry!);
    expect(areaSquareMeters(geometry!) / 492537199082136.7).toBeCloseTo(1, 9);
  });

  it('holds the pole that its outline goes round', () => {
    const polar = by('+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45');
    const { geometry } = footprintOf([-1e6, 2000, 0, 1e6, 0, -2000], 1000, 1000, polar);
    expectSound(geometry!);
    const latitudes = geometry!.coordinates.flatMap(([ring]) => ring!.map(([, y]) => y));
    expect(Math.max(...latitudes)).toBe(90);
    // The map has true scale at 70 N and shrinks the pole by 3 %, so the ground is some 6 % larger.
    expect(areaSquareMeters(geometry!)).toBeGreaterThan(4e12);
    expect(areaSquareMeters(geometry!)).toBeLessThan(4.4e12);
  });

  it('leaves out and counts points beside the disk of the earth', () => {
    const disk = by('+proj=geos +h=35786023 +lon_0=-75 +ellps=GRS80');
    const half = 5434895.08164;
    const whole = footprintOf([-half, 20054.96, 0, half, 0, -20054.96], 542, 542, disk);
    expect(whole.droppedPoints).toBeGreaterThanOrEqual(76);
    const quarter = footprintOf([0, 20054.96, 0, half, 0, -20054.96], 271, 271, disk);
    expect(quarter.droppedPoints).toBeGreaterThan(20);
    expectSound(quarter.geometry!);
  });

  it('is empty where nothing reaches the ground', () => {
    expect(footprintOf(utm18, 10, 10, () => null)).toEqual({ geometry: null, droppedPoints: 80 });
  });
});

describe('areaSquareMeters()', () => {
  it('gives the area between two parallels and two meridians', () => {
    const { geometry } = footprintOf([10, 0.1, 0, 51, 0, -0.1], 10, 10, degrees);
    // Independently: geodesic area with 1000 points along each parallel.
    expect(areaSquareMeters(geometry!) / 7892218857.83).toBeCloseTo(1, 7);
  });
});

describe('groundSampleDistance()', () => {
  it('measures on the ground what the map stretches', () => {
    const gsd = groundSampleDistance(utm18, 395.5, 359, by('+proj=utm +zone=18'))!;
    expect(gsd.column).toBeCloseTo(299.869, 3);
    expect(gsd.row).toBeCloseTo(299.873, 3);
  });

  it('is not known off the ground', () => {
    expect(groundSampleDistance(utm18, 0, 0, () => null)).toBeNull();
  });
});
