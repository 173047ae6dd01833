import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRecordedTags } from '../../ingestion/io/image-tags.ts';
import { parseBoundaryFile } from '../../ingestion/model/boundary-file.ts';
import { parseControlList } from '../../ingestion/model/control-list.ts';
import { isCutShort } from '../../ingestion/model/file-completeness.ts';
import { parseEventList } from '../../ingestion/model/event-list.ts';
import { ExcludedImages } from '../../ingestion/model/excluded-images.ts';
import { fileTypeOf } from '../../ingestion/model/file-type.ts';
import { foreignFormatOf } from '../../ingestion/model/foreign-format.ts';
import { parseGeoFile } from '../../ingestion/model/geo-file.ts';
import { parseImageGroups } from '../../ingestion/model/image-groups.ts';
import { interpretTags } from '../../ingestion/model/interpret-tags.ts';
import { jpegCoding } from '../../ingestion/model/jpeg-coding.ts';
import { matchEvents } from '../../ingestion/model/match-events.ts';
import { parseNavigationRecords } from '../../ingestion/model/navigation-records.ts';
import { rawParts } from '../../ingestion/model/raw-parts.ts';
import { restatedImage } from '../../ingestion/model/restated-image.ts';
import { parseSettingsFile } from '../../ingestion/model/settings-file.ts';
import { parseStatedCrs } from '../../ingestion/model/stated-crs.ts';
import { stateSettings } from '../../ingestion/model/stated-settings.ts';
import { parseTrajectoryTable } from '../../ingestion/model/trajectory-table.ts';
import { xmpProperties } from '../../ingestion/model/xmp-text.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { flightImage } from '../support/flight-image.ts';
import { itAtLength } from '../support/long-tests.ts';

const RUNS = 2000;
const MANY_RUNS = 100_000;

const controlText =
  '\uFEFFEPSG:32632\r\n686121.75 5330438.13 560.0 100.5 200.2 IMG_1.JPG P1\n# c\n';
const geoText = 'WGS84 UTM 32N\nIMG_1.JPG 686077.2 5330434.7 640.6 30.9 -0.3 0.002 0.1 0.2 x\n';
const tableText =
  '#Label,Lat,Lon,Alt,Yaw,Pitch,Roll,time\nIMG_1.JPG,48.1,11.5,640,1,2,3,10:00:01\n';
const opkText = '3324c_0182 -55094.504480 -3727407.037480 5258.3 -0.349 0.298 -179.086\n';
const eventText =
  'time,lat,lon,alt,sd_h\n2019/04/11 03:01:21.1,48.1,11.5,640,0.02\n2019-04-11T03:01:24Z,48.1,11.5,640,0.02\n345671.5,48.1,11.5,,\n';
const navigationText =
  '{"crs":"EPSG:32632","images":[{"image":"A.JPG","x":686077.2,"y":5330434.7,"alt (m)":640,"yaw":1,"pitch":2,"roll":3},{"image":"\\ud83d\\ude00","x":"1","y":null}]}';
const navigationEvents =
  '[{"time":"2019-04-11T03:01:21Z","lat":48.1,"lon":11.5},{"time":2,"lat":1,"lon":1},{"time":3,"lat":1,"lon":1}]';
const boundaryText =
  '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[11.5,48.1],[11.6,48.1],[11.6,48.2],[11.5,48.1]]]}}]}';
const settingsText =
  '{"thresholds":{"minImages":4},"camera":{"focalPixels":3000,"k1":0.1},"heights":"msl","gate":{"geoidSeparationMeters":48},"crs":"EPSG:32632","groundAltitudeMeters":500,"clockAheadSeconds":3600.5,"yawOffsetDegrees":-3,"exclude":[{"images":["A*.JPG","B"],"reason":"taken \\ud83d\\ude00 by hand"}]}';
