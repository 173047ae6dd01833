import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import { explainSuspects, findSuspects } from '../../accuracy/model/blunders.ts';
import { averageByPoint, evidenceOf } from '../../accuracy/model/distinct-points.ts';
import { askGate, ASPRS_LEAST_POINTS } from '../../accuracy/model/gate.ts';
import { compareWithControl } from '../../accuracy/model/image-residuals.ts';
import { intersectRays, isIntersection } from '../../accuracy/model/ray-intersection.ts';
import {
  mergeResidualSums,
  type ResidualSums,
  residualFigures,
} from '../../accuracy/model/residual-sums.ts';
import { errorStatistics } from '../../accuracy/model/error-statistics.ts';
import { isInImage, type Pose } from '../../maths/camera.ts';
import { subtract } from '../../maths/vector.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { readControl, readGeo, readTags } from './flight-files.ts';

interface Figures {
  n: number;
  mean_e: number;
  mean_n: number;
  rmse_e: number;
  rmse_n: number;
  rmse_r: number;
  rmse_px: number;
}
interface Truth {
  origin: { lat: number; lon: number; h: number };
  images: { name: string; recorded_enu: number[]; findings: string[] }[];
  expected: {
    all: Figures;
    with_blunder: Figures;
    triangulated: {
      points: { gcp: string; rays: number; dE: number; dN: number; dU: number }[];
      mean: number[];
      rmse: number[];
    };
  };
}

const size = { columns: 480, rows: 360 };
/** Images of quality errors keep their geometry; these are out, or have no place. */
const LEFT_OUT = [
  'IMAGE_TRUNCATED',
  'GPS_MISSING',
  'GPS_ZERO',
  'CAMERA_MISMATCH',
  'FILE_EMPTY',
  'NOT_AN_IMAGE',
  'ALTITUDE_OUTLIER',
];

function loadFlight(name: string) {
  const truth = JSON.parse(readFileSync(realDataPath(`${name}/truth.json`), 'utf8')) as Truth;
  const origin = {
    latitudeDegrees: truth.origin.lat,
    longitudeDegrees: truth.origin.lon,
    heightMeters: truth.origin.h,
  };
  const control = readControl(realDataPath(`${name}/gcp_list.txt`), origin);
  const images = truth.images
    .filter(({ findings }) => !findings.some((code) => LEFT_OUT.includes(code)))
    .map((image) => ({
      name: image.name,
      ...readTags(realDataPath(`${name}/${image.name}`), size, origin)!,
    }));
  return { truth, origin, control, images };
}

type Flight = ReturnType<typeof loadFlight>;

function compare(flight: Flight, poses?: ReadonlyMap<string, Pose>) {
  return flight.images.map(({ name, camera, pose }) =>
    compareWithControl({
      camera,
      pose: poses?.get(name) ?? pose,
      observations: flight.control.observations.filter(({ image }) => image === name),
      points: flight.control.points,
      expectedSigma: null,
    }),
  );
}

/** The figures of a flight must be those of the truth to a millimeter, whatever the order of images. */
function expectFigures(sums: ResidualSums[], expected: Figures): void {
  const figures = residualFigures(mergeResidualSums(sums))!;
  expect(residualFigures(mergeResidualSums(sums.toReversed()))).toEqual(figures);
  const inPages = [sums.slice(0, 3), sums.slice(3)].map(mergeResidualSums);
  expect(mergeResidualSums(inPages)).toEqual(mergeResidualSums(sums));
  expect(figures.n).toBe(expected.n);
  const pairs = [
    [figures.meanEast, expected.mean_e],
    [figures.meanNorth, expected.mean_n],
    [figures.rmseEast, expected.rmse_e],
    [figures.rmseNorth, expected.rmse_n],
    [figures.rmseRadial, expected.rmse_r],
    [figures.rmsePixels, expected.rmse_px],
  ] as const;
  for (const [found, wanted] of pairs) expect(Math.abs(found - wanted)).toBeLessThan(1e-3);
}

/** Residuals of the places where rays meet: nearest to the rays, or least off in the images. */
function intersectPoints({ control, images }: Flight, by: 'nearest' | 'point') {
  return [...control.points.values()].flatMap(({ name, position }) => {
    const rays = control.observations.flatMap(({ point, image, pixel }) => {
      const seen = images.find((one) => one.name === image);
      // An observation outside the image is a suspect.
      const isUsed = point === name && seen !== undefined && isInImage(seen.camera, pixel);
      return isUsed ? [{ camera: seen.camera, pose: seen.pose, pixel }] : [];
    });
    const met = intersectRays(rays);
    if (!isIntersection(met)) return [];
    const [east, north, up] = subtract(met[by], position);
    return [{ point: name, rays: met.rays, east, north, up }];
  });
}

