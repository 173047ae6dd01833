import { describe, expect, it } from '@jest/globals';
import { convergenceAt } from '../../maths/map-projection.ts';
import { groundOf, toGroundBy } from '../../platform/coordinate-systems.ts';

describe('convergenceAt()', () => {
  it('gives the convergence of UTM as published formulas do', async () => {
    const ground = await groundOf(32632);
    if ('fault' in ground) throw new Error(ground.fault);
    // Origin of the oracle: 48.1 N, 11.5 E.
    const convergence = convergenceAt(ground.toGround, 686121.7558, 5330438.1302, false);
    expect(convergence).toBeCloseTo(1.86131037, 5);
  });

  it('is 0 on the central meridian, and of a map of degrees', () => {
    const lo25 = toGroundBy('+proj=tmerc +lat_0=0 +lon_0=25 +k=1 +datum=WGS84 +units=m')!;
    expect(convergenceAt(lo25, 0, -3_727_407, false)).toBeCloseTo(0, 9);
    expect(convergenceAt((x, y) => [x, y], 11.5, 48.1, true)).toBeCloseTo(0, 9);
  });

  it('is not known where the projection has no answer', () => {
    expect(convergenceAt(() => null, 0, 0, false)).toBeNull();
  });
});
