import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gimbalOfNadirMount, readAttitude } from '../../../ingestion/model/attitude.ts';
import { readCaptureTime } from '../../../ingestion/model/capture-time.ts';
import { readPosition } from '../../../ingestion/model/gps.ts';
import { interpretTags } from '../../../ingestion/model/interpret-tags.ts';
import type { RecordedTags } from '../../../ingestion/model/recorded-tags.ts';
import { xmpProperties } from '../../../ingestion/model/xmp-text.ts';

const munich: RecordedTags['exif'] = {
  GPSLatitude: [48, 6, 0],
  GPSLatitudeRef: 'N',
  GPSLongitude: [11, 30, 0],
  GPSLongitudeRef: 'W',
  GPSAltitude: [420],
};
const reading = (exif: RecordedTags['exif'], xmp: RecordedTags['xmp'] = {}) =>
  readPosition({ exif, xmp });

describe('readPosition()', () => {
  it('applies hemispheres, and the sign of an altitude below the sea', () => {
    expect(reading({ ...munich, GPSAltitudeRef: [1] }).position).toMatchObject({
      latitude: 48.1,
      longitude: -11.5,
      altitude: -420,
      source: 'exif',
    });
  });

  it.each([
    [{}, 'GPS_MISSING'],
    [{ ...munich, GPSLatitude: [Number.NaN, 0, 0] }, 'GPS_INVALID'],
    [{ ...munich, GPSLatitude: [146, 0, 0] }, 'GPS_INVALID'],
    [{ ...munich, GPSLatitude: [48, 600, 0] }, 'GPS_INVALID'],
    [{ ...munich, GPSLatitude: [0, 0, 0], GPSLongitude: [0, 0, 0] }, 'GPS_ZERO'],
  ])('refuses %j as %s', (exif, code) => {
    expect(reading(exif)).toMatchObject({ position: null, code });
  });

  it('takes XMP before EXIF, with the misspelled longitude and the deviations as stated', () => {
    const { position } = reading(munich, {
      'drone-dji:GpsLatitude': '24.68027804',
      'drone-dji:GpsLongtitude': '+120.95170160',
      'drone-dji:AbsoluteAltitude': '+186.57',
      'drone-dji:RtkStdLon': '0.03',
      'drone-dji:RtkStdLat': '0.03',
      'drone-dji:RtkStdHgt': '0.05',
      'drone-dji:RtkFlag': '50',
    });
    expect(position).toEqual({
      latitude: 24.68027804,
      longitude: 120.9517016,
      altitude: 186.57,
      source: 'xmp',
      sdHorizontal: expect.closeTo(0.03, 12),
      sdVertical: 0.05,
      rtkFlag: 50,
    });
  });

  it('takes EXIF when the XMP has no fix', () => {
    const xmp = { 'drone-dji:GpsLatitude': '0.0', 'drone-dji:GpsLongitude': '0.0' };
    expect(reading(munich, xmp).position).toMatchObject({ source: 'exif', latitude: 48.1 });
  });

  it('takes north and east where no hemisphere is stated, and says so', () => {
    expect(reading({ ...munich, GPSLatitudeRef: '' })).toMatchObject({
      position: { latitude: 48.1, hemisphere: 'assumed' },
      doubts: [{ code: 'GPS_REF_MISSING' }],
    });
  });

  it('says how far EXIF and XMP are apart', () => {
    const at = (latitude: string) => ({
      'drone-dji:GpsLatitude': latitude,
      'drone-dji:GpsLongitude': '-11.5',
    });
    expect(reading(munich, at('48.1000180'))).toMatchObject({
      position: { source: 'xmp' },
      doubts: [],
      apart: expect.closeTo(2.0, 2),
    });
    expect(reading(munich)).toMatchObject({ apart: null });
  });

  it('reads coordinates in the manner of Adobe', () => {
    const xmp = { 'exif:GPSLatitude': '0,4.216S', 'exif:GPSLongitude': '34,22.9E' };
    const { position } = reading({}, xmp);
    expect(position!.latitude).toBeCloseTo(-0.0702666667, 9);
    expect(position!.longitude).toBeCloseTo(34.3816666667, 9);
  });
});

describe('readCaptureTime()', () => {
  it.each([
    ['2016:06:23 16:32:50', '07', '2016-06-23T16:32:50.07'],
    ['2016:06:23 16:32:50', undefined, '2016-06-23T16:32:50'],
    ['0000:00:00 00:00:00', undefined, null],
    ['2023:02:30 10:00:00', undefined, null],
    ['yesterday', '5', null],
  ])('reads %j and %j as %j', (time, fraction, expected) => {
    const exif = { DateTimeOriginal: time, ...(fraction && { SubSecTimeOriginal: fraction }) };
    expect(readCaptureTime({ exif, xmp: {} })).toBe(expected);
  });
});

