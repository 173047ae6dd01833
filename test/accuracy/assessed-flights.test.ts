import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import { readTerrain } from '../../accuracy/io/read-terrain.ts';
import { cameraOf, isKnown, poseOf } from '../../accuracy/model/image-camera.ts';
import type { CheckedFlight } from '../../contracts/checked-flight.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { GroundAccuracy } from '../../contracts/ground-accuracy.ts';
import { meetGround } from '../../maths/footprint.ts';
import { enuToGeodetic } from '../../maths/geodesy.ts';
import { gimbalRotation, type Vector3 } from '../../maths/rotation.ts';
import { rotationAngle, rotationFromVector } from '../../maths/rotation-vector.ts';
import { transpose } from '../../maths/vector.ts';
import { bothWays } from '../../platform/coordinate-systems.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { assessHere, ingestFlight } from './assess-flight.ts';

interface Figures {
  n: number;
  mean_e: number;
  mean_n: number;
  rmse_e: number;
  rmse_n: number;
  rmse_r: number;
  rmse_px: number;
}

function expectFigures(found: GroundAccuracy['observations']['all'], expected: Figures): void {
  expect(found!.n).toBe(expected.n);
  const pairs = [
    [found!.meanEast, expected.mean_e],
    [found!.meanNorth, expected.mean_n],
    [found!.rmseEast, expected.rmse_e],
    [found!.rmseNorth, expected.rmse_n],
    [found!.rmseRadial, expected.rmse_r],
    [found!.rmsePixels, expected.rmse_px],
  ] as const;
  for (const [value, wanted] of pairs) expect(Math.abs(value - wanted)).toBeLessThan(1e-3);
}

const codesOf = (findings: readonly Finding[]) => findings.map(({ code }) => code);

describeWithRealData('the flight without errors, from its files to its verdict', () => {
  let flight: CheckedFlight;
  beforeAll(async () => {
    flight = await ingestFlight(realDataPath('synthetic-flight-clean'));
  });

  it('has no residual of a millimeter, and nothing to correct', async () => {
    const { accuracy } = await assessHere(flight);
    const { ground } = accuracy;
    expect(ground!.residuals).toHaveLength(60);
    for (const { radial } of ground!.residuals) expect(radial).toBeLessThan(1e-3);
    expect(ground!.boresight).toMatchObject({ isWorthwhile: false, significant: [] });
    expect(ground!.suspects).toEqual([]);
    expect(codesOf(accuracy.findings)).not.toContain('BIAS_SIGNIFICANT');
  });

  it('passes a class when it has as many points as are asked for, and not before', async () => {
    const question = { heights: 'ellipsoidal', accuracyClass: 5 } as const;
    const strict = await assessHere(flight, question);
    expect(strict.accuracy).toMatchObject({
      verdict: 'review',
      reasons: ['14 distinct check points of the 30 required'],
    });
    const gate = { requiredPoints: 14, verticalClassCentimeters: 5 };
    const { accuracy } = await assessHere(flight, { ...question, gate });
    expect(accuracy.verdict).toBe('pass');
    expect(accuracy.ground!.gate.numbers.map(({ direction }) => direction)).toEqual([
      'horizontal',
      'vertical',
    ]);
  });

  it('does not pass on points that were derived from the images', async () => {
    const gate = { requiredPoints: 14, isControlDerived: true };
    const { accuracy } = await assessHere(flight, { accuracyClass: 5, gate });
    expect(accuracy.verdict).toBe('review');
    expect(accuracy.reasons.join()).toContain('derived from the images');
  });
});

