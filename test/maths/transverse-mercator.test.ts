import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groundDistanceMeters } from '../../maths/geodesy.ts';
import { fromGrid, toGrid, utmZone } from '../../maths/transverse-mercator.ts';

const zone32 = utmZone(32, 'north');

describe('toGrid()', () => {
  it('gives the independently computed place, convergence and scale', () => {
    const { easting, northing, convergenceDegrees, pointScale } = toGrid(zone32, 48.1, 11.5);
    expect(easting).toBeCloseTo(686121.7558, 4);
    expect(northing).toBeCloseTo(5330438.1302, 4);
    expect(convergenceDegrees).toBeCloseTo(1.86131037, 8);
    expect(pointScale).toBeCloseTo(1.000025666, 9);
    const beside = toGrid(zone32, 48.1005, 11.501);
    expect(beside.easting).toBeCloseTo(686194.3929, 4);
    expect(beside.northing).toBeCloseTo(5330496.1181, 4);
  });

  it('scales and turns small steps as it says', () => {
    const latitudes = fc.double({ min: -80, max: 80, noNaN: true });
    const longitudes = fc.double({ min: 4, max: 14, noNaN: true });
    fc.assert(
      fc.property(latitudes, longitudes, (latitude, longitude) => {
        const here = toGrid(zone32, latitude, longitude);
        const step = 0.001;
        const there = toGrid(zone32, latitude + step, longitude);
        const [east, north] = [there.easting - here.easting, there.northing - here.northing];
        const length = groundDistanceMeters([longitude, latitude], [longitude, latitude + step]);
        expect(Math.hypot(east, north) / length).toBeCloseTo(here.pointScale, 5);
        // A step to true north has true azimuth 0, so its grid azimuth is minus the convergence.
        const azimuth = (Math.atan2(east, north) * 180) / Math.PI;
        expect(azimuth).toBeCloseTo(-here.convergenceDegrees, 3);
      }),
    );
  });

  it('refuses a place at the other side of the earth', () => {
    expect(() => toGrid(zone32, 0, 120)).toThrow('within 80 degrees of the central meridian');
    expect(() => utmZone(61, 'north')).toThrow('found 61');
  });
});

describe('fromGrid()', () => {
  it('undoes toGrid() to less than a micrometer', () => {
    const latitudes = fc.double({ min: -84, max: 84, noNaN: true });
    const longitudes = fc.double({ min: -20, max: 35, noNaN: true });
    fc.assert(
      fc.property(latitudes, longitudes, (latitude, longitude) => {
        const south = utmZone(32, 'south');
        const { easting, northing } = toGrid(south, latitude, longitude);
        const back = fromGrid(south, easting, northing);
        expect(back.latitudeDegrees).toBeCloseTo(latitude, 10);
        expect(back.longitudeDegrees).toBeCloseTo(longitude, 10);
      }),
    );
  });

  it('refuses coordinates that are not finite', () => {
    expect(() => fromGrid(zone32, NaN, 0)).toThrow('must be finite');
  });
});
