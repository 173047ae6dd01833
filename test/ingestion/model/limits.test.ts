import { describe, expect, it } from '@jest/globals';
import type { Finding, FindingCode } from '../../../contracts/findings.ts';
import type { ControlPoint, FlightImage, ImageDescription } from '../../../contracts/flight.ts';
import type { Boundary, FlightCompanions } from '../../../contracts/flight-companions.ts';
import {
  type ChangedThresholds,
  flightThresholdsSchema,
} from '../../../contracts/flight-thresholds.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { judgeOrientations } from '../../../ingestion/model/orientation-test.ts';
import { defaultThresholds } from '../../../ingestion/model/thresholds.ts';
import { enuToGeodetic } from '../../../maths/geodesy.ts';
import { flightImage } from '../../support/flight-image.ts';

const base = flightImage('x').description!;
const origin = { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 500 };

function placeAt(east: number, north: number): { latitude: number; longitude: number } {
  const { latitudeDegrees, longitudeDegrees } = enuToGeodetic([east, north, 0], origin);
  return { latitude: latitudeDegrees, longitude: longitudeDegrees };
}

/** What differs in one image; altitude and place are of its position. */
type Change = Partial<ImageDescription> & { east?: number; north?: number; altitude?: number };

/**
 * Three lines of six images, 3 m along and 6 m across, of 20 x 15 m of ground each, two seconds apart: nothing
 * is said against them.
 */
function flightWith(changes: Record<number, Change>, all: Change = {}): FlightImage[] {
  return Array.from({ length: 18 }, (_, index) => {
    const [line, step] = [Math.floor(index / 6), index % 6];
    const change = { ...all, ...changes[index] };
    const { east = line * 6, north = 3 * (line % 2 === 0 ? step : 5 - step), ...rest } = change;
    const { altitude = 600, ...more } = rest;
    return flightImage(`IMG_${100 + index}.JPG`, {
      position: { ...base.position!, ...placeAt(east, north), altitude },
      attitude: { yaw: line % 2 === 0 ? 0 : 180, pitch: -90, roll: 0 },
      capturedAt: `2026-05-04T10:00:${String(2 * index).padStart(2, '0')}.5`,
      measures: { ...base.measures!, differenceHash: hashOf(index) },
      ...more,
    });
  });
}

/** Hashes that differ in many bits. */
function hashOf(index: number): string {
  return (index * 0x9e3779b9 + 0x7f4a7c15).toString(16).padStart(16, '0').slice(-16);
}

function findingsOf(
  flight: FlightImage[],
  limits: ChangedThresholds = {},
  beside: Partial<FlightCompanions> = {},
  ground: number | null = null,
): Finding[] {
  const companions = { poseFile: null, poses: {}, findings: [], ...beside };
  const builder = new ManifestBuilder(companions, limits);
  builder.survey(flight);
  if (ground !== null) builder.useGround(() => ground);
  builder.locate(flight);
  const images = builder.judge(flight);
  const { findings, thresholds } = builder.build('F', []);
  for (const [name, limit] of Object.entries(limits)) {
    if (name !== 'maxUncoveredShare') expect(thresholds[name]).toBe(limit);
  }
  return [...images.flatMap((image) => image.findings), ...findings];
}

function control(count: number, images: number, side = 15): ControlPoint[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `P${index}`,
    role: 'control' as const,
    crs: 'EPSG:4326',
    x: 0,
    y: 0,
    z: 500 + index / 10,
    ...placeAt((index % 2) * side, index * (side / Math.max(1, count - 1))),
    observations: Array.from({ length: images }, (_point, at) => ({
      image: `IMG_${100 + at}.JPG`,
      u: 10,
      v: 10,
    })),
  }));
}

const boundaryAt = (east: number): { boundary: Boundary } => {
  const corner = (x: number, y: number): [number, number] => {
    const { latitude, longitude } = placeAt(east + x, y);
    return [longitude, latitude];
  };
  const ring = [corner(0, 0), corner(5, 0), corner(5, 5), corner(0, 5)];
  return { boundary: { file: 'boundary.geojson', polygons: [[ring]] } };
};

const thumbnailTurn = { turnDegrees: 180, asStored: 0.5, turned: 0.65 };
const spreadOut = (index: number) => ({ altitude: 600 + index / 2 });
const scattered = Object.fromEntries(
  Array.from({ length: 18 }, (_, index) => [index, spreadOut(index)]),
);

interface Case {
  limit: keyof ChangedThresholds;
  /** A value of it that changes what is said. */
  changed: number;
  code: FindingCode;
  flight: FlightImage[];
  beside?: Partial<FlightCompanions>;
  ground?: number;
  /** Other limits that hold in both runs. */
  fixed?: ChangedThresholds;
}