const groupText = 'DJI_0018.JPG A\nmy photo.jpg B\n';
const xmpText =
  '<rdf:Description drone-dji:GimbalYawDegree="+92.90" exif:GPSLatitude="0,4.216S"><drone-dji:DewarpData>2018-09-07;3657,3650,-4,23,-0.2,0.1,0.0009,0.00008,-0.03</drone-dji:DewarpData><Camera:BandName><rdf:Seq><rdf:li>NIR</rdf:li></rdf:Seq></Camera:BandName>';

/** Text as files have it: pieces of right ones, cut and filled with others, or anything at all. */
function textLike(...seeds: string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom('NaN', '1e999', '-0', '../x', '\0', '\t', '\r', '"', ',', ';', '<', '&amp;'),
    fc.constantFrom('EPSG:4326', '__proto__', 'constructor', '9'.repeat(30), '\uFEFF', '\n'),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(400), fc.nat(20), piece)))
    .map(([seed, cuts]) =>
      cuts.reduce((text, [at, length, inserted]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + inserted + text.slice(from + length);
      }, seed),
    );
  return fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 400 }));
}

/** Values that a JSON text may hold where another belongs. */
const strayValue = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', '*', '\ud800', '\u001b[2J', '__proto__', [], {}, [[]]),
  fc.constantFrom<unknown>(0, -0, 1e308, -1e-308, 181, 90.5, 2 ** 53, '9'.repeat(30)),
  fc.jsonValue({ maxDepth: 2 }),
);

/** JSON as people write it: right texts in which some values are others, or not there; or any text. */
function jsonLike(...seeds: string[]): fc.Arbitrary<string> {
  const changed = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(1000), fc.option(strayValue)), { maxLength: 4 }),
    )
    .map(([seed, changes]) => {
      const holder = { whole: JSON.parse(seed) as unknown };
      for (const [at, value] of changes) {
        const slots = slotsIn(holder);
        const slot = slots[at % slots.length];
        if (slot === undefined) break;
        const [container, key] = slot;
        if (value === null) delete container[key];
        else container[key] = structuredClone(value);
      }
      return JSON.stringify(holder.whole) ?? '';
    });
  return fc.oneof({ weight: 3, arbitrary: changed }, { weight: 1, arbitrary: textLike(...seeds) });
}

/** Every place of a JSON value that another value can stand at. */
function slotsIn(container: object): [Record<string, unknown>, string][] {
  return Object.entries(container).flatMap(([key, value]) => [
    [container as Record<string, unknown>, key] as [Record<string, unknown>, string],
    ...(typeof value === 'object' && value !== null ? slotsIn(value) : []),
  ]);
}

const jpeg = Uint8Array.from(
  Buffer.from(
    'ffd8ffe000104a46494600010100000100010000ffe1002245786966000049492a0008000000010012010300010000000600000000000000ffdb004300' +
      '01'.repeat(64) +
      'ffc0001108000100010301220002110103110103ffda000c03010002110311003f00d2cf20ffd9',
    'hex',
  ),
);
const tiff = Uint8Array.from(
  Buffer.from(
    '49492a000800000002000001030001000000100000000101030001000000100000000000000000',
    'hex',
  ),
);
const png = Uint8Array.from(Buffer.from('89504e470d0a1a0a0000000d4948445200000010', 'hex'));

/** The boxes that a HEIC begins with: its brands, and an empty one of metadata. */
const heic = Uint8Array.from(
  Buffer.from('00000018667479706865696300000000686569636d6966310000000c6d65746100000000', 'hex'),
);
/**
 * A raw file as DNG and IIQ are made: a reduced image whose JPEG stands at 134, and a directory of the
 * sensor's own image at 98.
 */
