import { describe, expect, it } from '@jest/globals';
import { wavelengthsIn } from '../../../geolocalization/model/band-wavelengths.ts';
import { imageryMetadata } from '../../support/band-scene.ts';

const item = (name: string, value: string, sample?: number) =>
  `<Item name="${name}"${sample === undefined ? '' : ` sample="${sample}"`}>${value}</Item>`;

describe('wavelengthsIn()', () => {
  it('reads the domain IMAGERY of each band', () => {
    expect(wavelengthsIn(imageryMetadata([0.49, 0.842]), 3)).toEqual([0.49, 0.842, null]);
    const withRole =
      '<Item name="CENTRAL_WAVELENGTH_UM" sample="1" role="x" domain="IMAGERY">0.5</Item>';
    expect(wavelengthsIn(withRole, 2)).toEqual([null, 0.5]);
  });

  it.each([
    ['nanometers of each band', 'Nanometers', '864.7', 0.8647],
    ['nanometers by their sign', 'nm', '864.7', 0.8647],
    ['micrometers', 'Micrometers', '0.8647', 0.8647],
    ['micrometers by their sign', 'µm', '0.8647', 0.8647],
  ])('reads what an ENVI header stated in %s', (_what, unit, value, micrometers) => {
    const own = item('wavelength', value, 0) + item('wavelength_units', unit, 0);
    expect(wavelengthsIn(own, 1)).toEqual([micrometers]);
    const whole = item('WAVELENGTH', value, 0) + item('WAVELENGTH_UNITS', unit);
    expect(wavelengthsIn(whole, 1)).toEqual([micrometers]);
  });

  it('prefers what needs no unit', () => {
    const both =
      imageryMetadata([0.84]) + item('wavelength', '500', 0) + item('wavelength_units', 'nm', 0);
    expect(wavelengthsIn(both, 1)).toEqual([0.84]);
  });

  it.each([
    ['no metadata of it', item('STATISTICS_MEAN', '5', 0)],
    ['a number without a unit', item('wavelength', '864.7', 0)],
    ['another unit', item('wavelength', '3', 0) + item('wavelength_units', 'GHz', 0)],
    [
      'its own unit unknown',
      item('wavelength', '3', 0) +
        item('wavelength_units', 'Unknown', 0) +
        item('wavelength_units', 'nm'),
    ],
    ['no number', imageryMetadata([Number.NaN])],
    ['a number below 0', imageryMetadata([-1])],
    ['a band that is not there', item('CENTRAL_WAVELENGTH_UM', '0.5', 7)],
    ['no band', item('CENTRAL_WAVELENGTH_UM', '0.5')],
  ])('knows nothing from %s', (_what, metadata) => {
    expect(wavelengthsIn(metadata, 1)).toBeNull();
  });

  it('takes no long time over damaged metadata', () => {
    const started = Date.now();
    expect(wavelengthsIn('<Item '.repeat(500_000), 1)).toBeNull();
    expect(wavelengthsIn('<Item name="a"'.repeat(200_000), 1)).toBeNull();
    expect(Date.now() - started).toBeLessThan(2000);
  });
});
