import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Boundary } from '../../../contracts/flight-companions.ts';
import { boundaryWords } from '../../../contracts/flight-words.ts';
import type { FlightThresholds } from '../../../contracts/flight-thresholds.ts';
import { parseBoundaryFile } from '../../../ingestion/model/boundary-file.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { enuToGeodetic } from '../../../maths/geodesy.ts';
import { flightImage } from '../../support/flight-image.ts';

const origin = { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 500 };
const base = flightImage('x').description!;

/** Corners of a rectangle in meters from the middle of the flight, as longitude and latitude. */
function rectangle(west: number, south: number, east: number, north: number): [number, number][] {
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ] as const;
  return corners.map(([x, y]) => {
    const { longitudeDegrees, latitudeDegrees } = enuToGeodetic([x, y, 0], origin);
    return [longitudeDegrees, latitudeDegrees];
  });
}

/** Each sees 10 m to every side but 7.5 m to north and south; 5 cm a pixel. */
const flight = [-20, 0, 20].map((east, index) => {
  const { longitudeDegrees, latitudeDegrees } = enuToGeodetic([east, 0, 0], origin);
  return flightImage(`IMG_${index + 1}.JPG`, {
    position: { ...base.position!, longitude: longitudeDegrees, latitude: latitudeDegrees },
    capturedAt: `2026-05-04T10:00:0${index}.5`,
  });
});

function judge(polygons: Boundary['polygons'], limits: Partial<FlightThresholds> = {}) {
  const boundary = { file: 'boundary.geojson', polygons };
  const builder = new ManifestBuilder(
    { poseFile: null, poses: {}, boundary, findings: [] },
    limits,
  );
  builder.survey(flight);
  builder.locate(flight);
  const images = builder.judge(flight);
  const { statistics, findings, thresholds } = builder.build('F', []);
  const outside = images
    .filter((image) => image.findings.some(({ code }) => code === 'BOUNDARY_OUTSIDE'))
    .map(({ name }) => name);
  const [suspect] = findings.filter(({ code }) => code === 'CRS_SUSPECT');
  const [uncovered] = findings.filter(({ code }) => code === 'BOUNDARY_UNCOVERED');
  return { boundary: statistics.boundary, uncovered, suspect, outside, thresholds };
}

function shareBy(images: number, { boundary }: ReturnType<typeof judge>): number {
  return boundary!.coverage.find((each) => each.images === images)!.share;
}

