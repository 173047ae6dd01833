import { describe, expect, it } from '@jest/globals';
import { sceneLocationSchema } from '../../../contracts/geolocalization.ts';
import {
  judgeScene,
  type SceneHeader,
  unreadableScene,
  verdictOf,
} from '../../../geolocalization/model/scene-verdict.ts';

const scene = { name: 'x.tif', file: null };
const ground = { toGround: (x: number, y: number): [number, number] => [x, y], warnings: ['w'] };
const header: SceneHeader = {
  width: 100,
  height: 100,
  bands: 3,
  transform: [10, 0.001, 0, 50, 0, -0.001],
  crs: { kind: 'epsg', code: 4326 },
  hasRationalPolynomials: false,
  controlPoints: 0,
  nodata: null,
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
    ['has no georeference: its transform only counts pixels', { transform: [0, 1, 0, 0, 0, 1] }],
    ['has a transform but names no coordinate reference system', { crs: { kind: 'none' } }],
    [
      'names a user-defined coordinate reference system "Moon", and an EPSG code is needed',
      { crs: { kind: 'user-defined', name: 'Moon' } },
    ],
    [
      'has rational polynomial coefficients, which this version does not evaluate',
      { transform: null, hasRationalPolynomials: true },
    ],
  ])('says of a scene that it %s', (words, part) => {
    const location = judgeScene(scene, { ...header, ...part }, ground);
    expect(location).toMatchObject({ status: 'unlocated', reason: `Scene "x.tif" ${words}` });
    expect(location.footprint).toBeNull();
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
