import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type Finding, type FindingCode, findingCodeSchema } from '../../contracts/findings.ts';
import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import { examineImage } from '../../ingestion/io/examine-image.ts';
import { fetchImage } from '../../ingestion/io/fetch-image.ts';
import { findingsOfLeftOut, findingsOfNames, leftOutLink } from '../../ingestion/io/left-out.ts';
import type { SourceOptions } from '../../ingestion/io/open-source.ts';
import { closePixelThreads } from '../../ingestion/io/pixel-threads.ts';
import { readCompanions } from '../../ingestion/io/read-companions.ts';
import { useGroundModel } from '../../ingestion/io/use-ground-model.ts';
import { lensFinding, poisonedImage } from '../../ingestion/model/finding.ts';
import { faultOfFile, judgedByPreview } from '../../ingestion/model/image-fault.ts';
import { ManifestBuilder } from '../../ingestion/model/manifest.ts';
import { judgeOrientations } from '../../ingestion/model/orientation-test.ts';
import { closeArchives } from '../../platform/archive.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { flightImage } from '../support/flight-image.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { zipFile } from '../support/zip-file.ts';

/** What other stages find. */
const ofOthers: readonly FindingCode[] = [
  'BIAS_SIGNIFICANT',
  'BLOCK_WEAK',
  'CALIBRATION_IMPLAUSIBLE',
  'GCP_BLUNDER',
  'GEOMETRY_WEAK',
  'IMAGE_ACCURACY_OUTLIER',
];

/** How the last clause of a sentence tells somebody what to do. */
const ADVICE =
  /[:;] (?:[^:;]*(?:, |\bor |\band |\bthen ))?(?:add|bring|check|copy|correct|do|draw|exchange|export|expose|fly|give|keep|leave|lower|make|mark|mend|move|pack|put|raise|rectify|rename|set|shorten|state|survey|take|write|nothing (?:is to be done|that it states is in force until))\b/;

const base = flightImage('x').description!;
const found: Finding[] = [];

afterAll(async () => {
  closeArchives();
  await closePixelThreads();
});

beforeAll(async () => {
  found.push(
    ...(await ofSingleFiles()),
    ...(await ofFetching()),
    ...(await ofTexts()),
    ...ofFlights(),
    ...(await ofGroundModel()),
    ...ofWorkers(),
  );
}, 60_000);

