import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCompanions, readRequested } from '../../../ingestion/io/read-companions.ts';
import { useGroundModel } from '../../../ingestion/io/use-ground-model.ts';
import { withFiledPose } from '../../../ingestion/model/filed-poses.ts';
import { imageError } from '../../../ingestion/model/finding.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';
import { opkOf } from '../../../maths/opk.ts';
import { flightImage } from '../../support/flight-image.ts';
import { describeWithRealData, realDataPath } from '../../support/real-data.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const images = ['A.JPG', 'sub/B.jpg'];

describe('readCompanions()', () => {
  it('places images by geo.txt, in whichever letter case they are named', async () => {
    const companions = await read({
      'geo.txt': 'EPSG:32632\na.jpg 686121.7558 5330438.1302 560 90 0 0 0.02 0.03\nb 0 0',
    });
    expect(companions.poseFile).toBe('geo.txt');
    const pose = companions.poses['a.jpg']!;
    expect(pose.latitude).toBeCloseTo(48.1, 8);
    expect(pose.longitude).toBeCloseTo(11.5, 8);
    // A level camera looks down; geo.txt counts yaw from true north.
    expect(pose.attitude).toEqual({ yaw: 90, pitch: -90, roll: 0 });
    expect(pose).toMatchObject({ altitude: 560, sdHorizontal: 0.02, sdVertical: 0.03 });
  });

  it('turns the angles of a map grid to true north', async () => {
    const companions = await read({
      'opk.txt': 'A 686121.7558 5330438.1302 560 0 0 0\nB 686121.7558 5330438.1302 560 0 0 0',
      'opk.prj': '+proj=utm +zone=32 +datum=WGS84 +units=m',
    });
    const { attitude } = companions.poses['a']!;
    // The top of the image points to the grid's north, 1.8613 degrees east of true north there.
    expect(attitude!.yaw).toBeCloseTo(1.8613, 3);
    expect(attitude!.pitch).toBeCloseTo(-90, 6);
  });

  it('says what it misses when no system is stated, or none that is known', async () => {
    const rows = 'A 1 2 3 0 0 0\nB 1 2 3 0 0 0';
    const missing = await read({ 'opk.txt': rows });
    expect(missing).toMatchObject({ poseFile: null, findings: [{ code: 'CRS_MISSING' }] });
    expect(missing.findings[0]!.message).toContain('put a PROJ string or WKT into "opk.prj"');
    const unknown = await read({ 'geo.txt': 'EPSG:999999\nA.JPG 1 2' });
    expect(unknown).toMatchObject({ poseFile: null, findings: [{ code: 'CRS_UNKNOWN' }] });
  });

  it('passes over tables of other flights and texts that are none', async () => {
    const companions = await read({
      'nav.csv': 'image,lat,lon\nX.JPG,48.1,11.5',
      'readme.txt': 'hello',
      'image_groups.txt': 'A.JPG 1',
    });
    expect(companions).toEqual({
      poseFile: null,
      poses: {},
      control: [],
      groups: { 'a.jpg': '1' },
      findings: [],
    });
  });

  it('places images by navigation.json as by a table of the same names', async () => {
    const rows = [
      { Image: 'A.JPG', LAT: 48.1, lng: '11.5', 'alt (m)': 600, yaw: 90, pitch: 0, roll: 0 },
      { Image: 'B.jpg', LAT: 48.2, lng: 11.6, sd_h: 0.02 },
      { Image: '../C.jpg', LAT: 1, lng: 1 },
      { Image: 'D.jpg' },
    ];
    const table =
      'image,lat,lng,alt,yaw,pitch,roll,sd_h\nA.JPG,48.1,11.5,600,90,0,0,\nB.jpg,48.2,11.6,,,,,0.02';
    const { poses } = await read({ 'navigation.csv': table });
    for (const form of [rows, { images: rows }]) {
      const companions = await read({ 'navigation.json': JSON.stringify(form) });
      expect(companions).toMatchObject({ poseFile: 'navigation.json', poses });
      expect(companions.findings).toMatchObject([
        { code: 'PATH_ESCAPE', values: { record: 3 } },
        { code: 'GEO_ROW_INVALID', values: { record: 4 } },
      ]);
      expect(companions.findings[0]!.message).toContain('Cannot use record 3 of "navigation.json"');
    }
  });

  it('takes the system of navigation.json from itself, and events that name no images', async () => {
    const place = { x: 686121.7558, y: 5330438.1302, z: 560 };
    const named = { crs: 'WGS84 UTM 32N', images: [{ image: 'a', ...place }] };
    const { poses } = await read({ 'navigation.json': JSON.stringify(named) });
    expect(poses['a']!.latitude).toBeCloseTo(48.1, 8);
    const unknown = await read({ 'navigation.json': JSON.stringify(named.images) });
    expect(unknown).toMatchObject({ poseFile: null, findings: [{ code: 'CRS_MISSING' }] });
    const events = [1, 2, 3].map((time) => ({ time, lat: 48.1, lon: 11.5 }));
    const listed = await read({ 'navigation.json': JSON.stringify(events) });
    expect(listed).toMatchObject({
      poseFile: null,
      events: { file: 'navigation.json', events: [{ seconds: 1 }, { seconds: 2 }, { seconds: 3 }] },
      findings: [],
    });
  });

  it.each([
    ['[{"image":"A.JPG"', 'it is no JSON'],
    ['[{"image":{"name":"A.JPG"}}]', 'it must be a list of records'],
    ['{"image":[]}', '"image" is not known (did you mean images?)'],
    ['[{"photo":"A.JPG"}]', 'its records need an image with lat and lon'],
  ])('says why navigation.json cannot be used: %s', async (content, words) => {
    const { poseFile, findings } = await read({ 'navigation.json': content });
    expect(poseFile).toBeNull();
    expect(findings).toMatchObject([{ code: 'COMPANION_INVALID', subject: 'navigation.json' }]);
    expect(findings[0]!.message).toContain(words);
  });

  it('takes the system of files that name none from flight.json', async () => {
    const row = '686121.7558 5330438.1302 560';
    const settings = { 'flight.json': '{"crs":"EPSG:32632"}' };
    for (const files of [
      { 'geo.txt': `A.JPG ${row}` },
      { 'nav.csv': 'image,x,y,z\nA.JPG,686121.7558,5330438.1302,560' },
      // What a file says of itself goes before it.
      { 'geo.txt': `EPSG:32632\nA.JPG ${row}`, 'flight.json': '{"crs":"EPSG:32755"}' },
    ]) {
      const { poses, findings } = await read({ ...settings, ...files });
      expect(findings).toEqual([]);
      expect(poses['a.jpg']!.longitude).toBeCloseTo(11.5, 8);
    }
    const list = { 'gcp_list.txt': `${row} 4 5 A.JPG P` };
    const { control, findings } = await read({ ...settings, ...list });
    expect(findings).toEqual([]);
    expect(control).toMatchObject([{ crs: 'EPSG:32632', latitude: expect.closeTo(48.1, 8) }]);
    const unknown = await read({ 'flight.json': '{"crs":"EPSG:1"}', ...list });
    expect(unknown.findings.map(({ code, subject }) => [code, subject])).toEqual([
      ['CRS_UNKNOWN', 'flight.json'],
      ['CRS_MISSING', 'gcp_list.txt'],
    ]);
  });

  it('keeps what a request states beside what flight.json does', async () => {
    const folder = await scratchFolder();
    const request = { heights: 'takeoff', camera: { k1: 0.1 } } as const;
    expect(await readCompanions(folder, images, request)).toMatchObject({
      settings: { values: request, from: { heights: 'request', 'camera.k1': 'request' } },
    });
    await writeFile(join(folder, 'flight.json'), '{"heights":"msl","accuracyClass":10}');
    const { settings } = await readCompanions(folder, images, request);
    expect(settings).toEqual({
      values: { ...request, accuracyClass: 10 },
      from: { heights: 'request', 'camera.k1': 'request', accuracyClass: 'file' },
    });
    expect(await readRequested(request)).toMatchObject({ settings: { values: request } });
  });

  it('does without a ground model where heights count from the take-off', async () => {
    const image = flightImage('A.JPG');
    for (const [heights, remarks] of [
      ['takeoff', 0],
      ['msl', 1],
    ] as const) {
      const companions = await read({ 'flight.json': JSON.stringify({ heights }) });
      const builder = new ManifestBuilder(companions);
      builder.survey([image]);
      const folder = await scratchFolder();
      await writeFile(join(folder, 'dem.tif'), 'no model');
      await useGroundModel(builder, { path: join(folder, 'dem.tif') });
      builder.locate([image]);
      const { findings } = builder.build('F', []);
      expect(findings.filter(({ subject }) => subject === 'dem.tif')).toHaveLength(remarks);
    }
  });

  it('reads flight.json and boundary.geojson in any letter case, and names what is wrong', async () => {
    const corners = [
      [11.5, 48.1],
      [11.6, 48.1],
      [11.6, 48.2],
    ];
    const area = { type: 'Polygon', coordinates: [[...corners, corners[0]]] };
    const good = await read({
      'Flight.JSON': '{"heights":"msl"}',
      'BOUNDARY.geojson': JSON.stringify(area),
      'package.json': '{"heights":"no flight"}',
    });
    expect(good).toMatchObject({
      settings: { values: { heights: 'msl' }, from: { heights: 'file' } },
      boundary: { file: 'BOUNDARY.geojson', polygons: [[corners]] },
      findings: [],
    });
    const bad = await read({ 'flight.json': '{"heigths":"msl"}', 'boundary.geojson': '{}' });
    expect(bad.findings.map(({ code, subject }) => [code, subject])).toEqual([
      ['COMPANION_INVALID', 'flight.json'],
      ['COMPANION_INVALID', 'boundary.geojson'],
    ]);
    expect(bad).not.toHaveProperty('settings');
    expect(bad).not.toHaveProperty('boundary');
  });

  it('names the first hundred wrong rows of a kind, and counts the others', async () => {
    const rows = Array.from({ length: 250 }, () => 'x').join('\n');
    for (const [name, code] of [
      ['gcp_list.txt', 'GCP_ROW_INVALID'],
      ['geo.txt', 'GEO_ROW_INVALID'],
    ] as const) {
      const { findings } = await read({ [name]: `EPSG:32632\n${rows}` });
      expect(findings).toHaveLength(101);
      expect(findings.at(-1)).toMatchObject({ code, subject: name, values: { more: 150 } });
      expect(findings.at(-1)!.message).toMatch(/^There are 150 more like this one: .* line 101 /);
    }
  });

  it('leaves a text out that has more lines than any flight', async () => {
    const { findings, control } = await read({ 'gcp_list.txt': 'x\n'.repeat(2_100_000) });
    expect(control).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'FILE_LEFT_OUT', severity: 'warning', subject: 'gcp_list.txt' },
    ]);
    expect(findings[0]!.message).toMatch(
      /as it has more than 1 million lines: shorten it, or take it away$/,
    );
  });

  it('reports the faults of a control list', async () => {
    const companions = await read({ 'gcp_list.txt': '1 2 3 4 5 A.JPG P' });
    expect(companions.findings).toMatchObject([{ code: 'CRS_MISSING', subject: 'gcp_list.txt' }]);
  });
});

