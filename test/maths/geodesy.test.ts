import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  enuToGeodetic,
  geodeticToEcef,
  geodeticToEnu,
  groundDistanceMeters,
} from '../../maths/geodesy.ts';

const origin = { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 560 };

describe('geodesy on WGS84', () => {
  it('gives the independently computed earth-centered coordinates', () => {
    const published = [4182144.387, 850866.8921, 4724726.0797];
    geodeticToEcef(origin).forEach((value, axis) => expect(value).toBeCloseTo(published[axis]!, 3));
  });

  it('gives the independently computed local coordinates', () => {
    const point = { latitudeDegrees: 48.1005, longitudeDegrees: 11.501, heightMeters: 565 };
    const published = [74.486885, 55.601551, 4.999323];
    geodeticToEnu(point, origin).forEach((value, axis) =>
      expect(value).toBeCloseTo(published[axis]!, 6),
    );
  });

  it('comes back to where it started, anywhere on earth', () => {
    const degrees = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(degrees(89.9), degrees(179.9), degrees(5000), (latitude, longitude, height) => {
        const start = {
          latitudeDegrees: latitude,
          longitudeDegrees: longitude,
          heightMeters: height,
        };
        const back = enuToGeodetic(geodeticToEnu(start, origin), origin);
        expect(back.latitudeDegrees).toBeCloseTo(latitude, 9);
        expect(back.longitudeDegrees).toBeCloseTo(longitude, 8);
        expect(back.heightMeters).toBeCloseTo(height, 6);
      }),
    );
  });
});

describe('groundDistanceMeters()', () => {
  it.each<[from: [number, number], to: [number, number], meters: number]>([
    [[11.5, 48.1], [11.501, 48.1005], 92.94245070764462],
    [[-77.75790625, 24.56158329], [10, 60], 7551192.968307622],
    [[179.9, -10], [-179.9, -10], 21927.87247793737],
    [[0, 0], [1, 0], 111319.49079327357],
    [[0, 0], [0, 90], 10001965.729312724],
    [[7, 7], [7, 7], 0],
  ])('gives the independently computed length from %j to %j', (from, to, meters) => {
    expect(Math.abs(groundDistanceMeters(from, to) - meters)).toBeLessThan(5e-4);
    expect(groundDistanceMeters(to, from)).toBeCloseTo(groundDistanceMeters(from, to), 6);
  });

  it('comes close even between places that are nearly opposite', () => {
    expect(groundDistanceMeters([0, 0], [179.7, 0.5]) / 19944127.42).toBeCloseTo(1, 2);
  });
});