describeWithRealData('the flight with known errors, from its files to its verdict', () => {
  it('has the published figures, and the blunder named', async () => {
    const flight = await ingestFlight(realDataPath('synthetic-flight-faulty'));
    const { accuracy } = await assessHere(flight, { accuracyClass: 30 });
    const truth = JSON.parse(
      readFileSync(realDataPath('synthetic-flight-faulty/truth.json'), 'utf8'),
    );
    const ground = accuracy.ground!;
    expectFigures(ground.observations.all, truth.expected.with_blunder);
    expectFigures(ground.observations.withoutSuspects, truth.expected.all);
    expect(ground.patterns).toMatchObject([
      { kind: 'pointing', point: 'GCP05', image: 'IMG_0010.JPG' },
    ]);
    expect(codesOf(accuracy.findings)).toContain('GCP_BLUNDER');
    expect(codesOf(flight.findings)).toContain('GCP_IMAGE_MISSING');
    expect(accuracy.verdict).toBe('fail');
    expect(ground.points.filter(({ up }) => up !== null)).toHaveLength(10);
  });
});

describeWithRealData('the flight in which six images were turned', () => {
  const request = {
    control: realDataPath('flight-brighton/control-derived/gcp_list.txt'),
    heights: 'takeoff',
    gate: { isControlDerived: true },
  } as const;
  let flight: CheckedFlight;
  beforeAll(async () => {
    flight = await ingestFlight(realDataPath('flight-brighton'), request);
  });

  it('has the published figure with the yaw as recorded, and says which images are off', async () => {
    const recorded = {
      ...flight,
      images: flight.images.map((image) => ({
        ...image,
        findings: image.findings.filter(({ code }) => code !== 'YAW_IMAGE_INCONSISTENT'),
      })),
    };
    const { accuracy } = await assessHere(recorded, request);
    const { all } = accuracy.ground!.observations;
    expect(all!.n).toBe(38);
    // The copies carry the focal length rounded to 3.6 mm, which makes 26.39 m of 26.35 m.
    expect(Math.abs(all!.rmseRadial - 26.39)).toBeLessThan(0.005);
    const outliers = accuracy.findings.filter(({ code }) => code === 'IMAGE_ACCURACY_OUTLIER');
    expect(outliers.map(({ subject }) => subject)).toEqual(TURNED);
  });

  it('has the published figures with the focal length as the originals have it, 3.61 mm', async () => {
    const camera = { focalMillimeters: 3.61, sensorWidthMillimeters: 6.17 };
    const figureOf = async (findingsOf: (name: string) => Finding[]) => {
      const images = flight.images.map((image) => ({
        ...image,
        findings: findingsOf(image.name),
      }));
      const { accuracy } = await assessHere({ ...flight, images }, { ...request, camera });
      return accuracy.ground!.observations.all!.rmseRadial;
    };
    expect(await figureOf(() => [])).toBeCloseTo(26.35, 2);
    const turned = (name: string) => (TURNED.includes(name) ? [turnedFinding(name)] : []);
    expect(await figureOf(turned)).toBeCloseTo(2.398, 3);
  });

  it('has the published figure with the six turned back, and a boresight that helps', async () => {
    const turned = {
      ...flight,
      images: flight.images.map((image) => ({
        ...image,
        findings: TURNED.includes(image.name) ? [turnedFinding(image.name)] : [],
      })),
    };
    const { accuracy } = await assessHere(turned, request);
    const ground = accuracy.ground!;
    expect(Math.abs(ground.observations.all!.rmseRadial - 2.412)).toBeLessThan(0.005);
    expect(Object.keys(ground.turnedImages)).toEqual(TURNED);
    if ('reason' in ground.boresight) throw new Error(ground.boresight.reason);
    const { turnDegrees, checkRmseBefore, checkRmseAfter } = ground.boresight;
    expect(Math.abs(turnDegrees[0] - 2)).toBeLessThan(0.3);
    expect(Math.abs(turnDegrees[1] + 1.7)).toBeLessThan(0.3);
    expect(checkRmseBefore!).toBeGreaterThan(2.6);
    expect(checkRmseAfter!).toBeLessThan(1.8);
    expect(ground.claims.join()).toContain('derived from the images');
  });
});

const TURNED = [24, 25, 26, 27, 28, 29].map((number) => `DJI_00${number}.JPG`);

function turnedFinding(subject: string): Finding {
  return {
    code: 'YAW_IMAGE_INCONSISTENT',
    severity: 'error',
    scope: 'image',
    subject,
    message: `Image "${subject}" is turned`,
    values: { turnDegrees: 180 },
  };
}