describe('a filed pose', () => {
  it('takes the place of what the tags say or lack', async () => {
    const companions = await read({ 'geo.txt': 'EPSG:4326\nA.JPG 11.5 48.1 600' });
    const missing = imageError('GPS_MISSING', 'A.JPG', 'x');
    const image = flightImage('A.JPG', { position: null }, { findings: [missing] });
    const placed = withFiledPose(image, companions);
    expect(placed.findings).toEqual([]);
    expect(placed.description!.position).toMatchObject({ latitude: 48.1, source: 'file' });
    expect(placed.description!.attitude).toEqual(image.description!.attitude);
  });

  it('keeps what the receiver said of its accuracy where it is the same place', async () => {
    const companions = await read({ 'geo.txt': 'EPSG:4326\nA.JPG 11.5 48.1\nB.JPG 11.6 48.1' });
    const same = withFiledPose(flightImage('A.JPG'), companions).description!.position;
    expect(same).toMatchObject({ source: 'file', sdHorizontal: 0.02, rtkFlag: 50, altitude: 600 });
    const other = withFiledPose(flightImage('B.JPG'), companions).description!.position;
    expect(other).toMatchObject({ source: 'file', sdHorizontal: null, rtkFlag: null });
  });

  it('of an image that the flight has not is a warning of the manifest', async () => {
    const companions = await read({ 'geo.txt': 'EPSG:4326\nA.JPG 11.5 48.1\nZ.JPG 11.5 48.1' });
    const builder = new ManifestBuilder(companions);
    const flight = ['A.JPG', 'B.JPG', 'C.JPG'].map((name) => flightImage(name));
    builder.survey(flight);
    builder.judge(flight);
    const manifest = builder.build('test', []);
    expect(manifest.findings).toMatchObject([{ code: 'GEO_IMAGE_MISSING', values: { images: 1 } }]);
    expect(manifest.verdict).toBe('accepted_with_warnings');
    expect(manifest.statistics.positionFile).toBe('geo.txt');
  });
});

describeWithRealData('an aerial survey', () => {
  it('is placed by its OPK list, and its angles are kept', async () => {
    const folder = realDataPath('aerial-ngi');
    const names = (await readdir(folder)).filter((name) => name.endsWith('_RGB.tif'));
    const { poseFile, poses, findings } = await readCompanions(folder, names);
    expect(poseFile).toBe('ngi_xyz_opk.csv');
    expect(findings).toEqual([]);
    const { attitude, latitude, longitude, altitude } = poses['3324c_2015_1004_05_0182_rgb']!;
    expect([latitude, longitude]).toEqual([expect.closeTo(-33.67, 1), expect.closeTo(24.41, 1)]);
    expect(altitude).toBe(5258.308);
    // West of the central meridian in the south grid north lies east of true north, by 0.33 degrees.
    const { omega, phi, kappa } = opkOf(gimbalRotation(attitude!));
    expect(Math.hypot(omega + 0.349, phi - 0.298)).toBeLessThan(0.01);
    expect(Math.abs(kappa + 179.087)).toBeCloseTo(0.329, 2);
  });
});

async function read(files: Record<string, string>) {
  const folder = await scratchFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return readCompanions(folder, images);
}
