import { describe, expect, it } from '@jest/globals';
import {
  groundFootprint,
  groundPoint,
  polygonArea,
  tiltDegrees,
} from '../../../accuracy/model/ground-footprint.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';

/** A camera at (10, -5, 80) over the plane at 0, as in the published example. */
const rotation = gimbalRotation({ yaw: 32, pitch: -88.7, roll: 0.4 });
const camera = { rotation, height: 80, focalPixels: 560, columns: 640, rows: 480 };

describe('groundFootprint()', () => {
  it('gives the published corners and area', () => {
    const corners = groundFootprint(camera)!.map(([east, north]) => [east + 10, north - 5]);
    const published = [
      [-9.4656, 50.5342],
      [68.5048, 1.045],
      [30.9926, -56.4053],
      [-45.4825, -7.8798],
    ];
    corners
      .flat()
      .forEach((value, index) => expect(value).toBeCloseTo(published.flat()[index]!, 4));
    const area = polygonArea(groundFootprint(camera)!);
    expect(area).toBeCloseTo(6275.4184, 4);
    expect(Math.sqrt(area / (640 * 480))).toBeCloseTo(0.142926, 6);
  });

  it('is null when a corner looks at the horizon', () => {
    const level = gimbalRotation({ yaw: 0, pitch: -5, roll: 0 });
    expect(groundFootprint({ ...camera, rotation: level })).toBeNull();
  });
});

describe('groundPoint()', () => {
  it('gives the published point of pixel (100, 400)', () => {
    const [east, north] = groundPoint(camera, 100, 400)!;
    expect(east + 10).toBeCloseTo(-27.564311, 6);
    expect(north - 5).toBeCloseTo(-6.006858, 6);
  });
});

describe('tiltDegrees()', () => {
  it('is the angle off the plumb line', () => {
    expect(tiltDegrees(gimbalRotation({ yaw: 92.9, pitch: -60, roll: 0 }))).toBeCloseTo(30, 9);
  });
});