const cases: Case[] = [
  {
    limit: 'lowOverlapShare',
    changed: 0.01,
    code: 'OVERLAP_LOW',
    flight: flightWith({ 5: { north: 22 } }),
  },
  {
    limit: 'minImagesOnGround',
    changed: 19,
    code: 'COVERAGE_HOLE',
    flight: flightWith({}),
  },
  {
    limit: 'nadirTilt',
    changed: 5,
    code: 'TILT_HIGH',
    flight: flightWith({}, { attitude: { yaw: 0, pitch: -80, roll: 0 } }),
  },
  {
    limit: 'maxCrab',
    changed: 10,
    code: 'YAW_TRACK_MISMATCH',
    flight: flightWith({}, { attitude: { yaw: 20, pitch: -90, roll: 0 } }).slice(0, 6),
  },
  {
    limit: 'maxCrabShare',
    changed: 0.9,
    code: 'YAW_TRACK_MISMATCH',
    flight: flightWith(
      Object.fromEntries(
        [0, 1, 2].map((index) => [index, { attitude: { yaw: 90, pitch: -90, roll: 0 } }]),
      ),
    ),
    fixed: { maxCrabShare: 0.1 },
  },
  {
    limit: 'maxTimeStepRatio',
    changed: 5,
    code: 'TIME_NOT_MONOTONIC',
    flight: flightWith({ 17: { capturedAt: '2026-05-04T10:00:50.5' } }),
  },
  {
    limit: 'editedAfterMinutes',
    changed: 5,
    code: 'EDITED_IMAGE',
    flight: flightWith({ 3: { changedAfterMinutes: 8 } }),
  },
  {
    limit: 'thumbnailAdvantage',
    changed: 0.1,
    code: 'THUMBNAIL_ROTATED',
    flight: flightWith({ 3: { thumbnailTurn } }),
  },
  {
    limit: 'altitudeOutlierMeters',
    changed: 30,
    code: 'ALTITUDE_OUTLIER',
    flight: flightWith({ 3: { altitude: 640 } }),
  },
  {
    limit: 'altitudeOutlierNmads',
    changed: 40,
    code: 'ALTITUDE_OUTLIER',
    flight: flightWith({ ...scattered, 3: { altitude: 700 } }),
  },
  {
    limit: 'positionOutlierMeters',
    changed: 1000,
    code: 'GPS_OUTLIER',
    flight: flightWith({ 3: { east: 2000 } }),
  },
  {
    limit: 'positionOutlierRatio',
    changed: 1000,
    code: 'GPS_OUTLIER',
    flight: flightWith({ 3: { east: 5000 } }),
  },
  {
    limit: 'maxPositionDifference',
    changed: 0.5,
    code: 'GPS_SOURCES_DISAGREE',
    flight: flightWith({ 3: { positionsApart: 0.8 } }),
  },
  {
    limit: 'maxFocalDifference',
    changed: 0.001,
    code: 'FOCAL_MISMATCH',
    flight: flightWith({ 3: { focalPixels: 2006 } }),
  },
  {
    limit: 'datumOffset',
    changed: 3,
    code: 'ALTITUDE_DATUM_SUSPECT',
    flight: flightWith({}),
    ground: 496,
  },
  {
    limit: 'datumSpread',
    changed: 10,
    code: 'ALTITUDE_DATUM_SUSPECT',
    flight: flightWith(scattered),
    ground: 480,
  },
  {
    limit: 'sameCaptureMeters',
    changed: 5,
    code: 'DUPLICATE_CAPTURE',
    flight: flightWith({ 3: { capturedAt: '2026-05-04T10:00:04.5' } }),
  },
  {
    limit: 'sameCaptureHashBits',
    changed: 64,
    code: 'DUPLICATE_CAPTURE',
    flight: flightWith({ 3: { north: 6.2 } }),
  },
  {
    limit: 'sameCaptureFootprintShare',
    changed: 0.2,
    code: 'DUPLICATE_CAPTURE',
    flight: flightWith({ 3: { measures: { ...base.measures!, differenceHash: hashOf(2) } } }),
  },
  ...(
    [
      ['controlRaysError', 4, 'GCP_FEW_RAYS', 5, 3],
      ['controlRaysWarning', 4, 'GCP_FEW_RAYS', 5, 3],
      ['controlPointsError', 6, 'GCP_TOO_FEW', 5, 3],
      ['controlPointsWarning', 6, 'GCP_TOO_FEW', 5, 3],
    ] as const
  ).map(([limit, changed, code, points, rays]) => ({
    limit,
    changed,
    code,
    flight: flightWith({}),
    beside: { control: control(points, rays) },
  })),
  {
    limit: 'minControlShare',
    changed: 0.9,
    code: 'GCP_HULL_SMALL',
    flight: flightWith({}),
    beside: { control: control(5, 3, 10) },
  },
  {
    limit: 'maxGroundDistance',
    changed: 500,
    code: 'CRS_SUSPECT',
    flight: flightWith({}),
    beside: boundaryAt(1000),
  },
];

describe('a limit of a flight', () => {
  it.each(cases)('is $limit, and decides on $code', (each) => {
    const { limit, changed, code, flight, beside, ground, fixed = {} } = each;
    const isSaid = (limits: ChangedThresholds) =>
      findingsOf(flight, limits, beside, ground ?? null).some((found) => found.code === code);
    const byDefault = isSaid(fixed);
    expect(isSaid({ ...fixed, [limit]: changed })).toBe(!byDefault);
  });

  it('is by how much neighbors have to fit better when an image is turned', () => {
    const evidence = [0, 180].map((firstTurn) => ({
      first: 'A.JPG',
      second: 'B.JPG',
      firstTurn,
      secondTurn: 0,
      psr: firstTurn === 0 ? 4 : 40,
    }));
    const compared = [{ name: 'A.JPG', fits: false, evidence }];
    const turned = (advantage: number) => judgeOrientations(compared, 2, advantage).counts.turned;
    expect(turned(defaultThresholds.turnAdvantage)).toBe(0);
    expect(turned(2)).toBe(1);
    expect(new ManifestBuilder(undefined, { turnAdvantage: 2 }).thresholds.turnAdvantage).toBe(2);
  });

  it('has a default, and is one of those that a request may state', () => {
    expect(Object.keys(defaultThresholds).sort()).toEqual(
      Object.keys(flightThresholdsSchema.shape).sort(),
    );
    expect(flightThresholdsSchema.parse(defaultThresholds)).toEqual(defaultThresholds);
  });

  it('that is not reached says nothing of a sound flight', () => {
    expect(findingsOf(flightWith({}))).toEqual([]);
  });
});
