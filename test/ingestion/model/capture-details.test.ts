import { describe, expect, it } from '@jest/globals';
import { readCalibration } from '../../../ingestion/model/calibration.ts';
import { readCaptureDetails } from '../../../ingestion/model/capture-details.ts';
import { ClockSurvey } from '../../../ingestion/model/clock-offset.ts';
import type { RecordedTags } from '../../../ingestion/model/recorded-tags.ts';
import { flightImage } from '../../support/flight-image.ts';

const details = (tags: Partial<RecordedTags>) => readCaptureDetails({ exif: {}, xmp: {}, ...tags });

describe('readCaptureDetails()', () => {
  it('reads exposure, serial number and the speed over ground', () => {
    expect(
      details({
        exif: { ExposureTime: [0.002], FNumber: [2.8], ISOSpeedRatings: [100] },
        xmp: {
          'drone-dji:CameraSerialNumber': 'SN1',
          'drone-dji:FlightXSpeed': '-3.0',
          'drone-dji:FlightYSpeed': '+4.0',
        },
      }),
    ).toMatchObject({
      exposureSeconds: 0.002,
      fNumber: 2.8,
      iso: 100,
      serial: 'SN1',
      groundSpeed: 5,
    });
  });

  it('puts date and time of the receiver together, a leap second too', () => {
    const at = (parts: number[], date = '2016:12:31') =>
      details({ exif: { GPSDateStamp: date, GPSTimeStamp: parts } }).gpsTime;
    expect(at([14, 27, 7.24])).toBe('2016-12-31T14:27:07.240Z');
    expect(at([23, 59, 60])).toBe('2017-01-01T00:00:00.000Z');
    expect(at([24, 0, 0])).toBeNull();
    expect(at([1, 2])).toBeNull();
    expect(at([1, 2, 3], '2016:02:30')).toBeNull();
  });

  it('tells the bands of a capture, of three makers', () => {
    expect(
      details({
        xmp: {
          'MicaSense:CaptureId': 'C7',
          'Camera:BandName': 'NIR',
          'Camera:RigCameraIndex': '3',
        },
      }).band,
    ).toEqual({ capture: 'C7', name: 'NIR', index: 3 });
    expect(details({ xmp: { 'Camera:CaptureUUID': 'U' } }).band?.capture).toBe('U');
    expect(details({ xmp: { 'drone-dji:CaptureUUID': 'D' } }).band?.capture).toBe('D');
    expect(details({}).band).toBeNull();
  });

  it('knows a fisheye', () => {
    expect(details({ xmp: { 'Camera:ModelType': 'Fisheye' } }).lens).toBe('fisheye');
    expect(details({ xmp: { 'Camera:ModelType': 'odd' } }).lens).toBeNull();
  });
});

describe('readCalibration()', () => {
  // The camera of a real flight, as its images state it.
  const dewarp =
    '2018-09-07;3657.02,3650.62,-4.03,23.1,-0.267098,0.111977,0.000924881,0.0000882056,-0.0331614';
  const read = (xmp: RecordedTags['xmp'], scale = 1) =>
    readCalibration({ exif: {}, xmp }, { width: 5472 * scale, height: 3648 * scale }, scale);

  it('takes the offset of the principal point from the middle of the pixels', () => {
    expect(read({ 'drone-dji:DewarpData': dewarp, 'drone-dji:DewarpFlag': '0' })).toEqual({
      focalX: 3657.02,
      focalY: 3650.62,
      centerX: 5471 / 2 - 4.03,
      centerY: 3647 / 2 + 23.1,
      k1: -0.267098,
      k2: 0.111977,
      k3: -0.0331614,
      p1: 0.000924881,
      p2: 0.0000882056,
      source: 'dewarp',
    });
  });

  it('leaves no distortion in an image that was corrected, and scales with the image', () => {
    const corrected = read({ 'drone-dji:DewarpData': dewarp, 'drone-dji:DewarpFlag': '1' }, 0.25);
    expect(corrected).toMatchObject({ focalX: 914.255, k1: 0, p2: 0 });
    expect(corrected!.centerX).toBeCloseTo(1367 / 2 - 4.03 / 4, 9);
  });

  it('counts the optical center from the corner', () => {
    const calibrated = read({
      'drone-dji:CalibratedFocalLength': '3666.67',
      'drone-dji:CalibratedOpticalCenterX': '2736',
      'drone-dji:CalibratedOpticalCenterY': '1824',
    });
    expect(calibrated).toMatchObject({ centerX: 2735.5, centerY: 1823.5, source: 'calibrated' });
  });

  it.each([
    '2018;1,2,3',
    'x;a,b,c,d,e,f,g,h,i',
    '2018;3657,3650,4000,0,0,0,0,0,0',
    '2018;-1,1,0,0,0,0,0,0,0',
  ])('does not believe %s', (text) => expect(read({ 'drone-dji:DewarpData': text })).toBeNull());
});

describe('ClockSurvey', () => {
  it('tells the zone of the camera from what its clock is wrong', () => {
    const survey = new ClockSurvey();
    for (const second of [0, 1, 2]) {
      survey.add({
        ...flightImage('x').description!,
        capturedAt: `2026-05-04T15:45:1${second}`,
        gpsTime: `2026-05-04T10:00:0${second}.000Z`,
      });
    }
    survey.add({ ...flightImage('y').description!, gpsTime: null });
    // Nepal is 5 hours and 45 minutes ahead; the clock 10 seconds more.
    expect(survey.offset()).toEqual({
      images: 3,
      zoneMinutes: 345,
      aheadSeconds: 10,
      nmadSeconds: 0,
    });
    expect(new ClockSurvey().offset()).toBeNull();
  });
});
