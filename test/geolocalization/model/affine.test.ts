import { describe, expect, it } from '@jest/globals';
import {
  affineFromTags,
  countsPixelsOnly,
  isIdentity,
  toMap,
} from '../../../geolocalization/model/affine.ts';

const nothing = { pixelScale: null, tiepoints: null, transformation: null, isPixelPoint: false };
const pixelScale = [10, 20, 0];
const tiepoints = [0, 0, 0, 500, 900, 0];

describe('affineFromTags()', () => {
  it('runs rows south from the tiepoint', () => {
    expect(affineFromTags({ ...nothing, pixelScale, tiepoints })).toEqual([
      500, 10, 0, 900, 0, -20,
    ]);
    const moved = { ...nothing, pixelScale, tiepoints: [2, 3, 0, 500, 900, 0] };
    expect(affineFromTags(moved)).toEqual([480, 10, 0, 960, 0, -20]);
  });

  it('shifts by half a pixel where coordinates name centers', () => {
    const point = { ...nothing, pixelScale, tiepoints, isPixelPoint: true };
    expect(affineFromTags(point)).toEqual([495, 10, 0, 910, 0, -20]);
  });

  it('takes a turned raster from the matrix', () => {
    const transformation = [17.320508, 5, 0, 100, 10, -8.660254, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1];
    const turned = affineFromTags({ ...nothing, transformation })!;
    expect(toMap(turned, 10, 0)[0]).toBeCloseTo(273.205, 3);
    expect(toMap(turned, 10, 0)[1]).toBeCloseTo(300, 6);
    expect(toMap(turned, 10, 15)[0]).toBeCloseTo(348.205, 3);
    expect(toMap(turned, 10, 15)[1]).toBeCloseTo(170.096, 3);
  });

  it.each([
    ['no tag', nothing],
    ['a scale without a tiepoint', { ...nothing, pixelScale }],
    ['tiepoints without a scale', { ...nothing, tiepoints }],
    ['a scale of zero', { ...nothing, pixelScale: [0, 0, 0], tiepoints }],
    ['a matrix without area', { ...nothing, transformation: [1, 2, 0, 0, 2, 4, 0, 0] }],
    ['a matrix that is not finite', { ...nothing, transformation: [NaN, 0, 0, 0, 0, 1, 0, 0] }],
  ])('takes %s for no transform', (_what, tags) => {
    expect(affineFromTags(tags)).toBeNull();
  });
});

describe('countsPixelsOnly() and isIdentity()', () => {
  it('tell a counter of pixels from a map', () => {
    expect([isIdentity([0, 1, 0, 0, 0, 1]), isIdentity([5000, 1, 0, 5000, 0, 1])]).toEqual([
      true,
      false,
    ]);
    expect(countsPixelsOnly([5000, 1, 0, 5000, 0, 1])).toBe(true);
    expect(countsPixelsOnly([0.5, 1, 0, -0.5, 0, -1])).toBe(true);
    expect(countsPixelsOnly([0, 10, 0, 0, 0, -10])).toBe(false);
  });
});