const raw = Uint8Array.from(
  Buffer.concat([
    Buffer.from('49492a0008000000', 'hex'),
    Buffer.from('0700', 'hex'),
    ...[
      [254, 1],
      [256, 16],
      [257, 16],
      [273, 134],
      [279, jpeg.length],
      [330, 98],
      [274, 1],
    ].map(([tag, value]) => longEntry(tag!, value!)),
    Buffer.from('00000000', 'hex'),
    Buffer.from('0200', 'hex'),
    longEntry(256, 1600),
    longEntry(257, 1200),
    Buffer.from('0000000000000000', 'hex'),
    Buffer.alloc(2),
    jpeg,
  ]),
);

function longEntry(tag: number, value: number): Buffer {
  const entry = Buffer.alloc(12);
  entry.writeUInt16LE(tag, 0);
  entry.writeUInt16LE(4, 2);
  entry.writeUInt32LE(1, 4);
  entry.writeUInt32LE(value, 8);
  return entry;
}

/** Bytes of right files, cut and overwritten, or any. */
const bytesLike = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(jpeg, tiff, png, heic, raw),
      fc.array(fc.tuple(fc.nat(200), fc.uint8Array({ maxLength: 8 })), { maxLength: 6 }),
      fc.nat(200),
    )
    .map(([seed, writes, end]) => {
      const bytes = Uint8Array.from(seed);
      for (const [at, written] of writes)
        bytes.set(written.slice(0, bytes.length - (at % bytes.length)), at % bytes.length);
      return end < bytes.length && end % 2 === 0 ? bytes.slice(0, end) : bytes;
    }),
  fc.uint8Array({ maxLength: 64 }),
);

/** Times of a clock, ascending, some alike: a flight's, or anything that a file may say. */
function clockTimes(): fc.Arbitrary<number[]> {
  const far = fc.double({ min: -1e11, max: 1e11, noNaN: true });
  return fc
    .array(
      fc.oneof(fc.integer({ min: 0, max: 60 }), fc.double({ min: 0, max: 1e6, noNaN: true }), far),
      {
        maxLength: 30,
      },
    )
    .map((times) => times.sort((a, b) => a - b));
}

const tagValue = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.array(fc.double(), { maxLength: 4 }),
  fc.constantFrom(
    '2016:06:23 16:31:59',
    '0000:00:00 00:00:00',
    '2008:10:23',
    [14, 27, 60.9],
    [Number.NaN],
  ),
);
const anyTags = fc.record({
  exif: fc.dictionary(
    fc.constantFrom(
      'GPSLatitude',
      'GPSLatitudeRef',
      'GPSLongitude',
      'GPSAltitude',
      'DateTimeOriginal',
      'GPSDateStamp',
      'GPSTimeStamp',
      'FocalLength',
      'PixelXDimension',
      'ExposureTime',
      'Model',
    ),
    tagValue,
  ),
  xmp: fc.dictionary(
    fc.constantFrom(
      'drone-dji:DewarpData',
      'drone-dji:CalibratedFocalLength',
      'drone-dji:GpsLatitude',
      'drone-dji:CalibratedOpticalCenterX',
      'drone-dji:FlightXSpeed',
      'Camera:ModelType',
      'drone-dji:GimbalYawDegree',
      'drone-dji:GimbalPitchDegree',
      'Camera:CaptureUUID',
    ),
    textLike('3657', '2018;1,1,0,0,0,0,0,0,0', '+1.5', '48,6.5N'),
  ),
});

