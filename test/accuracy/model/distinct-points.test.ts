import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  averageByPoint,
  evidenceOf,
  type NamedResidual,
} from '../../../accuracy/model/distinct-points.ts';
import { publishedPoints } from './published-residuals.ts';

const residual = (point: string, east: number, north: number): NamedResidual => ({
  point,
  image: 'A',
  east,
  north,
});

describe('averageByPoint()', () => {
  it('makes one residual of the observations of a point, in order of name', () => {
    expect(
      averageByPoint([residual('Q', 5, 6), residual('P', 1, 4), residual('P', 3, -2)]),
    ).toEqual([
      { point: 'P', observations: 2, east: 2, north: 1, up: null },
      { point: 'Q', observations: 1, east: 5, north: 6, up: null },
    ]);
  });

  it('changes no digit with the order of the observations', () => {
    const meters = fc.double({ min: -9, max: 9, noNaN: true });
    const residuals = fc.array(
      fc.tuple(fc.constantFrom('P', 'Q', 'R'), meters, meters).map((parts) => residual(...parts)),
    );
    fc.assert(
      fc.property(residuals, (some) => {
        expect(averageByPoint(some.toReversed())).toEqual(averageByPoint(some));
      }),
    );
  });
});

describe('evidenceOf()', () => {
  it('gives the gate the figures with suspects and without', () => {
    const blunder = { east: 0.35, north: 0, up: null };
    const { horizontal, vertical } = evidenceOf([...publishedPoints, blunder], publishedPoints);
    expect(horizontal!.withSuspects.points).toBe(11);
    expect(horizontal!.withSuspects.rmse).toBeGreaterThan(0.1);
    expect(horizontal!.withoutSuspects!.rmse).toBeCloseTo(0.035997222, 9);
    expect(horizontal!.withoutSuspects!.bias).toBeCloseTo(Math.hypot(0.0087, 0.0025), 12);
    expect(vertical!.withSuspects.points).toBe(10);
    expect(vertical!.withSuspects.bias).toBeCloseTo(0.0163, 12);
  });

  it('has none of no point, and none vertically without heights', () => {
    expect(evidenceOf([], [])).toEqual({ horizontal: null, vertical: null });
    const { horizontal, vertical } = evidenceOf([{ east: 1, north: 0, up: null }], []);
    expect(horizontal!.withoutSuspects).toBeNull();
    expect(vertical).toBeNull();
  });
});