describe('gimbalOfNadirMount()', () => {
  const radians = Math.PI / 180;
  const rotation = (yaw: number, pitch: number, roll: number) => {
    const [a, b, c] = [yaw * radians, pitch * radians, roll * radians];
    const z = [
      [Math.cos(a), -Math.sin(a), 0],
      [Math.sin(a), Math.cos(a), 0],
      [0, 0, 1],
    ];
    const y = [
      [Math.cos(b), 0, Math.sin(b)],
      [0, 1, 0],
      [-Math.sin(b), 0, Math.cos(b)],
    ];
    const x = [
      [1, 0, 0],
      [0, Math.cos(c), -Math.sin(c)],
      [0, Math.sin(c), Math.cos(c)],
    ];
    return times(times(z, y), x);
  };
  const times = (a: number[][], b: number[][]) =>
    a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));

  it('is the same rotation as a mount that looks down', () => {
    const angle = fc.double({ min: -60, max: 60, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, (yaw, pitch, roll) => {
        const stated = times(rotation(yaw, pitch, roll), rotation(0, -90, 0)).flat();
        const gimbal = gimbalOfNadirMount({ yaw, pitch, roll });
        const found = rotation(gimbal.yaw, gimbal.pitch, gimbal.roll).flat();
        found.forEach((value, i) => expect(value).toBeCloseTo(stated[i]!, 6));
      }),
    );
  });

  it('turns the roll of senseFly around, and prefers a gimbal record', () => {
    const camera = { 'Camera:Yaw': '10', 'Camera:Pitch': '4', 'Camera:Roll': '3' };
    const sensefly = readAttitude({ exif: { Make: 'senseFly' }, xmp: camera });
    expect(sensefly).toEqual(gimbalOfNadirMount({ yaw: 10, pitch: 4, roll: -3 }));
    const gimbal = {
      'drone-dji:GimbalYawDegree': '+92.90',
      'drone-dji:GimbalPitchDegree': '-60.00',
      'drone-dji:GimbalRollDegree': '+0.00',
    };
    expect(readAttitude({ exif: {}, xmp: { ...camera, ...gimbal } })).toEqual({
      yaw: 92.9,
      pitch: -60,
      roll: 0,
    });
  });
});

describe('xmpProperties()', () => {
  it('reads attributes, elements and the first item of a list', () => {
    const packet = `<rdf:Description a:One="1" b:Two='2'><c:Three x:y="0">3</c:Three>
      <d:Four><rdf:Seq><rdf:li>4</rdf:li><rdf:li>5</rdf:li></rdf:Seq></d:Four>`;
    expect(xmpProperties(packet)).toMatchObject({
      'a:One': '1',
      'b:Two': '2',
      'c:Three': '3',
      'd:Four': '4',
    });
  });

  it('does not expand what the packet declares', () => {
    const packet = '<!DOCTYPE x [<!ENTITY lol "lollol">]><x a:B="&lol;&amp;"/>';
    expect(xmpProperties(packet)).toEqual({ 'a:B': '&lol;&' });
  });

  it.each([['a'], ['a:'], ['a:b="'], ['<a:b>'], ['<a:b '], ['a:b=\'"'], ['<a:b><rdf:Seq>']])(
    'is quick with a packet full of %j',
    (piece) => {
      const startedAt = Date.now();
      xmpProperties(piece.repeat(1_000_000 / piece.length));
      expect(Date.now() - startedAt).toBeLessThan(2_000);
    },
  );
});

describe('interpretTags()', () => {
  it('makes something or null of any value', () => {
    const names = Object.keys(munich).concat(
      'Make',
      'FocalLength',
      'Orientation',
      'DateTimeOriginal',
    );
    const value = fc.oneof(fc.string(), fc.array(fc.double(), { maxLength: 4 }));
    const tags = fc.record({
      exif: fc.dictionary(fc.constantFrom(...names), value),
      xmp: fc.dictionary(
        fc.constantFrom('drone-dji:GpsLatitude', 'drone-dji:GpsLongitude', 'drone-dji:DewarpData'),
        fc.string(),
      ),
    });
    fc.assert(
      fc.property(tags, (recorded) => {
        const { position, focal } = interpretTags(recorded, { width: 40, height: 30 });
        if (position.position !== null) {
          expect(Math.abs(position.position.latitude)).toBeLessThanOrEqual(90);
        }
        if (focal !== null) expect(focal.pixels).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
