import { describe, expect, it } from '@jest/globals';
import type { ImageDescription } from '../../../contracts/flight.ts';
import { CameraNorm } from '../../../ingestion/model/camera-norm.ts';
import { flightImage } from '../../support/flight-image.ts';

const base = flightImage('x').description!;

/** Codes of an image among ten that are alike. */
function findingsOf(odd: Partial<ImageDescription>, usual: Partial<ImageDescription> = {}) {
  const norm = new CameraNorm(0.005);
  for (let image = 0; image < 10; image++) norm.add({ ...base, ...usual });
  const description = { ...base, ...usual, ...odd };
  norm.add(description);
  return norm.findingsOf('A.JPG', description);
}

describe('CameraNorm', () => {
  it('has nothing against an image that is like the others', () => {
    expect(findingsOf({})).toEqual([]);
  });

  it('tells another camera, also one of the same model', () => {
    expect(findingsOf({ model: 'Other' })).toMatchObject([{ code: 'CAMERA_MISMATCH' }]);
    expect(findingsOf({ serial: 'B' }, { serial: 'A' })).toMatchObject([
      { code: 'CAMERA_MISMATCH', values: { serial: 'B', majority: 'A' } },
    ]);
  });

  it('does not take a missing record for another camera', () => {
    expect(findingsOf({ make: null, model: null, serial: null }, { serial: 'A' })).toEqual([]);
  });

  it('says so when another size is a quarter turn', () => {
    const [finding] = findingsOf({ width: base.height, height: base.width });
    expect(finding).toMatchObject({ code: 'SIZE_MISMATCH', severity: 'error' });
    expect(finding!.message).toMatch(/turned by 90 degrees/);
  });

  it('tells a lens that was zoomed by more than half a per cent', () => {
    expect(findingsOf({ focalPixels: 2009 })).toEqual([]);
    expect(findingsOf({ focalPixels: 2011 })).toMatchObject([{ code: 'FOCAL_MISMATCH' }]);
  });

  it('tells an image that is coded unlike nearly all others', () => {
    expect(findingsOf({ coding: 'b' }, { coding: 'a' })).toMatchObject([
      { code: 'EDITED_IMAGE', severity: 'warning', values: { coding: 'b', usual: 'a' } },
    ]);
    const norm = new CameraNorm(0.005);
    // A camera that chooses its tables image by image has no usual ones.
    for (const coding of ['a', 'a', 'a', 'b', 'c']) norm.add({ ...base, coding });
    expect(norm.findingsOf('A.JPG', { ...base, coding: 'c' })).toEqual([]);
  });
});
