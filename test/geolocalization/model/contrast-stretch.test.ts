import { describe, expect, it } from '@jest/globals';
import { stretchToBytes } from '../../../geolocalization/model/contrast-stretch.ts';

describe('stretchToBytes()', () => {
  it('spreads the values over black to white, and blackens what holds no data', () => {
    const picture = { channels: 1, bands: [0], nodata: -9999 };
    expect([...stretchToBytes({ ...picture, values: [-9999, 10, 20] })!]).toEqual([0, 0, 255]);
    expect([...stretchToBytes({ ...picture, values: [NaN, 10, 15, 20] })!]).toEqual([
      0, 0, 128, 255,
    ]);
  });

  it('stretches each band by itself, and passes over the others', () => {
    const values = [1, 100, 7, 2, 300, 7];
    const bytes = stretchToBytes({ values, channels: 3, bands: [1, 0], nodata: null })!;
    expect([...bytes]).toEqual([0, 0, 255, 255]);
  });

  it('is grey where all values are equal, and nothing where there is no data', () => {
    const picture = { channels: 1, bands: [0], nodata: 0 };
    expect([...stretchToBytes({ ...picture, values: [5, 5, 0] })!]).toEqual([128, 128, 0]);
    expect(stretchToBytes({ ...picture, values: [0, 0] })).toBeNull();
  });

  it('shows a mask whose ones are rarer than the cut', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index === 7 ? 1 : 0));
    expect(stretchToBytes({ values, channels: 1, bands: [0], nodata: null })![7]).toBe(255);
  });
});
