import { describe, expect, it } from '@jest/globals';
import { focalLength, type FocalRecord } from '../../../ingestion/model/focal-length.ts';

const nothing: FocalRecord = {
  model: null,
  width: 4000,
  height: 2250,
  originalWidth: null,
  dewarpData: null,
  calibratedFocalLength: null,
  focalMillimeters: null,
  focalPlaneXResolution: null,
  focalPlaneResolutionUnit: null,
  focal35Millimeters: null,
};

describe('focalLength()', () => {
  it.each([
    [{ model: 'FC300S', focalMillimeters: 3.61 }, 2340, 'sensor'],
    [{ focal35Millimeters: 20 }, 2121, 'focal_35mm'],
    [
      {
        dewarpData: '2019-01-01;3657.02,3650.62,-4,23,0,0,0,0,0',
        width: 1368,
        height: 912,
        originalWidth: 5472,
      },
      914.255,
      'dewarp',
    ],
    [{ calibratedFocalLength: 420, focalMillimeters: 8 }, 420, 'calibrated'],
    [
      { focalMillimeters: 7, focalPlaneXResolution: 2000, focalPlaneResolutionUnit: 3 },
      1400,
      'focal_plane',
    ],
  ])('takes the first route of %j', (tags, pixels, source) => {
    const focal = focalLength({ ...nothing, ...tags })!;
    expect(focal.source).toBe(source);
    expect(Math.abs(focal.pixels - pixels)).toBeLessThan(0.6);
  });

  it('does not guess', () => {
    expect(focalLength({ ...nothing, focalMillimeters: 8 })).toBeNull();
  });
});
