import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseControlList } from '../../../ingestion/model/control-list.ts';
import { parseGeoFile } from '../../../ingestion/model/geo-file.ts';
import { parseStatedCrs } from '../../../ingestion/model/stated-crs.ts';
import { parseTrajectoryTable } from '../../../ingestion/model/trajectory-table.ts';
import { describeWithRealData, realDataPath } from '../../support/real-data.ts';

const RUNS = 2_000;

describe('parseStatedCrs()', () => {
  it.each([
    ['EPSG:32632', { kind: 'epsg', code: 32632 }],
    ['epsg:4326', { kind: 'epsg', code: 4326 }],
    ['WGS84 UTM 32N', { kind: 'epsg', code: 32632 }],
    ['WGS84 UTM 55S', { kind: 'epsg', code: 32755 }],
    ['WGS84 UTM 61N', null],
    ['+proj=utm +zone=32', { kind: 'proj', definition: '+proj=utm +zone=32' }],
    ['Gauss-Krueger', null],
  ])('reads %s', (line, crs) => {
    expect(parseStatedCrs(line)).toEqual(crs);
  });
});

describe('parseControlList()', () => {
  it('takes names with spaces, heights that are not known, and points without a name', () => {
    const list = parseControlList(
      'EPSG:32632\n1 2 NaN 4 5 A.JPG P 2 with spaces\n1 2 3 4 5 B.JPG',
      'gcp_list.txt',
    );
    expect(list.findings).toEqual([]);
    expect(list.observations).toMatchObject([
      { point: 'P 2 with spaces', z: null, u: 4, v: 5, image: 'A.JPG', line: 2 },
      { point: '1 2 3', z: 3, image: 'B.JPG', line: 3 },
    ]);
  });

  it('names rows that it cannot use, and keeps the others', () => {
    const list = parseControlList(
      'EPSG:32632\n1 2 3 4 5\nx 2 3 4 5 A.JPG\n1 2 3 4 5 ../A.JPG P\n1 2 3 4 5 A.JPG P',
      'gcp_list.txt',
    );
    expect(list.observations).toHaveLength(1);
    expect(list.findings.map(({ code, message }) => [code, message])).toEqual([
      [
        'GCP_ROW_INVALID',
        'Cannot use line 2 of "gcp_list.txt" as it needs at least x, y, z, column, row and image; correct it, or take it out',
      ],
      [
        'GCP_ROW_INVALID',
        'Cannot use line 3 of "gcp_list.txt" as its first five columns must be numbers; correct it, or take it out',
      ],
      [
        'PATH_ESCAPE',
        `Cannot use line 4 of "gcp_list.txt" as "../A.JPG" lies outside the flight's folder; correct it, or take it out`,
      ],
    ]);
  });

  it.each([
    ['EPSG:4326', '11.5 48.1', '11.500001 48.1', 1],
    ['EPSG:4326', '11.5 48.1', '11.500000001 48.1', 0],
    ['EPSG:32632', '686121.5 5330438', '686121.5004 5330438', 0],
    ['EPSG:32632', '686121.5 5330438', '686121.502 5330438', 1],
  ])('tells in %s %s from %s: %d', (crs, one, other, conflicts) => {
    const rows = [one, other].map((place, index) => `${place} 500 1 1 ${index}.JPG P1`);
    const { findings } = parseControlList([crs, ...rows].join('\n'), 'gcp_list.txt');
    expect(findings.filter(({ code }) => code === 'CONTROL_CONFLICT')).toHaveLength(conflicts);
  });

  it('says when one point has two places', () => {
    const list = parseControlList(
      'EPSG:32632\n1 2 3 4 5 A.JPG P\n1 2 3.0005 4 5 B.JPG P\n1 2.01 3 4 5 C.JPG P',
      'gcp_list.txt',
    );
    expect(list.findings).toMatchObject([
      { code: 'CONTROL_CONFLICT', severity: 'error', values: { line: 4 } },
    ]);
  });

  it.each([
    ['', 'CRS_MISSING'],
    ['1 2 3 4 5 A.JPG P', 'CRS_MISSING'],
    ['Gauss-Krueger\n1 2 3 4 5 A.JPG P', 'CRS_UNKNOWN'],
  ])('refuses %j as %s', (content, code) => {
    const list = parseControlList(content, 'gcp_list.txt');
    expect(list).toMatchObject({ crs: null, observations: [], findings: [{ code }] });
  });

  it('reads what it would write, whatever the numbers', () => {
    const row = fc.record({
      x: fc.double({ min: -1e7, max: 1e7, noNaN: true }),
      y: fc.double({ min: -1e7, max: 1e7, noNaN: true }),
      z: fc.double({ min: -500, max: 9000, noNaN: true }),
      u: fc.double({ min: 0, max: 20000, noNaN: true }),
      v: fc.double({ min: 0, max: 20000, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const numbers = ({ x, y, z, u, v }: (typeof rows)[number]) =>
          [x, y, z, u, v].map((value) => value.toFixed(4));
        const lines = rows.map((each, index) => [...numbers(each), `I${index}.JPG`, `P${index}`]);
        const list = parseControlList(
          ['EPSG:32632', ...lines.map((cells) => cells.join(' '))].join('\r\n'),
          'f',
        );
        expect(list.findings).toEqual([]);
        expect(
          list.observations.map(({ x, y, z, u, v }) => [x, y, z, u, v].map((n) => n!.toFixed(4))),
        ).toEqual(rows.map(numbers).map((cells) => cells.map((cell) => Number(cell).toFixed(4))));
      }),
      { numRuns: RUNS / 10 },
    );
  });
});

describe('parseGeoFile()', () => {
  it('reads as much of a row as there is', () => {
    const { crs, poses, findings } = parseGeoFile(
      'EPSG:4326\nA.JPG 11.5 48.1\nB.JPG 11.5 48.1 560\nC.JPG 11.5 48.1 560 90 0.5 -0.2 0.02 0 extra',
      'geo.txt',
    );
    expect(findings).toEqual([]);
    expect(crs).toEqual({ kind: 'epsg', code: 4326 });
    expect(poses).toMatchObject([
      { image: 'A.JPG', x: 11.5, y: 48.1, z: null, angles: null },
      { image: 'B.JPG', z: 560, angles: null },
      {
        image: 'C.JPG',
        angles: { convention: 'yaw-pitch-roll', yaw: 90, pitch: 0.5, roll: -0.2 },
        sdHorizontal: 0.02,
        sdVertical: null,
      },
    ]);
  });

  it('names rows that it cannot use', () => {
    const { poses, findings } = parseGeoFile(
      'EPSG:4326\nA.JPG east 48\nB.JPG 1 2 high\nC.JPG 1 2 3 north 0 0\n/etc/passwd 1 2',
      'geo.txt',
    );
    expect(poses).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual([
      'GEO_ROW_INVALID',
      'GEO_ROW_INVALID',
      'GEO_ROW_INVALID',
      'PATH_ESCAPE',
    ]);
  });
});

describe('parseTrajectoryTable()', () => {
  it('takes columns in any order under any of their names', () => {
    const table = parseTrajectoryTable(
      'Longitude;Label;Latitude;Altitude;Heading;Pitch;Roll;Accuracy_H\n11.5;A.JPG;48.1;560;10;-90;0;0.03',
      'nav.csv',
    );
    expect(table).toMatchObject({
      crs: { kind: 'epsg', code: 4326 },
      poses: [
        { image: 'A.JPG', x: 11.5, y: 48.1, z: 560, sdHorizontal: 0.03, angles: { yaw: 10 } },
      ],
    });
  });

  it('reads the label style and OPK lists, whose system it does not know', () => {
    const labels = parseTrajectoryTable('#Label,X,Y,Z,Yaw,Pitch,Roll\nA,1,2,3,4,5,6', 'a.txt');
    expect(labels).toMatchObject({ crs: null, poses: [{ image: 'A', x: 1, y: 2, z: 3 }] });
    const list = parseTrajectoryTable('A 1 2 3 0.1 0.2 0.3\nB 1 x', 'b.txt');
    expect(list).toMatchObject({
      poses: [{ angles: { convention: 'omega-phi-kappa', omega: 0.1, phi: 0.2, kappa: 0.3 } }],
      findings: [{ code: 'GEO_ROW_INVALID' }],
    });
  });

  it('knows what is no such table', () => {
    for (const content of ['', 'hello world', 'a,b,c\n1,2,3', '{"a":1}']) {
      expect(parseTrajectoryTable(content, 'x')).toBeNull();
    }
  });
});

describe('every parser', () => {
  it('gives findings, never an exception, whatever it is fed', () => {
    const words = fc.constantFrom(
      'EPSG:32632',
      'NaN',
      '1e999',
      '-0',
      '../x',
      'A.JPG',
      ' ',
      ',',
      '"',
    );
    const line = fc.array(fc.oneof(words, fc.string(), fc.double().map(String)), { maxLength: 12 });
    const content = fc
      .array(line, { maxLength: 20 })
      .map((lines) => lines.map((cells) => cells.join(' ')).join('\n'));
    fc.assert(
      fc.property(content, (text) => {
        const [control, geo] = [parseControlList(text, 'f'), parseGeoFile(text, 'f')];
        const table = parseTrajectoryTable(text, 'f');
        for (const { x, y } of [...control.observations, ...geo.poses, ...(table?.poses ?? [])]) {
          expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describeWithRealData('real position files', () => {
  it('of the hostile set give a finding that names the fault, or are read right', async () => {
    const read = async (name: string) =>
      parseControlList(await readFile(realDataPath(`hostile/${name}`), 'utf8'), name);
    expect((await read('gcp_no_header.txt')).findings).toMatchObject([{ code: 'CRS_MISSING' }]);
    expect((await read('gcp_utm_words.txt')).crs).toEqual({ kind: 'epsg', code: 32632 });
    expect((await read('gcp_utm_south.txt')).crs).toEqual({ kind: 'epsg', code: 32755 });
    const tabs = await read('gcp_bom_crlf_tabs.txt');
    expect(tabs.findings).toEqual([]);
    expect(tabs.observations.map(({ point }) => point)).toEqual(['P1', 'P 2 with spaces']);
    const bad = await read('gcp_bad_rows.txt');
    expect(bad.findings.length).toBeGreaterThan(1);
  });

  it('of an aerial survey are read as OPK lists', async () => {
    for (const name of ['camera_pos_ori.txt', 'ngi_xyz_opk.csv']) {
      const content = await readFile(realDataPath(`aerial-ngi/${name}`), 'utf8');
      const table = parseTrajectoryTable(content, name);
      expect(table?.poses).toHaveLength(4);
      expect(table?.poses[0]?.angles).toMatchObject({ convention: 'omega-phi-kappa' });
      expect(table?.poses[0]?.z).toBeCloseTo(5258.308, 2);
    }
  });

  it('of a synthetic flight are read whole', async () => {
    const content = await readFile(realDataPath('synthetic-flight-clean/geo.txt'), 'utf8');
    const { poses, findings } = parseGeoFile(content, 'geo.txt');
    expect(findings).toEqual([]);
    expect(poses.length).toBeGreaterThan(10);
  });
});