/** Each reader with what it may be given; what it gives must survive JSON, and so hold no NaN. */
const readers: [string, fc.Arbitrary<never>, (input: never) => unknown][] = [
  ['parseControlList()', textLike(controlText), (text: string) => parseControlList(text, 'f')],
  ['parseGeoFile()', textLike(geoText), (text: string) => parseGeoFile(text, 'f')],
  [
    'parseTrajectoryTable()',
    textLike(tableText, opkText),
    (text: string) => parseTrajectoryTable(text, 'f'),
  ],
  [
    'parseNavigationRecords()',
    jsonLike(navigationText, navigationEvents),
    (text: string) => parseNavigationRecords(text, 'navigation.json'),
  ],
  ['parseBoundaryFile()', jsonLike(boundaryText), (text: string) => parseBoundaryFile(text, 'f')],
  [
    'parseSettingsFile()',
    jsonLike(settingsText),
    (text: string) => {
      const { settings, findings } = parseSettingsFile(text, 'f');
      // Whatever is taken can be applied, and written down.
      const image = restatedImage(flightImage('A.JPG', { focalMillimeters: 4 }), settings ?? {});
      canonicalJson(stateSettings(settings, {}) ?? null);
      return {
        settings,
        findings,
        image,
        excluded: new ExcludedImages(settings?.exclude).findingOf('A.JPG'),
      };
    },
  ],
  ['parseEventList()', textLike(eventText), parseEventList],
  [
    'matchEvents()',
    fc.tuple(clockTimes(), clockTimes()),
    ([images, events]: number[][]) => matchEvents(images!, events!),
  ],
  ['rawParts()', bytesLike, rawParts],
  ['parseImageGroups()', textLike(groupText), (text: string) => parseImageGroups(text, 'f')],
  [
    'parseStatedCrs()',
    textLike('EPSG:32632', 'WGS84 UTM 55S', '+proj=utm +zone=3'),
    parseStatedCrs,
  ],
  ['xmpProperties()', textLike(xmpText), xmpProperties],
  ['interpretTags()', anyTags, (tags: never) => interpretTags(tags, { width: 400, height: 300 })],
  ['fileTypeOf()', bytesLike, fileTypeOf],
  ['foreignFormatOf()', bytesLike, foreignFormatOf],
  ['jpegCoding()', bytesLike, jpegCoding],
  [
    'isCutShort()',
    bytesLike,
    (bytes: Uint8Array) => isCutShort(fileTypeOf(bytes) ?? 'tiff', bytes),
  ],
  [
    'readRecordedTags()',
    bytesLike,
    (bytes: Uint8Array) => Object.keys(readRecordedTags(Uint8Array.from(bytes).buffer)),
  ],
] as never;

describe('the seeds of raw, event and JSON files', () => {
  it('are read as they are meant, so that what is mutated was right', () => {
    expect(rawParts(raw)).toEqual({ size: { width: 1600, height: 1200 }, preview: jpeg });
    expect(fileTypeOf(heic)).toBe('heic');
    expect(parseEventList(eventText)).toMatchObject([{}, {}, { seconds: 345671.5 }]);
    expect(parseNavigationRecords(navigationText, 'f')).toMatchObject({
      poses: { poses: [{ image: 'A.JPG', z: 640, angles: {} }] },
    });
    expect(parseNavigationRecords(navigationEvents, 'f')).toMatchObject({ events: [{}, {}, {}] });
    expect(parseBoundaryFile(boundaryText, 'f').findings).toEqual([]);
    expect(parseSettingsFile(settingsText, 'f').findings).toEqual([]);
    expect(parseEventList(eventText.replace('345671.5', '1e308'))).toBeNull();
  });
});

describe('whatever it is given,', () => {
  for (const [name, input, read] of readers) {
    const keepsItsWord = (numRuns: number) =>
      fc.assert(
        fc.property(input, (given) => {
          const result = read(given);
          expect(JSON.stringify(result) ?? 'null').toBe(
            JSON.stringify(withoutNonNumbers(result)) ?? 'null',
          );
        }),
        { numRuns },
      );
    it(`${name} gives a result`, () => keepsItsWord(RUNS), 60_000);
    itAtLength(`${name} gives a result, many times`, () => keepsItsWord(MANY_RUNS), 600_000);
  }
});

/** The same with a mark where a number is none: JSON would make null of it, which means something else. */
function withoutNonNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : 'not a number';
  if (Array.isArray(value)) return value.map(withoutNonNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutNonNumbers(inner)]),
  );
}