describeWithRealData('the poses of an oblique flight', () => {
  it('differ from the adjusted ones by the published angles', async () => {
    const flight = await ingestFlight(realDataPath('flight-p4rtk-oblique'));
    const path = realDataPath('flight-p4rtk-oblique/opensfm/reconstruction.json');
    const [adjusted] = JSON.parse(readFileSync(path, 'utf8'));
    const { latitude, longitude, altitude } = adjusted.reference_lla;
    const origin = {
      latitudeDegrees: latitude,
      longitudeDegrees: longitude,
      heightMeters: altitude,
    };
    const published = { '0018': 0.934, '0136': 0.46, '0140': 1.249, '0142': 1.159 };
    for (const [number, degrees] of Object.entries(published)) {
      const image = flight.images.find(({ name }) => name.includes(number))!;
      const pose = poseOf(image, { origin, heights: null, takenOffHeights: 0 });
      if (!isKnown(pose)) throw new Error(pose.reason);
      const rotation: Vector3 = adjusted.shots[`100_0005_${number}`].rotation;
      const truth = transpose(rotationFromVector(rotation));
      const angle =
        (rotationAngle(gimbalRotation(image.description!.attitude!), truth) * 180) / Math.PI;
      expect(angle).toBeCloseTo(degrees, 3);
      // The level plane at the camera and that of the origin differ by a thousandth of a degree.
      expect(
        Math.abs((rotationAngle(pose.rotation, truth) * 180) / Math.PI - degrees),
      ).toBeLessThan(0.002);
      if (number !== '0018') continue;
      [115.294, -73.809, 186.569].forEach((value, axis) => {
        expect(pose.center[axis]!).toBeCloseTo(value, 2);
      });
    }
  });

  it('have the calibration of their tags, brought to the stored size', async () => {
    const flight = await ingestFlight(realDataPath('flight-p4rtk-oblique'));
    const camera = cameraOf(flight.images[0]!.description!, {});
    if (!isKnown(camera)) throw new Error(camera.reason);
    expect(camera.focalX).toBeCloseTo(3657.02 / 4, 6);
    expect(camera.focalY).toBeCloseTo(3650.62 / 4, 6);
    expect(camera.centerX).toBeCloseTo((1368 - 1) / 2 - 4.03 / 4, 6);
    expect(camera.distortion.k1).toBeCloseTo(-0.267098, 9);
  });
});

describeWithRealData('an aerial survey with a list of omega, phi, kappa and a ground model', () => {
  it('puts the middle of an image where it was published', async () => {
    const request = {
      dem: realDataPath('aerial-ngi/dem.tif'),
      heights: 'msl',
      camera: { focalPixels: 833.3333333, attitudeSigmaDegrees: 0.05 },
    } as const;
    const flight = await ingestFlight(realDataPath('aerial-ngi'));
    const { assessed, plan } = await assessHere(flight, request);
    const image = assessed.find(({ name }) => name.includes('0182'))!;
    expect(image.reasons).toEqual([]);
    expect(image.gsd!.nominal).toBeGreaterThan(5.5);
    // The middle of the footprint lies close to where the middle of the image meets the terrain.
    const terrain = await readTerrain(request.dem, plan.origin);
    const record = flight.images.find(({ name }) => name === image.name)!;
    const pose = poseOf(record, plan);
    const camera = cameraOf(record.description!, request.camera);
    if (!isKnown(pose) || !isKnown(camera)) throw new Error('no geometry');
    const met = meetGround(camera, pose, [319.5, 575.5], terrain)!;
    const place = enuToGeodetic(met.point, plan.origin);
    const definition = readFileSync(realDataPath('aerial-ngi/ngi_xyz_opk.prj'), 'utf8').trim();
    const map = (await bothWays({ definition }))!;
    const [x, y] = map.fromGround(place.longitudeDegrees, place.latitudeDegrees)!;
    expect(Math.hypot(x + 55120.127, y + 3727437.01)).toBeLessThan(1);
    expect(Math.abs(place.heightMeters - 340.055)).toBeLessThan(0.5);
  });
});