describe('a finding of ingestion', () => {
  const codes = findingCodeSchema.options.filter((code) => !ofOthers.includes(code));

  it.each(codes)('%s says of what it is, and what to do', (code) => {
    const ofCode = found.filter((finding) => finding.code === code);
    expect(ofCode).not.toEqual([]);
    for (const { scope, subject, message } of ofCode) {
      // A flight is what was asked about; the whole of its control has no other name.
      if (scope !== 'flight' && subject !== 'control') expect(message).toContain(subject);
      expect(message).toMatch(ADVICE);
      expect(message).not.toMatch(/[.\s]$|\n|undefined|NaN(?! where)|\[object/);
      expect(message.length).toBeLessThan(500);
    }
  });
});

async function ofSingleFiles(): Promise<Finding[]> {
  const folder = await scratchFolder();
  const plain = sharp({ create: { width: 64, height: 48, channels: 3, background: 'teal' } });
  const gps = (latitude: string, more: Record<string, string> = { GPSLatitudeRef: 'N' }) =>
    plain
      .clone()
      .withExif({
        IFD3: { GPSLatitude: latitude, GPSLongitude: '0/1 0/1 0/1', GPSLongitudeRef: 'E', ...more },
      })
      .jpeg()
      .toBuffer();
  const jpeg = await plain.clone().jpeg().toBuffer();
  const damaged = Buffer.concat([
    jpeg.subarray(0, 160),
    Buffer.alloc(400, 0xaa),
    Buffer.of(0xff, 0xd9),
  ]);
  const edited = await plain
    .clone()
    .withExif({ IFD0: { Software: 'GIMP 2.10' } })
    .jpeg()
    .toBuffer();
  const files: [string, Buffer, number?][] = [
    ['empty.jpg', Buffer.alloc(0)],
    ['text.jpg', Buffer.from('hello world')],
    ['pdf.jpg', Buffer.from('%PDF-1.7')],
    ['cut.jpg', jpeg.subarray(0, jpeg.length - 2)],
    ['damaged.jpg', damaged],
    ['large.jpg', jpeg, 100],
    ['bare.jpg', jpeg],
    ['zero.jpg', await gps('0/1 0/1 0/1')],
    ['beyond.jpg', await gps('95/1 0/1 0/1')],
    ['nowhere.jpg', await gps('48/0 0/1 0/1')],
    ['unsigned.jpg', await gps('48/1 0/1 0/1', { GPSLatitudeRef: 'X' })],
    ['edited.jpg', edited],
    ['future.jxl', Buffer.from('0000000c4a584c200d0a870a', 'hex')],
  ];
  const findings: Finding[] = [];
  for (const [name, file, limitPixels = 3e8] of files) {
    const path = join(folder, name);
    await writeFile(path, file);
    const seen = await examineImage(path, { name, limitPixels, timeoutSeconds: 20 });
    findings.push(...seen.findings);
  }
  const bytes = new Uint8Array();
  return [
    ...findings,
    faultOfFile('slow.jpg', { type: 'jpeg', bytes, said: 'timeout' }),
    judgedByPreview('raw.dng', 'raw', { width: 64, height: 48 }),
  ];
}

async function ofFetching(): Promise<Finding[]> {
  const folder = await scratchFolder();
  const options: Omit<SourceOptions, 'limitBytes'> = {
    settings: readSettings({}),
    isServerLocal: true,
    store: new ArtifactStore(await scratchFolder()),
    owner: 'run',
    allowPrivateAddresses: false,
    signal: new AbortController().signal,
  };
  const archive = join(folder, 'flight.zip');
  const members = [
    { name: 'secret.jpg', isEncrypted: true },
    { name: 'odd.jpg', crc: 1 },
  ];
  await writeFile(archive, zipFile(members));
  const long = join(folder, 'long.jpg');
  await writeFile(long, 'longer than it may be');
  const fetch = async (name: string, location: string, member?: string, limitBytes = 1e9) =>
    (
      await fetchImage(
        { name, location, ...(member === undefined ? {} : { member }) },
        { ...options, limitBytes, isLastTry: true },
      )
    ).findings;
  return [
    ...(await fetch('gone.jpg', join(folder, 'gone.jpg'))),
    ...(await fetch('long.jpg', long, undefined, 4)),
    ...(await fetch('secret.jpg', archive, 'secret.jpg')),
    ...(await fetch('odd.jpg', archive, 'odd.jpg')),
    ...(await fetch('private.jpg', 'http://127.0.0.1:9/private.jpg')),
    ...(await fetch('folder.jpg', folder)),
  ];
}

async function ofTexts(): Promise<Finding[]> {
  const texts: Record<string, string>[] = [
    {
      'geo.txt': 'EPSG:4326\nA.JPG here 48\n../B.JPG 11 48\nC.JPG 11.5 48.1\n',
      'gcp_list.txt':
        'EPSG:32632\n1 2 3 4 5\n686121 5330438 5 1 1 A.JPG P1\n686131 5330438 5 1 1 B.JPG P1\n',
      'checkpoints.txt': 'nowhere at all\n1 2 3 4 5 A.JPG P1\n',
      'image_groups.txt': 'A.JPG\nZ.JPG G\n',
      'flight.json': '{"heigths": "msl"}',
      'boundary.geojson': '{"type": "Point"}',
    },
    { 'gcp_list.txt': '1 2 3 4 5 6 A.JPG P1\n', 'positions.csv': 'image,x,y\nA.JPG,1,2\n' },
    { 'flight.json': '{"crs": "EPSG:999999"}', 'notes.txt': 'x\n'.repeat(2_100_000) },
  ];
  const findings: Finding[] = [];
  for (const files of texts) {
    const folder = await folderOf(files);
    findings.push(...(await readCompanions(folder, ['A.JPG', 'B.JPG'])).findings);
  }
  return findings;
}

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await scratchFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A flight of twelve images two seconds apart, most of them odd in a way of their own. */
function oddFlight(): FlightImage[] {
  const changes: Partial<ImageDescription>[] = [
    {},
    { width: 300, height: 400 },
    { model: 'Other' },
    { serial: 'S2' },
    { focalPixels: 2100 },
    { attitude: null },
    { capturedAt: null },
    { capturedAt: '2026-05-04T09:00:00.5' },
    { measures: { ...base.measures!, blur: 0.7 } },
    { measures: { ...base.measures!, meanLuminance: 0.02 } },
    { measures: { ...base.measures!, meanLuminance: 0.99 } },
    { position: { ...base.position!, latitude: 50 } },
    { position: { ...base.position!, altitude: 900 }, relativeAltitude: 400 },
    { positionsApart: 3, changedAfterMinutes: 90 },
    { thumbnailTurn: { turnDegrees: 180, asStored: 0, turned: 0.9 } },
    { exposureSeconds: 0.02, groundSpeed: 20 },
    { attitude: { yaw: 90, pitch: -60, roll: 0 } },
    { coding: 'other' },
    { position: { ...base.position!, latitude: base.position!.latitude + 0.01 } },
  ];
  return Array.from({ length: 60 }, (_, index) => {
    const { latitude } = base.position!;
    // So many that what is odd is no part of what is usual, and a gap in the clock and on the ground.
    const gap = index >= 40 ? 1 : 0;
    const second = 2 * index + 7200 * gap;
    const position = {
      ...base.position!,
      latitude: latitude + index * 5e-5 + gap * 0.02,
      rtkFlag: index === 1 ? 16 : 50,
    };
    return flightImage(`IMG_${100 + index}.JPG`, {
      position,
      serial: 'S1',
      coding: 'usual',
      attitude: { yaw: 90, pitch: -90, roll: 0 },
      capturedAt: `${new Date(Date.UTC(2026, 4, 4, 10) + second * 1000).toISOString().slice(0, 19)}.5`,
      measures: { ...base.measures!, pixelHash: `p${index}`, differenceHash: hashOf(index) },
      ...changes[index],
    });
  });
}

function hashOf(index: number): string {
  return (index * 0x9e3779b9 + 0x7f4a7c15).toString(16).padStart(16, '0').slice(-16);
}

function ofFlights(): Finding[] {
  const odd = oddFlight();
  const [first] = odd;
  const description = first!.description!;
  const copies = [
    flightImage('COPY_1.JPG', description, { file: first!.file }),
    flightImage('img_120.jpg', odd[20]!.description!),
    // The same moment elsewhere, the same pixels, the same moment and place.
    flightImage('T_1.JPG', { ...description, position: odd[30]!.description!.position }),
    flightImage('T_2.JPG', { ...description, capturedAt: '2026-05-04T11:00:00' }),
    flightImage('T_3.JPG', {
      ...odd[21]!.description!,
      measures: { ...base.measures!, pixelHash: 't3', differenceHash: hashOf(99) },
    }),
  ];
  const control = [0, 1].map((index) => ({
    name: `P${index}`,
    role: 'control' as const,
    crs: 'EPSG:4326',
    x: 0,
    y: 0,
    z: 700,
    latitude: base.position!.latitude + index * 1e-4,
    longitude: base.position!.longitude,
    observations: [
      { image: 'IMG_100.JPG', u: 500, v: 10 },
      { image: 'GONE.JPG', u: 1, v: 1 },
    ],
  }));
  const ring: [number, number][] = [
    [11.4, 48.05],
    [11.401, 48.05],
    [11.401, 48.051],
  ];
  const companions: Partial<FlightCompanions> = {
    control,
    groups: { 'gone.jpg': 'A' },
    poseFile: 'geo.txt',
    poses: {
      'gone.jpg': {
        latitude: 1,
        longitude: 1,
        altitude: 1,
        attitude: null,
        sdHorizontal: null,
        sdVertical: null,
      },
    },
    boundary: { file: 'boundary.geojson', polygons: [[ring]] },
    settings: {
      values: { exclude: [{ images: ['IMG_159.JPG', 'NONE.JPG'], reason: 'wrong' }] },
      from: {},
    },
  };
  const surrounded = [0, 1, 2].map((index) => ({
    ...control[0]!,
    name: `S${index}`,
    latitude: base.position!.latitude + index * 1e-6,
    observations: [],
  }));
  const smaller = flightImage('IMG_100.JPG', {
    width: 400,
    height: 300,
    originalWidth: 4000,
    originalHeight: 3000,
  });
  const resized = [smaller, ...odd.slice(1, 3)];
  const events = Array.from({ length: 2 }, (_, index) => ({
    seconds: index,
    latitude: 1,
    longitude: 1,
    altitude: null,
    sdHorizontal: null,
    sdVertical: null,
  }));
  const far = control.map((point) => ({ ...point, latitude: 0, longitude: 0 }));
  return [
    ...judged([...odd, ...copies], companions),
    ...judged(lawn(20, 16), { control: surrounded }),
    ...judged(resized, { control: control.slice(0, 1) }),
    ...judged(odd, { events: { file: 'events.csv', events } }),
    ...judged(odd, { control: far }),
    ...judged(odd, {
      boundary: {
        file: 'boundary.geojson',
        polygons: [
          [ring.map(([longitude, latitude]): [number, number] => [longitude - 2, latitude])],
        ],
      },
    }),
    ...judgeOrientations(
      [
        {
          name: 'IMG_100.JPG',
          fits: false,
          evidence: [0, 180].map((firstTurn) => ({
            first: 'IMG_100.JPG',
            second: 'IMG_101.JPG',
            firstTurn,
            secondTurn: 0,
            psr: firstTurn === 0 ? 1 : 1000,
          })),
        },
      ],
      2,
      5,
    ).findings.values(),
  ];
}

/** Lines that lie too far apart, with a hole. */
function lawn(along: number, across: number): FlightImage[] {
  return Array.from({ length: 18 }, (_, index) => {
    const [line, step] = [Math.floor(index / 6), index % 6];
    const north = along * (line % 2 === 0 ? step : 5 - step);
    const { latitude, longitude } = base.position!;
    return flightImage(`IMG_${100 + index}.JPG`, {
      position: {
        ...base.position!,
        latitude: latitude + north / 111_320,
        longitude: longitude + (line * across) / 74_300,
      },
      capturedAt: `2026-05-04T10:0${Math.floor(index / 6)}:${String(5 * step).padStart(2, '0')}.5`,
    });
  });
}

function judged(flight: FlightImage[], beside: Partial<FlightCompanions>): Finding[] {
  const sorted = flight.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const builder = new ManifestBuilder({ poseFile: null, poses: {}, findings: [], ...beside });
  if (builder.needsTimes) builder.meet(sorted);
  builder.survey(sorted);
  builder.useGround(() => 400);
  builder.locate(sorted);
  const images = builder.judge(sorted);
  return [...images.flatMap(({ findings }) => findings), ...builder.build('F', []).findings];
}

async function ofGroundModel(): Promise<Finding[]> {
  const folder = await folderOf({ 'dem.tif': 'no model' });
  const flight = oddFlight().slice(0, 3);
  const builder = new ManifestBuilder();
  builder.survey(flight);
  await useGroundModel(builder, { path: join(folder, 'dem.tif') });
  builder.locate(flight);
  builder.judge(flight);
  return builder.build('F', []).findings;
}

function ofWorkers(): Finding[] {
  const links = Array.from({ length: 102 }, (_, index) => leftOutLink(`link-${index}`));
  return [
    poisonedImage('A.JPG'),
    lensFinding('A.JPG'),
    ...findingsOfLeftOut(links),
    ...findingsOfNames(['A\n.JPG']),
  ];
}
