import { describe, expect, it } from '@jest/globals';
import type { FlightImage } from '../../../contracts/flight.ts';
import type { FlightSettings, RequestedSettings } from '../../../contracts/flight-settings.ts';
import { imageError, imageWarning } from '../../../ingestion/model/finding.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { restatedImage } from '../../../ingestion/model/restated-image.ts';
import { parseSettingsFile } from '../../../ingestion/model/settings-file.ts';
import { stateSettings } from '../../../ingestion/model/stated-settings.ts';
import { flightImage } from '../../support/flight-image.ts';

const base = flightImage('x').description!;

describe('flight.json', () => {
  it('gives the value of its own example, under names with underscores, too', () => {
    const stated = '\uFEFF{"camera":{"sensor_width_millimeters":6.17}}';
    expect(parseSettingsFile(stated, 'flight.json')).toEqual({
      settings: { camera: { sensorWidthMillimeters: 6.17 } },
      findings: [],
    });
  });

  it.each([
    ['{"camera": {"focalPixls": 3}}', '"focalPixls" is not known (did you mean focalPixels?)'],
    ['{"camera": {"focalPixels": -3}}', 'camera.focalPixels is not usable'],
    ['{"heights": "sea"}', 'found "sea"'],
    ['[]', 'it must hold one object'],
    ['{"heights":\n "msl",}', 'it is no JSON: nothing can be made of line 2 from column 8 on'],
    ['{"heights"', 'it is no JSON: '],
    ['{"yawOffsetDegrees": 1e999}', 'yawOffsetDegrees is not usable'],
    ['{"exclude": [{"images": "A.JPG"}]}', 'exclude.0.reason is not usable'],
    ['{"exclude": [{"images": "A", "reason": "\\u001b[31m"}]}', 'no control characters'],
    ['{"__proto__": {"force": true}}', 'is not known'],
  ])('is refused as a whole, in one sentence, where it says %s', (content, words) => {
    const { settings, findings } = parseSettingsFile(content, 'flight.json');
    expect(settings).toBeNull();
    expect(findings).toMatchObject([
      { code: 'COMPANION_INVALID', severity: 'error', scope: 'file', subject: 'flight.json' },
    ]);
    expect(findings[0]!.message).toContain(words);
    expect(findings[0]!.message).toMatch(
      /nothing that it states is in force until it is corrected$/,
    );
  });

  it('yields to the request, value by value, and it is kept who said what', () => {
    const file: FlightSettings = {
      thresholds: { minImages: 5, maxErrorShare: 0.5 },
      camera: { focalPixels: 3000, k1: 0.1 },
      heights: 'msl',
      yawOffsetDegrees: 2,
    };
    const request: RequestedSettings = {
      thresholds: { minImages: 7 },
      camera: { k1: undefined, k2: 0.2 },
      heights: 'takeoff',
    };
    expect(stateSettings(file, request)).toEqual({
      values: {
        thresholds: { minImages: 7, maxErrorShare: 0.5 },
        camera: { focalPixels: 3000, k1: 0.1, k2: 0.2 },
        heights: 'takeoff',
        yawOffsetDegrees: 2,
      },
      from: {
        'thresholds.minImages': 'request',
        'thresholds.maxErrorShare': 'file',
        'camera.focalPixels': 'file',
        'camera.k1': 'file',
        'camera.k2': 'request',
        heights: 'request',
        yawOffsetDegrees: 'file',
      },
    });
    expect(stateSettings(null, {})).toBeUndefined();
  });

  it('has no focal length in pixels beside one that the request states in millimeters', () => {
    const file: FlightSettings = { camera: { focalPixels: 3000, k1: 0.1 } };
    const request = { camera: { focalMillimeters: 4, sensorWidthMillimeters: 6 } };
    expect(stateSettings(file, request)?.values.camera).toEqual({ k1: 0.1, ...request.camera });
  });
});

