import { describe, expect, it } from '@jest/globals';
import { project, rayThrough, simpleCamera } from '../../maths/camera.ts';
import { footprintOf, areaOf, groundSampleDistances, tiltOf } from '../../maths/footprint.ts';
import { heightLeverage, meetPlane, planeGround, terrainGround } from '../../maths/ground.ts';
import { terrainOf } from '../../maths/height-grid.ts';
import { opkRotation } from '../../maths/opk.ts';
import { gimbalRotation } from '../../maths/rotation.ts';
import { exampleCamera, examplePose, expectNumbers } from './example-camera.ts';

describe('meetPlane()', () => {
  it('gives the published place and leverage of a pixel', () => {
    const ray = rayThrough(exampleCamera, examplePose, [100, 400])!;
    expectNumbers(meetPlane(examplePose.center, ray, 0), [-27.564311, -6.006858, 0], 6);
    expectNumbers(heightLeverage(ray), [0.469554, 0.012586], 6);
  });

  it('meets nothing at the horizon, upwards or from below', () => {
    expect(meetPlane([0, 0, 80], [1, 0, -0.04], 0)).toBeNull();
    expect(meetPlane([0, 0, 80], [0, 0, 1], 0)).toBeNull();
    expect(meetPlane([0, 0, -1], [0, 0, -1], 0)).toBeNull();
  });
});

describe('the camera of an aerial survey', () => {
  const camera = simpleCamera({ columns: 640, rows: 1152, focalPixels: 833.3333333 });
  const pose0182 = {
    center: [-55094.50448, -3727407.03748, 5258.30793],
    rotation: opkRotation({ omega: -0.349216, phi: 0.298484, kappa: -179.086702 }),
  } as const;
  const pose0253 = {
    center: [-55081.7728, -3731564.36162, 5243.46618],
    rotation: opkRotation({ omega: 0.919683, phi: -0.414578, kappa: 0.720681 }),
  } as const;

  it.each([
    [
      [319.5, 575.5],
      [-55119.2937, -3727436.0396],
    ],
    [
      [0, 0],
      [-53238.8486, -3730699.7054],
    ],
    [
      [639, 1151],
      [-56991.7936, -3724186.1634],
    ],
  ] as const)('sees at pixel %j the published place', (pixel, expected) => {
    const ray = rayThrough(camera, pose0182, pixel)!;
    expectNumbers(meetPlane(pose0182.center, ray, 500)!.slice(0, 2), expected, 3);
  });

  it('shows a place on the ground at the published pixels', () => {
    const place = [-55500, -3728500, 400] as const;
    expectNumbers(project(camera, pose0182, place), [387.4839, 394.4931], 4);
    expectNumbers(project(camera, pose0253, place), [248.5878, 65.5504], 4);
  });
});

describe('footprintOf()', () => {
  it('runs through the published corners, with three points between', () => {
    const outline = footprintOf(exampleCamera, examplePose, planeGround(0))!;
    expect(outline).toHaveLength(16);
    const corners = [0, 4, 8, 12].flatMap((index) => outline[index]!.slice(0, 2));
    expectNumbers(
      corners,
      [-9.4656, 50.5342, 68.5048, 1.045, 30.9926, -56.4053, -45.4825, -7.8798],
      4,
    );
    expect(areaOf(outline)).toBeCloseTo(6275.4184, 4);
  });

  it('is null when a corner looks at the horizon', () => {
    const level = { ...examplePose, rotation: gimbalRotation({ yaw: 0, pitch: -5, roll: 0 }) };
    expect(footprintOf(exampleCamera, level, planeGround(0))).toBeNull();
  });
});

describe('groundSampleDistances()', () => {
  it('gives the published figures', () => {
    const gsd = groundSampleDistances(exampleCamera, examplePose, planeGround(0), 80);
    expect(gsd.nominal).toBeCloseTo(0.142857, 6);
    expect(gsd.mean).toBeCloseTo(0.142926, 6);
    expect(gsd.maximum!).toBeGreaterThan(gsd.mean!);
  });

  it('is the same everywhere for a camera that looks straight down', () => {
    const nadir = { ...examplePose, rotation: gimbalRotation({ yaw: 7, pitch: -90, roll: 0 }) };
    const gsd = groundSampleDistances(exampleCamera, nadir, planeGround(0), 80);
    for (const value of Object.values(gsd)) expect(value).toBeCloseTo(80 / 560, 9);
  });

  it('gives what does not look at the horizon', () => {
    const oblique = { ...examplePose, rotation: gimbalRotation({ yaw: 0, pitch: -25, roll: 0 }) };
    const gsd = groundSampleDistances(exampleCamera, oblique, planeGround(0), 80);
    expect(gsd.mean).toBeNull();
    expect(gsd.maximum).toBeNull();
    expect(gsd.principal!).toBeGreaterThan(gsd.nominal);
  });
});

describe('tiltOf()', () => {
  it('is the angle off the plumb line', () => {
    expect(tiltOf(gimbalRotation({ yaw: 92.9, pitch: -60, roll: 0 }))).toBeCloseTo(30, 9);
    expect(tiltOf(gimbalRotation({ yaw: 92.9, pitch: -90, roll: 0 }))).toBeCloseTo(0, 9);
  });
});

describe('terrainGround()', () => {
  const heights = { lowest: -20, mean: 0, highest: 20 };

  it('finds the place where a ray meets a slope', () => {
    const slope = terrainGround((east) => 0.2 * east, heights);
    const { point, source } = slope([0, 0, 100], [1, 0, -2])!;
    // 100 - 2 t = 0.2 t
    expectNumbers(point, [100 / 2.2, 0, 20 / 2.2], 3);
    expect(source).toBe('terrain');
  });

  it('finds the place where the iteration swings, as the slope is steeper than the ray', () => {
    const wall = terrainGround((east) => Math.min(20, Math.max(-20, 3 * (east - 60))), heights);
    const { point } = wall([0, 0, 30], [2, 0, -1])!;
    // 30 - t = 3 (2 t - 60)
    expectNumbers(point, [60, 0, 0], 3);
  });

  it('says so where the plane stands in for unknown ground', () => {
    const { point, source } = terrainGround(() => null, heights)([0, 0, 100], [1, 0, -2])!;
    expectNumbers(point, [50, 0, 0], 9);
    expect(source).toBe('plane');
  });
});

describe('terrainOf()', () => {
  const grid = {
    heights: [0, 10, 20, 30],
    columns: 2,
    rows: 2,
    west: 100,
    north: 200,
    cellEast: 10,
    cellNorth: 10,
    noData: -9999,
  };

  it('is linear between the centers of the pixels', () => {
    const terrain = terrainOf(grid);
    expect(terrain(105, 195)).toBe(0);
    expect(terrain(115, 185)).toBe(30);
    expect(terrain(110, 190)).toBe(15);
    expect(terrain(107.5, 195)).toBe(2.5);
  });

  it('knows nothing outside, nor beside a pixel without a height', () => {
    expect(terrainOf(grid)(104.9, 190)).toBeNull();
    expect(terrainOf({ ...grid, heights: [0, -9999, 20, 30] })(110, 190)).toBeNull();
  });

  it('refuses a grid whose size does not fit', () => {
    expect(() => terrainOf({ ...grid, rows: 3 })).toThrow('found 4 of 10 x 10 m');
  });
});