describe('the area of interest', () => {
  it('is covered by what the footprints see of it', () => {
    // 20 of its 30 m to the north-south direction are seen: 7.5 up and down of 10 each.
    const judged = judge([[rectangle(-30, -10, 30, 10)]]);
    expect(shareBy(1, judged)).toBeCloseTo(0.75, 2);
    expect(shareBy(2, judged)).toBeLessThan(0.01);
    expect(judged.boundary).toMatchObject({ file: 'boundary.geojson', imagesOutside: 0 });
    expect(judged.boundary!.areaSquareMeters).toBeCloseTo(1200, 0);
    expect(judged.uncovered).toMatchObject({
      severity: 'warning',
      scope: 'flight',
      values: { uncovered: expect.closeTo(0.25, 2), seenBy5: 0, limit: 0.01 },
    });
    expect(judged.uncovered!.message).toContain('seen by no image, where 1.0 % may be');
    expect(judged.thresholds['maxUncoveredShare']).toBe(0.01);
  });

  it('may be left uncovered as far as the limit says, which the manifest keeps', () => {
    const judged = judge([[rectangle(-30, -10, 30, 10)]], { maxUncoveredShare: 0.3 });
    expect(judged.uncovered).toBeUndefined();
    expect(judged.thresholds['maxUncoveredShare']).toBe(0.3);
  });

  it('has holes, and pieces that lie upon each other count once', () => {
    const inner = rectangle(-5, -5, 5, 5);
    expect(shareBy(1, judge([[inner]]))).toBe(1);
    // Nothing but the unseen rim above and below is left of the area.
    const rim = judge([[rectangle(-10, -15, 10, 15), rectangle(-10, -8, 10, 8)]]);
    expect(shareBy(1, rim)).toBe(0);
    expect(rim.boundary!.areaSquareMeters).toBeCloseTo(600 - 320, 0);
    const twice = judge([[inner], [inner]]);
    expect(shareBy(1, twice)).toBe(1);
    expect(shareBy(2, twice)).toBe(0);
  });

  it('names the images that see nothing of it, and none that sees a corner', () => {
    expect(judge([[rectangle(-5, -5, 5, 5)]]).outside).toEqual(['IMG_1.JPG', 'IMG_3.JPG']);
    // Smaller than any cell, inside one footprint; and a hole around another.
    expect(judge([[rectangle(20, 0, 20.01, 0.01)]]).outside).toEqual(['IMG_1.JPG', 'IMG_2.JPG']);
    const around = judge([[rectangle(-40, -40, 40, 40), rectangle(9, -9, 31, 9)]]);
    expect(around.outside).toEqual(['IMG_3.JPG']);
    expect(around.boundary).toMatchObject({ imagesOutside: 1 });
  });

  it('of any shape has shares that fall with the number of images, and as much outside as is said', () => {
    const meters = fc.double({ min: -60, max: 60, noNaN: true });
    const corner = fc.tuple(meters, meters).map(([x, y]) => rectangle(x, y, x, y)[0]!);
    const ring = fc.array(corner, { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.array(ring, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
        (polygons) => {
          const { boundary, outside } = judge(polygons);
          const shares = boundary!.coverage.map(({ share }) => share);
          expect(shares).toEqual(shares.toSorted((a, b) => b - a));
          for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
          for (const share of shares) expect(share).toBeLessThanOrEqual(1);
          expect(boundary!.imagesOutside).toBe(outside.length);
          // What is seen of it is seen by somebody.
          if ((shares[0] ?? 0) > 0) expect(outside.length).toBeLessThan(3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of another flight is named, with the exchange of axes that would mend it', () => {
    const away: [number, number][] = rectangle(-5, -5, 5, 5).map(([x, y]) => [x, y + 1]);
    const elsewhere = judge([[away]]);
    expect(elsewhere.boundary).toBeUndefined();
    expect(elsewhere.suspect).toMatchObject({
      severity: 'error',
      scope: 'file',
      subject: 'boundary.geojson',
      values: { swapped: false, limit: 20_000 },
    });
    const swapped = judge([[rectangle(-5, -5, 5, 5).map(([x, y]) => [y, x] as [number, number])]]);
    expect(swapped.suspect!.message).toContain('with latitude and longitude exchanged');
    const world: [number, number][] = [
      [-170, -80],
      [170, -80],
      [170, 80],
      [-170, 80],
    ];
    expect(judge([[world]]).suspect!.message).toMatch(/reaches \d+ km away/);
  });
});

describe('boundary.geojson', () => {
  const ring = [
    [11.5, 48.1],
    [11.6, 48.1, 500],
    [11.6, 48.2],
    [11.5, 48.1],
  ];
  const polygon = { type: 'Polygon', coordinates: [ring] };
  const corners = ring.slice(0, 3).map(([x, y]) => [x, y]);

  it.each([
    ['a polygon', polygon, 1],
    ['several', { type: 'MultiPolygon', coordinates: [[ring], [ring]] }, 2],
    ['a feature', { type: 'Feature', geometry: polygon, properties: {} }, 1],
    [
      'features, as QGIS writes them',
      {
        type: 'FeatureCollection',
        crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } },
        features: [
          { type: 'Feature', geometry: polygon },
          { type: 'Feature', geometry: null },
          { type: 'Feature', geometry: polygon },
        ],
      },
      2,
    ],
  ])('may hold %s', (_words, value, count) => {
    const { boundary, findings } = parseBoundaryFile(JSON.stringify(value), 'b');
    expect(findings).toEqual([]);
    expect(boundary!.polygons).toEqual(Array.from({ length: count }, () => [corners]));
  });

  const named = (name: string) => ({ ...polygon, crs: { properties: { name } } });
  const ofRing = (...places: number[][]) => ({ type: 'Polygon', coordinates: [places] });
  it.each([
    ['x', 'it is no JSON'],
    ['{}', 'it must be a GeoJSON Polygon or MultiPolygon'],
    [JSON.stringify({ type: 'Point', coordinates: [1, 2] }), 'it must be a GeoJSON Polygon'],
    [JSON.stringify({ type: 'FeatureCollection', features: [] }), 'it holds no polygon'],
    [JSON.stringify(named('urn:ogc:def:crs:EPSG::32632')), 'export it in EPSG:4326'],
    [JSON.stringify(ofRing([0, 0], [1, 0], [0, 0])), 'a ring needs 4 positions'],
    [JSON.stringify(ofRing([0, 0], [1, 0], [1, 1], [0, 1])), 'must end where it begins'],
    [
      JSON.stringify(ofRing([6e5, 5e6], [6e5, 5e6], [6e5, 5e6], [6e5, 5e6])),
      '600000, 5000000 are no longitude and latitude',
    ],
    [
      JSON.stringify(ofRing([179, 0], [-179, 0], [-179, 1], [179, 0])),
      'crosses the antimeridian: cut it there',
    ],
    [JSON.stringify(ofRing([0, 0], [1, 1], [2, 2], [0, 0])), 'has no area'],
    [
      JSON.stringify(ofRing([0, 0], ...Array.from({ length: 10_000 }, () => [1, 1]), [0, 0])),
      'an area may have 10000 corners: found 10002, simplify it',
    ],
  ])('that says %.40s is refused in one sentence', (content, words) => {
    const { boundary, findings } = parseBoundaryFile(content, 'boundary.geojson');
    expect(boundary).toBeNull();
    expect(findings).toMatchObject([{ code: 'COMPANION_INVALID', subject: 'boundary.geojson' }]);
    expect(findings[0]!.message).toContain(words);
  });

  it('is said in words that fit its size', () => {
    const seen = { file: 'b', coverage: [{ images: 1, share: 1 }], imagesOutside: 2 };
    expect(boundaryWords({ ...seen, areaSquareMeters: 12_345 })).toBe(
      '1.23 ha, seen at least 100.0 % by 1; 2 images see nothing of it',
    );
    expect(boundaryWords({ ...seen, areaSquareMeters: 50, coverage: [], imagesOutside: 0 })).toBe(
      '50 m², seen by nobody knows how many images',
    );
  });
});