describe('what is stated of a flight', () => {
  it('gives the focal length of a sensor whose width alone is stated', () => {
    const unknown = { focalPixels: null, focalSource: null, focalMillimeters: 3.61 };
    const image = flightImage('A.JPG', unknown, {
      findings: [imageWarning('FOCAL_UNKNOWN', 'A.JPG', 'x')],
    });
    const { description, findings } = restatedImage(image, {
      camera: { sensorWidthMillimeters: 6.17 },
    });
    expect(description!.focalPixels).toBeCloseTo((3.61 / 6.17) * 400, 9);
    expect(description).toMatchObject({ focalSource: 'stated' });
    expect(findings).toEqual([]);
  });

  it('puts the figures of the lens in place of those of the camera, one by one', () => {
    const distortion = { k1: 0.1, k2: 0.2, k3: 0.3, p1: 0.01, p2: 0.02 };
    const place = { focalX: 2000, focalY: 2002, centerX: 201, centerY: 149 };
    const calibration = { ...place, ...distortion, source: 'dewarp' as const };
    const image = flightImage('A.JPG', { calibration });
    const camera = { focalPixels: 1000, centerXPixels: 199.5, k1: 0, p2: 0.5 };
    expect(restatedImage(image, { camera }).description!.calibration).toEqual({
      ...calibration,
      focalX: 1000,
      focalY: 1001,
      centerX: 199.5,
      k1: 0,
      p2: 0.5,
      source: 'stated',
    });
    // Without a calibration the middle of the image is its center.
    const plain = restatedImage(flightImage('A.JPG'), { camera: { k1: 0.1 } }).description!;
    expect(plain.calibration).toMatchObject({
      focalX: 2000,
      centerX: 199.5,
      centerY: 149.5,
      k1: 0.1,
    });
    expect(restatedImage(image, { camera: { attitudeSigmaDegrees: 1 } })).toEqual(image);
  });

  it('says which law the lens follows', () => {
    const fisheye = restatedImage(flightImage('A.JPG'), { camera: { model: 'fisheye' } });
    expect(fisheye.findings).toMatchObject([{ code: 'LENS_UNSUPPORTED', severity: 'warning' }]);
    const frame = restatedImage(fisheye, { camera: { model: 'perspective' } });
    expect(frame).toMatchObject({ findings: [], description: { lens: 'perspective' } });
  });

  it.each([
    ['2026-05-04T10:00:00', 3600, '2026-05-04T09:00:00'],
    ['2026-01-01T00:00:00.25', 0.5, '2025-12-31T23:59:59.750'],
    ['0000-01-01T00:00:00', 1, '0000-01-01T00:00:00'],
    ['2026-05-04T10:00:00.123456789', -1.5, '2026-05-04T10:00:01.623456789'],
  ])('takes what the clock was ahead off %s', (capturedAt, clockAheadSeconds, expected) => {
    const image = flightImage('A.JPG', { capturedAt });
    expect(restatedImage(image, { clockAheadSeconds }).description!.capturedAt).toBe(expected);
  });

  it('turns the recorded yaw, and keeps it within half a turn', () => {
    const image = flightImage('A.JPG', { attitude: { yaw: 170, pitch: -80, roll: 1 } });
    const { description } = restatedImage(image, { yawOffsetDegrees: 20 });
    expect(description!.attitude).toEqual({ yaw: -170, pitch: -80, roll: 1 });
  });

  it('puts the ground where a person says, before the record above take-off', () => {
    const { statistics } = judge(flightOf(4), { groundAltitudeMeters: 560 }).manifest;
    expect(statistics.geometry).toMatchObject({
      origin: { height: 560 },
      heightsFrom: { statedGround: 4, takeOff: 0, levelGround: 0, groundModel: 0 },
    });
    // 600 m above the datum are 40 m above that ground, at 2000 pixels.
    expect(statistics.geometry!.gsd!.median).toBeCloseTo(40 / 2000, 9);
  });

  it('changes the limits of the verdict', () => {
    const { manifest } = judge(flightOf(4), { thresholds: { minImages: 5 } });
    expect(manifest.thresholds).toMatchObject({ minImages: 5, maxErrorShare: 0.1 });
    expect(manifest.findings).toMatchObject([{ code: 'TOO_FEW_IMAGES', values: { needed: 5 } }]);
  });

  it('leaves images out by name, with the reason, and as no measure for the others', () => {
    const stray = { ...base.position!, latitude: 52 };
    const others = ['Z_1.JPG', 'Z_2.JPG', 'Z_3.JPG', 'Z_4.JPG'].map((name) =>
      flightImage(name, { position: stray, model: 'Phone' }),
    );
    const broken = flightImage(
      'Z_5.JPG',
      {},
      { findings: [imageError('IMAGE_CORRUPT', 'x', 'x')] },
    );
    const { manifest, images } = judge([...flightOf(4), ...others, broken], {
      exclude: [
        { images: 'z_*', reason: 'taken on the way to the field' },
        { images: ['GONE.JPG', 'img_9'], reason: 'blurred' },
      ],
    });
    expect(manifest.counts).toEqual({ images: 9, usable: 4, failed: 0, excluded: 5 });
    expect(manifest.verdict).toBe('accepted_with_warnings');
    expect(manifest.statistics).toMatchObject({
      positions: 4,
      cameras: [{ camera: 'Skyloom TestCam', images: 4 }],
    });
    expect(images[4]).toMatchObject({
      usable: false,
      findings: [{ code: 'IMAGE_EXCLUDED', severity: 'info', values: { by: 'z_*' } }],
    });
    expect(images[4]!.findings[0]!.message).toMatch(/says \(taken on the way to the field\): /);
    expect(images.slice(0, 4).flatMap(({ findings }) => findings)).toEqual([]);
    expect(manifest.findings).toMatchObject([
      { code: 'EXCLUDED_IMAGE_MISSING', severity: 'warning', values: { names: 2 } },
    ]);
    expect(manifest.findings[0]!.message).toContain('GONE.JPG, img_9');
  });

  it('stands in the manifest, and nothing does where nothing is stated', () => {
    const stated = judge(flightOf(4), { yawOffsetDegrees: 1 }).manifest;
    expect(stated.settings).toEqual({
      values: { yawOffsetDegrees: 1 },
      from: { yawOffsetDegrees: 'file' },
    });
    const { settings, counts, statistics, thresholds } = judge(flightOf(4), undefined).manifest;
    expect(settings).toBeUndefined();
    expect(Object.keys(counts)).toEqual(['images', 'usable', 'failed']);
    expect(statistics).not.toHaveProperty('boundary');
    expect(thresholds).not.toHaveProperty('maxUncoveredShare');
  });
});

/** Half a meter apart, so that none shows what another shows. */
function flightOf(count: number): FlightImage[] {
  return Array.from({ length: count }, (_, index) =>
    flightImage(`IMG_${index + 1}.JPG`, {
      position: { ...base.position!, latitude: 48.1 + index * 2e-5 },
      capturedAt: `2026-05-04T10:00:0${index}.5`,
    }),
  );
}

function judge(flight: FlightImage[], file: FlightSettings | undefined) {
  const settings = stateSettings(file ?? null, {});
  const builder = new ManifestBuilder({
    poseFile: null,
    poses: {},
    findings: [],
    ...(settings === undefined ? {} : { settings }),
  });
  builder.survey(flight);
  builder.locate(flight);
  const images = builder.judge(flight);
  return { images, manifest: builder.build('F', []) };
}
