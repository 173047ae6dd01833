import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import ExifReader from 'exifreader';
import { estimateBoresight, isEstimate } from '../../accuracy/model/boresight.ts';
import type { BoresightObservation } from '../../accuracy/model/boresight-equations.ts';
import { correctCamera, correctPose } from '../../accuracy/model/systematic-error.ts';
import type { ControlObservation } from '../../accuracy/model/control.ts';
import { compareWithControl } from '../../accuracy/model/image-residuals.ts';
import { mergeResidualSums, residualFigures } from '../../accuracy/model/residual-sums.ts';
import { turnBack } from '../../accuracy/model/turned-images.ts';
import { type Camera, type Pose, simpleCamera } from '../../maths/camera.ts';
import { geodeticToEnu } from '../../maths/geodesy.ts';
import { gimbalRotation } from '../../maths/rotation.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { readControl, readXmp } from './flight-files.ts';

/** These six were turned by a viewer that left yaw as it was. */
const TURNED = [24, 25, 26, 27, 28, 29].map((number) => `DJI_00${number}.JPG`);
const size = { columns: 1280, rows: 720 };
/** Its ground is at the height of the take-off: heights are counted from there. */
const origin = { latitudeDegrees: 46.842, longitudeDegrees: -91.994, heightMeters: 0 };

interface RealImage {
  name: string;
  camera: Camera;
  pose: Pose;
}

function readImage(number: number, focalMillimeters: number): RealImage {
  const name = `DJI_00${number}.JPG`;
  const path = realDataPath(`flight-brighton/images/${name}`);
  const xmp = readXmp(path)!;
  const { gps } = ExifReader.load(readFileSync(path), { expanded: true });
  const place = {
    latitudeDegrees: gps!.Latitude!,
    longitudeDegrees: gps!.Longitude!,
    heightMeters: xmp('RelativeAltitude'),
  };
  const rotation = gimbalRotation({
    yaw: xmp('GimbalYawDegree'),
    pitch: xmp('GimbalPitchDegree'),
    roll: xmp('GimbalRollDegree'),
  });
  return {
    name,
    camera: simpleCamera({
      ...size,
      focalPixels: (focalMillimeters / 6.17) * 1280,
    }),
    pose: { center: geodeticToEnu(place, origin), rotation },
  };
}

describeWithRealData('a real flight in which six images were turned', () => {
  let images: RealImage[];
  let control: ReturnType<typeof readControl>;
  beforeAll(() => {
    images = Array.from({ length: 18 }, (_, index) => readImage(18 + index, 3.61));
    const full = readControl(realDataPath('flight-brighton/control-derived/gcp_list.txt'), origin);
    const observations = full.observations.map((observation) => {
      const [u, v] = observation.pixel;
      return { ...observation, pixel: [(u + 0.5) * 0.32 - 0.5, (v + 0.5) * 0.32 - 0.5] as const };
    });
    control = { points: full.points, observations };
  });

  /** Turned back, as the camera saw it. */
  const upright = (observation: ControlObservation): ControlObservation => {
    const turn = TURNED.includes(observation.image) ? 180 : 0;
    return { ...observation, pixel: turnBack(size, observation.pixel, turn) };
  };
  const figuresOf = (
    some: readonly RealImage[],
    observations: readonly ControlObservation[],
    points?: readonly string[],
  ) => {
    const sums = some.map(
      ({ name, camera, pose }) =>
        compareWithControl({
          camera,
          pose,
          observations: observations.filter(
            ({ image, point }) => image === name && (points?.includes(point) ?? true),
          ),
          points: control.points,
          expectedSigma: null,
        }).sums,
    );
    return residualFigures(mergeResidualSums(sums))!;
  };

  it('has the published figures with the recorded yaw and with the six turned', () => {
    const recorded = figuresOf(images, control.observations);
    expect(recorded.n).toBe(38);
    expect(Math.abs(recorded.rmseRadial - 26.35)).toBeLessThan(0.02);
    const turned = figuresOf(images, control.observations.map(upright));
    expect(Math.abs(turned.rmseRadial - 2.398)).toBeLessThan(0.02);
    expect(Math.abs(turned.rmseEast - 0.893)).toBeLessThan(0.02);
    expect(Math.abs(turned.rmseNorth - 2.226)).toBeLessThan(0.02);
    expect(Math.abs(turned.meanEast - 0.096)).toBeLessThan(0.02);
    expect(Math.abs(turned.meanNorth + 0.873)).toBeLessThan(0.02);
  });

  it('fits the points that took no part better after the boresight is corrected', () => {
    const turned = control.observations.map(upright);
    const used = ['TP01', 'TP03', 'TP05', 'TP07', 'TP09'];
    const checks = ['TP02', 'TP04', 'TP06', 'TP08', 'TP10'];
    const observations = turned
      .filter(({ point }) => used.includes(point))
      .map((observation): BoresightObservation => {
        const { camera, pose } = images.find(({ name }) => name === observation.image)!;
        const { position } = control.points.get(observation.point)!;
        return { ...observation, camera, pose, position };
      });
    // Attitudes differ from image to image by some tenths of a degree: 3 pixels.
    const result = estimateBoresight(observations, 3);
    if (!isEstimate(result)) throw new Error(result.reason);
    const { error } = result;
    const corrected = images.map(({ name, camera, pose }) => ({
      name,
      camera: correctCamera(camera, error),
      pose: correctPose(pose, error),
    }));
    [2, -1.7, -2.4].forEach((published, axis) => {
      expect(Math.abs((error.boresight[axis]! * 180) / Math.PI - published)).toBeLessThan(0.2);
    });
    expect(figuresOf(images, turned, checks).rmseRadial).toBeCloseTo(2.66, 2);
    expect(Math.abs(figuresOf(corrected, turned, checks).rmseRadial - 1.75)).toBeLessThan(0.05);
  });
});