describeWithRealData('a synthetic flight without errors', () => {
  let flight: Flight;
  beforeAll(() => {
    flight = loadFlight('synthetic-flight-clean');
  });

  it.each(['its tags', 'geo.txt'])('has residuals below a millimeter from %s', (source) => {
    const geo = realDataPath('synthetic-flight-clean/geo.txt');
    const poses = source === 'geo.txt' ? readGeo(geo, flight.origin) : undefined;
    const compared = compare(flight, poses);
    const residuals = compared.flatMap((image) => image.residuals);
    expect(residuals).toHaveLength(60);
    expect(compared.flatMap((image) => image.unusable)).toEqual([]);
    for (const { radial } of residuals) expect(radial).toBeLessThan(1e-3);
    expect(findSuspects(residuals, 0.5 * 0.19)).toEqual([]);
  });

  it('has its points where their rays meet', () => {
    for (const by of ['nearest', 'point'] as const) {
      const points = intersectPoints(flight, by);
      expect(points).toHaveLength(14);
      for (const { east, north, up } of points) {
        expect(Math.hypot(east, north)).toBeLessThan(1e-3);
        expect(Math.abs(up)).toBeLessThan(5e-3);
      }
    }
  });
});

describeWithRealData('a synthetic flight with known errors', () => {
  let flight: Flight;
  let compared: ReturnType<typeof compare>;
  beforeAll(() => {
    flight = loadFlight('synthetic-flight-faulty');
    compared = compare(flight);
  });

  it('has the published figures with the blunder and without it', () => {
    const { all, with_blunder: withBlunder } = flight.truth.expected;
    expectFigures(
      compared.map(({ sums }) => sums),
      withBlunder,
    );
    expectFigures(
      compared.map(({ sumsWithoutSuspects }) => sumsWithoutSuspects),
      all,
    );
  });

  it('names the blunder, and only it', () => {
    const residuals = compared.flatMap((image) => image.residuals);
    const suspects = findSuspects(residuals, 0.5 * 0.19);
    expect(suspects).toMatchObject([
      {
        point: 'GCP05',
        image: 'IMG_0010.JPG',
        because: 'large residual, outside the image',
      },
    ]);
    expect(explainSuspects(residuals, suspects)).toMatchObject([{ kind: 'pointing' }]);
  });

  it('is shown to miss a class of 0.3 m, with the blunder and without', () => {
    const residuals = compared.flatMap((image) => image.residuals);
    const trusted = residuals.filter((residual) => residual.isInImage);
    const { horizontal } = evidenceOf(averageByPoint(residuals), averageByPoint(trusted));
    const question = {
      classHorizontal: 0.3,
      classVertical: null,
      horizontal,
      vertical: null,
      verticalNotAssessed: null,
      surveyHorizontal: 0.02,
      surveyVertical: 0.03,
      requiredPoints: ASPRS_LEAST_POINTS,
      areSuspectsConfirmed: false,
      blocking: [],
    };
    expect(askGate(question)).toMatchObject({ verdict: 'fail', numbers: [{ points: 13 }] });
    const lenient = askGate({ ...question, classHorizontal: 2 });
    expect(lenient.verdict).toBe('review');
    expect(lenient.reasons).toContain('13 distinct check points of the 30 required');
  });

  it('has its points where the published rays meet', () => {
    const points = intersectPoints(flight, 'nearest');
    const { triangulated } = flight.truth.expected;
    expect(points.map(({ point, rays }) => [point, rays])).toEqual(
      triangulated.points.map(({ gcp, rays }) => [gcp, rays]),
    );
    points.forEach(({ east, north, up }, index) => {
      const { dE, dN, dU } = triangulated.points[index]!;
      expect(Math.hypot(east - dE, north - dN, up - dU)).toBeLessThan(1e-3);
    });
    const { east, north, up } = errorStatistics(points)!;
    [east, north, up!].forEach(({ mean, rmse }, axis) => {
      expect(Math.abs(mean - triangulated.mean[axis]!)).toBeLessThan(1e-3);
      expect(Math.abs(rmse - triangulated.rmse[axis]!)).toBeLessThan(1e-3);
    });
  });
});
