import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gimbalAttitudeOf } from '../../maths/gimbal-attitude.ts';
import { frameTurn } from '../../maths/local-frames.ts';
import { nadirAttitudeOf, nadirRotation } from '../../maths/nadir-attitude.ts';
import { gridToTrueNorth, opkOf, opkRotation, trueNorthToGrid } from '../../maths/opk.ts';
import { gimbalRotation, type Matrix3, multiply } from '../../maths/rotation.ts';
import { rotationAngle, rotationFromVector } from '../../maths/rotation-vector.ts';
import { IDENTITY, transpose } from '../../maths/vector.ts';
import { expectNumbers } from './example-camera.ts';

const angle = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
const attitudes = fc.record({ yaw: angle(180), pitch: angle(90), roll: angle(180) });

function expectSameRotation(found: Matrix3, expected: Matrix3): void {
  expectNumbers(found.flat(), expected.flat(), 9);
}

describe('opkOf()', () => {
  it.each([
    [
      [0, -90, 0],
      [0, 0, 0],
    ],
    [
      [32, -88.7, 0.4],
      [1.102516, -0.688853, -32.393372],
    ],
    [
      [92.9, -60, 0],
      [-1.673125, -29.957646, -93.347679],
    ],
    [
      [-132, -90, 180],
      [0, 0, -48],
    ],
  ])('gives the published angles of yaw, pitch, roll %j', ([yaw, pitch, roll], expected) => {
    const { omega, phi, kappa } = opkOf(gimbalRotation({ yaw: yaw!, pitch: pitch!, roll: roll! }));
    expectNumbers([omega, phi, kappa], expected, 6);
  });

  it('undoes opkRotation(), also where phi is a right angle', () => {
    const angles = fc.record({ omega: angle(180), phi: angle(90), kappa: angle(180) });
    fc.assert(
      fc.property(angles, (opk) => {
        expectSameRotation(opkRotation(opkOf(opkRotation(opk))), opkRotation(opk));
      }),
    );
    const upright = opkRotation({ omega: 20, phi: 90, kappa: 30 });
    expectSameRotation(opkRotation(opkOf(upright)), upright);
  });
});

describe('gimbalAttitudeOf()', () => {
  it('undoes gimbalRotation() anywhere', () => {
    fc.assert(
      fc.property(attitudes, (attitude) => {
        const rotation = gimbalRotation(attitude);
        expectSameRotation(gimbalRotation(gimbalAttitudeOf(rotation)), rotation);
      }),
    );
  });

  it('gives the yaw of the image and no roll at exact nadir', () => {
    const { yaw, pitch, roll } = gimbalAttitudeOf(
      gimbalRotation({ yaw: -132, pitch: -90, roll: 180 }),
    );
    expectNumbers([yaw, pitch, roll], [48, -90, 0], 9);
  });
});

describe('nadirRotation()', () => {
  it('is the gimbal record with pitch - 90 as long as roll is 0', () => {
    fc.assert(
      fc.property(angle(180), angle(90), (yaw, pitch) => {
        expectSameRotation(
          nadirRotation({ yaw, pitch, roll: 0 }),
          gimbalRotation({ yaw, pitch: pitch - 90, roll: 0 }),
        );
      }),
    );
  });

  it('is undone by nadirAttitudeOf()', () => {
    fc.assert(
      fc.property(attitudes, (attitude) => {
        const rotation = nadirRotation(attitude);
        expectSameRotation(nadirRotation(nadirAttitudeOf(rotation)), rotation);
      }),
    );
  });
});

describe('trueNorthToGrid()', () => {
  it('gives the published angles in the grid of UTM 51', () => {
    const gimbal = opkRotation({ omega: 29.983, phi: 1.05, kappa: 1.819 });
    const { omega, phi, kappa } = opkOf(trueNorthToGrid(gimbal, -0.8557));
    // The input is rounded to a thousandth of a degree.
    [29.994, 0.622, 1.078].forEach((expected, index) =>
      expect(Math.abs([omega, phi, kappa][index]! - expected)).toBeLessThan(1.5e-3),
    );
  });

  it('is undone by gridToTrueNorth()', () => {
    const rotation = gimbalRotation({ yaw: 32, pitch: -88.7, roll: 0.4 });
    expectSameRotation(gridToTrueNorth(trueNorthToGrid(rotation, 1.86), 1.86), rotation);
  });
});

describe('rotationFromVector()', () => {
  it('turns by its length about its direction', () => {
    expectSameRotation(rotationFromVector([0, 0, Math.PI / 2]), [
      [0, -1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]);
    const vectors = fc.tuple(angle(1.8), angle(1.8), angle(1.8));
    fc.assert(
      fc.property(vectors, (w) => {
        const rotation = rotationFromVector(w);
        expectSameRotation(multiply(rotation, transpose(rotation)), IDENTITY);
        expect(rotationAngle(IDENTITY, rotation)).toBeCloseTo(Math.hypot(...w), 7);
      }),
    );
  });
});

describe('frameTurn()', () => {
  const origin = { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 560 };

  it('turns by what the earth bends and the meridians converge', () => {
    const north = { ...origin, latitudeDegrees: 48.118 };
    expect((rotationAngle(IDENTITY, frameTurn(north, origin)) * 180) / Math.PI).toBeCloseTo(
      0.018,
      9,
    );
    const east = { ...origin, longitudeDegrees: 11.527 };
    const turned = (rotationAngle(IDENTITY, frameTurn(east, origin)) * 180) / Math.PI;
    expect(turned).toBeCloseTo(0.027, 9);
    // True north at the eastern place, seen from the origin, points a little to the west.
    expect(frameTurn(east, origin)[0][1]).toBeLessThan(0);
  });

  it('is undone by the turn back', () => {
    const other = { latitudeDegrees: -30, longitudeDegrees: 170, heightMeters: 9 };
    expectSameRotation(multiply(frameTurn(origin, other), frameTurn(other, origin)), IDENTITY);
  });
});
