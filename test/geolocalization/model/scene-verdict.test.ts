import { describe, expect, it } from '@jest/globals';
import { sceneLocationSchema } from '../../../contracts/geolocalization.ts';
import {
  judgeScene,
  unreadableScene,
  verdictOf,
} from '../../../geolocalization/model/scene-verdict.ts';
import type { SceneHeader } from '../../../geolocalization/model/scene-header.ts';

const scene = { name: 'x.tif', file: null };
const ground = { toGround: (x: number, y: number): [number, number] => [x, y], warnings: ['w'] };
const header: SceneHeader = {
  width: 100,
  height: 100,
  bands: 3,
  wavelengths: null,
  transform: [10, 0.001, 0, 50, 0, -0.001],
  crs: { kind: 'epsg', code: 4326 },
  rpc: null,
  hasFlatTransform: false,
  rpcFaults: [],
  contradictions: [],
  groundControl: [],
  controlSource: 'file',
  transformSource: 'file',
  crsSource: 'file',
  nodata: null,
  nodataSource: 'file',
  point: null,
  warnings: [],
};

describe('judgeScene()', () => {
  it('says in one sentence what the file states', () => {
    const location = sceneLocationSchema.parse(judgeScene(scene, header, ground));
    expect(location.status).toBe('stated');
    expect(location.reason).toBe(
      'Scene "x.tif" states EPSG:4326, 89.3 m pixels, center 49.95000 N 10.05000 E',
    );
    expect(location.warnings).toEqual(['w']);
  });

  it.each<[string, Partial<SceneHeader>]>([
    ['has no georeference', { transform: null, crs: { kind: 'none' } }],
    [
      'has no georeference: the pixels of its transform have no area, or its numbers are not finite',
      { transform: null, hasFlatTransform: true },
    ],
    ['has no georeference: its transform only counts pixels', { transform: [0, 1, 0, 0, 0, 1] }],
    ['has a transform but names no coordinate reference system', { crs: { kind: 'none' } }],
    [
      'names a user-defined coordinate reference system "Moon", and an EPSG code or its definition is needed',
      { crs: { kind: 'user-defined', name: 'Moon' } },
    ],
    [
      'has no usable georeference: Cannot read rational polynomials from a text',
      { transform: null, rpcFaults: ['Cannot read rational polynomials from a text'] },
    ],
    [
      'has 2 ground control points, and at least 3 that are not on a line are needed to place it',
      {
        transform: null,
        groundControl: [
          { column: 0, row: 0, x: 10, y: 50 },
          { column: 9, row: 9, x: 11, y: 49 },
        ],
      },
    ],
  ])('says of a scene that it %s', (words, part) => {
    const location = judgeScene(scene, { ...header, ...part }, ground);
    expect(location).toMatchObject({ status: 'unlocated', reason: `Scene "x.tif" ${words}` });
    expect(location.footprint).toBeNull();
  });

  it('fits a transform to ground control', () => {
    const groundControl = [
      [0, 0],
      [100, 0],
      [100, 100],
      [0, 100],
      [40, 70],
    ].map(([column = 0, row = 0]) => ({
      column,
      row,
      x: 10 + 0.001 * column,
      y: 50 - 0.001 * row,
    }));
    const location = judgeScene(scene, { ...header, transform: null, groundControl }, ground);
    expect(location.status).toBe('stated');
    expect(location.placement).toMatchObject({ kind: 'affine', source: 'control-points' });
    header.transform!.forEach((value, index) =>
      expect(location.geotransform![index]).toBeCloseTo(value, 12),
    );
    expect(location.findings!.map(({ code }) => code)).toEqual(['CONTROL_POINTS_FITTED']);
  });

  it('does not believe ground control that contradicts itself', () => {
    const groundControl = [0, 1, 2, 3, 4, 5].map((k) => ({
      column: 20 * k,
      row: (37 * k) % 100,
      x: 10 + 0.001 * (20 * k + (k % 2 === 0 ? 9 : -9)),
      y: 50 - 0.001 * ((37 * k) % 100),
    }));
    const location = judgeScene(scene, { ...header, transform: null, groundControl }, ground);
    expect(location.status).toBe('unlocated');
    expect(location.reason).toMatch(
      /they contradict each other: each is off .* px rms, most at column/,
    );
  });

  it('places a scene by control that no transform fits, and names the model and its error', () => {
    const groundControl = [0, 50, 100].flatMap((column) =>
      [0, 50, 100].map((row) => ({
        column,
        row,
        x: 10 + 0.001 * (column + 0.002 * row * row),
        y: 50 - 0.001 * (row + 0.001 * column * column),
      })),
    );
    const location = judgeScene(scene, { ...header, transform: null, groundControl }, ground);
    const { placement, control, findings, reason } = location;
    expect(location.status).toBe('stated');
    expect(location.geotransform).toBeNull();
    expect(placement).toMatchObject({ kind: 'control', model: { kind: 'thin-plate-spline' } });
    expect(control).toMatchObject({ model: 'thin-plate-spline', points: 9 });
    expect(control!.leaveOneOutPixels).toBeGreaterThan(1);
    expect(reason).toContain('states EPSG:4326 by a thin-plate spline, ');
    expect(findings).toEqual([
      {
        code: 'CONTROL_POINTS_FITTED',
        severity: 'warning',
        message: expect.stringMatching(
          /^its place is that of a thin-plate spline fitted to 9 ground control points, as no affine transform fits them within 1 px: rms \S+ px at them, \S+ px rms for points that it is fitted without, most at column \d+, row \d+ by \S+ px$/,
        ),
      },
    ]);
    // Its corners are control points.
    expect(location.footprint!.coordinates[0]![0]).toContainEqual([10.12, 49.89]);
  });

  it('tells the size of pixels in the corners, which in degrees is smaller towards a pole', () => {
    const { gsd, gsdAtCorners } = judgeScene(
      scene,
      { ...header, width: 2000, height: 2000 },
      ground,
    );
    const columns = gsdAtCorners!.map((corner) => corner!.column);
    const expected = [50, 50, 48, 48].map(
      (latitude) =>
        (gsd!.column * Math.cos((latitude * Math.PI) / 180)) / Math.cos((49 * Math.PI) / 180),
    );
    columns.forEach((column, index) => expect(column / expected[index]!).toBeCloseTo(1, 3));
  });

  it('tells rotation, shear and rows that run north', () => {
    const transform = [10, 0.001, 0.0002, 50, 0.0003, 0.0012] as const;
    const { findings } = judgeScene(scene, { ...header, transform }, ground);
    expect(findings!.map(({ code }) => code)).toEqual([
      'ROTATED',
      'PIXELS_SHEARED',
      'PIXELS_NOT_SQUARE',
      'ROWS_RUN_NORTH',
    ]);
  });

  it('names a reference system that is not known', () => {
    const fault = 'names EPSG:99999, whose projection is not known here';
    expect(judgeScene(scene, header, { fault }).reason).toBe(`Scene "x.tif" ${fault}`);
  });

  it('does not place an outline that misses the ground', () => {
    const nowhere = { toGround: () => null, warnings: [] };
    const location = judgeScene(scene, header, nowhere);
    expect(location).toMatchObject({ status: 'unlocated', droppedPoints: 80 });
  });
});

describe('unreadableScene()', () => {
  it('names the fault', () => {
    const location = sceneLocationSchema.parse(unreadableScene(scene, 'as it is empty'));
    expect(location).toMatchObject({
      status: 'unreadable',
      reason: 'Cannot read scene "x.tif" as it is empty',
    });
  });
});

describe('verdictOf()', () => {
  it('is stated when there are scenes and each of them is', () => {
    expect(verdictOf([])).toBe('unlocated');
    expect(verdictOf([{ status: 'stated' }])).toBe('stated');
    expect(verdictOf([{ status: 'stated' }, { status: 'unreadable' }])).toBe('unlocated');
  });
});
