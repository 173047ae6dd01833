import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ControlPoint } from '../../../accuracy/model/control.ts';
import { expectedError, normalizedError } from '../../../accuracy/model/expected-error.ts';
import { compareWithControl } from '../../../accuracy/model/image-residuals.ts';
import {
  mergeResidualSums,
  residualFigures,
  sumResiduals,
} from '../../../accuracy/model/residual-sums.ts';
import { project } from '../../../maths/camera.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';
import { add } from '../../../maths/vector.ts';
import { exampleCamera } from '../../maths/example-camera.ts';

const east = {
  center: [0, 0, 100],
  rotation: gimbalRotation({ yaw: 90, pitch: -90, roll: 0 }),
} as const;
const control = (name: string, position: ControlPoint['position']): [string, ControlPoint] => [
  name,
  { name, position, isHeightKnown: true },
];
const points = new Map([control('P', [0, 0, 0]), control('behind', [0, 0, 200])]);

function compareAt(
  pixel: readonly [number, number],
  point = 'P',
  expectedSigma: number | null = 1,
) {
  const observations = [{ point, image: 'A', pixel }];
  return compareWithControl({
    camera: exampleCamera,
    pose: east,
    observations,
    points,
    expectedSigma,
  });
}

describe('compareWithControl()', () => {
  it('gives product minus reference, in the image, on the ground and along the heading', () => {
    // One pixel up in an image whose top points east: 100 / 560 m too far east, along the heading.
    const { residuals, figures } = compareAt([319.5, 238.5]);
    const [residual] = residuals;
    expect(residual!.du).toBeCloseTo(0, 9);
    expect(residual!.dv).toBeCloseTo(-1, 9);
    expect(residual!.east).toBeCloseTo(100 / 560, 9);
    expect(residual!.north).toBeCloseTo(0, 9);
    expect(residual!.along).toBeCloseTo(100 / 560, 9);
    expect(residual!.across).toBeCloseTo(0, 9);
    expect(residual!.rayAngleDegrees).toBeCloseTo((Math.atan(1 / 560) * 180) / Math.PI, 9);
    expect(figures!.rmsePixels).toBeCloseTo(1, 9);
  });

  it('counts across to the right of the heading', () => {
    const [residual] = compareAt([320.5, 239.5]).residuals;
    expect(residual!.across).toBeCloseTo(100 / 560, 9);
    expect(residual!.north).toBeCloseTo(-100 / 560, 9);
  });

  it('heads to where a level camera looks', () => {
    const level = {
      center: [0, 0, 0],
      rotation: gimbalRotation({ yaw: 90, pitch: -20, roll: 0 }),
    } as const;
    const point = { name: 'P', position: [50, 0, -15], isHeightKnown: false } as const;
    const [u, v] = project(exampleCamera, level, point.position)!;
    const { residuals } = compareWithControl({
      camera: exampleCamera,
      pose: level,
      observations: [{ point: 'P', image: 'A', pixel: [u, v - 1] }],
      points: new Map([['P', point]]),
      expectedSigma: null,
    });
    expect(residuals[0]!.along).toBeGreaterThan(0);
    expect(residuals[0]!.across).toBeCloseTo(0, 9);
    expect(residuals[0]!.isHeightSurveyed).toBe(false);
  });

  it('compares the residual with what was expected', () => {
    const far = compareAt([319.5, 200]);
    expect(far.normalized).toBeCloseTo(normalizedError(far.figures!.rmseRadial, 1), 12);
    expect(far.isOutlier).toBe(true);
    expect(compareAt([319.5, 239], 'P').isOutlier).toBe(false);
    expect(compareAt([319.5, 239], 'P', null).normalized).toBeNull();
  });

  it('does not change when the whole world moves', () => {
    const side = fc.double({ min: -5000, max: 5000, noNaN: true });
    const still = compareAt([300, 200]).figures!;
    fc.assert(
      fc.property(side, side, side, (x, y, z) => {
        const shift = [x, y, z] as const;
        const point = { name: 'P', position: shift, isHeightKnown: true };
        const moved = compareWithControl({
          camera: exampleCamera,
          pose: { ...east, center: add(east.center, shift) },
          observations: [{ point: 'P', image: 'A', pixel: [300, 200] }],
          points: new Map([['P', point]]),
          expectedSigma: null,
        }).figures!;
        expect(moved.rmseEast).toBeCloseTo(still.rmseEast, 9);
        expect(moved.rmseNorth).toBeCloseTo(still.rmseNorth, 9);
        expect(moved.rmsePixels).toBeCloseTo(still.rmsePixels, 9);
      }),
    );
  });

  it('keeps a suspect outside the image apart', () => {
    const { sums, sumsWithoutSuspects } = compareAt([319.5, -0.6]);
    expect([sums.n, sumsWithoutSuspects.n]).toEqual([1, 0]);
  });

  it('says why an observation gives no residual, and gives no figures of nothing', () => {
    expect(compareAt([0, 0], 'unknown')).toMatchObject({
      unusable: [{ point: 'unknown', image: 'A', reason: 'the control list has no such point' }],
      figures: null,
      normalized: null,
    });
    expect(compareAt([0, 0], 'behind').unusable[0]!.reason).toContain('behind the camera');
  });
});

describe('expectedError()', () => {
  it('adds the height of the ground by the leverage of the ray', () => {
    const image = { height: 100, gsd: 0.03, sdHorizontal: 0.02 };
    const ground = { sdHeight: 2, leverage: 0.5 };
    const flat = expectedError(image);
    expect(expectedError({ ...image, ground })).toBeCloseTo(Math.hypot(flat, 1), 12);
    expect(expectedError({ ...image, attitudeDegrees: 0.05 })).toBeCloseTo(0.0908, 3);
  });
});

describe('mergeResidualSums()', () => {
  it('gives the same sums whatever the order and the grouping', () => {
    const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    const residual = fc.record({ east: number, north: number, du: number, dv: number });
    fc.assert(
      fc.property(fc.array(residual), fc.nat(), (residuals, seed) => {
        const cut = residuals.length === 0 ? 0 : seed % residuals.length;
        const parts = [residuals.slice(cut), residuals.slice(0, cut)].map(sumResiduals);
        expect(mergeResidualSums(parts)).toEqual(sumResiduals(residuals));
      }),
    );
  });

  it('gives the figures worked out by hand', () => {
    const sums = sumResiduals([
      { east: 3, north: 0, du: 1, dv: 0 },
      { east: -1, north: 2, du: 0, dv: 3 },
    ]);
    const figures = residualFigures(sums)!;
    expect(figures.meanEast).toBe(1);
    expect(figures.rmseEast).toBeCloseTo(Math.sqrt(5), 12);
    expect(figures.rmseRadial).toBeCloseTo(Math.sqrt(7), 12);
    expect(figures.rmsePixels).toBeCloseTo(Math.sqrt(5), 12);
    expect(figures.greatest).toBe(3);
    expect(residualFigures(mergeResidualSums([]))).toBeNull();
  });
});
