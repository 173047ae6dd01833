import { describe, expect, it } from '@jest/globals';
import { expectedError } from '../../../accuracy/model/expected-error.ts';
import { assessImage } from '../../../accuracy/model/image-accuracy.ts';
import { flightImage } from '../../support/flight-image.ts';

describe('assessImage()', () => {
  it('gives the ground sample distance and a closed, counter-clockwise footprint', () => {
    const accuracy = assessImage(flightImage('A.JPG'));
    expect(accuracy.gsd!.nominal).toBeCloseTo(100 / 2000, 12);
    expect(accuracy.gsd!.mean).toBeCloseTo(100 / 2000, 9);
    const ring = accuracy.footprint!;
    expect(ring).toHaveLength(5);
    expect(ring[0]).toEqual(ring[4]);
    let twice = 0;
    for (let i = 0; i < 4; i++) {
      twice += ring[i]![0]! * ring[i + 1]![1]! - ring[i + 1]![0]! * ring[i]![1]!;
    }
    expect(twice).toBeGreaterThan(0);
    expect(accuracy.reasons).toEqual([]);
  });

  it.each([
    ['relativeAltitude', 'no height above ground'],
    ['focalPixels', 'no focal length in pixels'],
    ['attitude', 'no attitude record'],
    ['position', 'no position'],
  ] as const)('says what is missing without %s, and makes nothing up', (field, reason) => {
    const accuracy = assessImage(flightImage('A.JPG', { [field]: null }));
    expect(accuracy.reasons).toEqual([reason]);
    expect(accuracy.footprint).toBeNull();
    expect(accuracy.expectedSigma).toBeNull();
  });
});

describe('expectedError()', () => {
  it('gives the value of its own example', () => {
    expect(expectedError({ height: 100, gsd: 0.03, sdHorizontal: 0.02 })).toBeCloseTo(1.7457, 4);
  });
});
