import { describe, expect, it } from '@jest/globals';
import type { Geotransform } from '../../../../geolocalization/model/affine.ts';
import { ontoCommonGrid } from '../../../../geolocalization/model/registration/common-grid.ts';
import { registerRasters } from '../../../../geolocalization/model/registration/register-rasters.ts';
import { cutRaster } from '../../../../maths/raster.ts';
import { resampleRaster } from '../../../../maths/resample.ts';
import { ground } from './ground.ts';

const land = ground('land', 600);
const size = { width: 256, height: 256 };
/** Pixel centers of the land lie at whole meters from 0.5 on, north up from 5000. */
const north: Geotransform = [100, 1, 0, 4900, 0, -1];
const reference = { raster: cutRaster(land, { x: 100, y: 100, ...size }), transform: north };

/** The same ground on another grid, in place. */
function seenOn(transform: Geotransform, width: number, height: number) {
  const [x, g1, g2, y, g4, g5] = transform;
  const raster = resampleRaster(land, { width, height }, (column, row) => ({
    x: x + g1 * (column + 0.5) + g2 * (row + 0.5) - 0.5,
    y: 5000 - (y + g4 * (column + 0.5) + g5 * (row + 0.5)) - 0.5,
  }));
  return { raster, transform };
}

describe('ontoCommonGrid()', () => {
  it.each([
    ['turned', seenOn([90, 0.98, 0.17, 4850, 0.17, -0.98], 260, 260)],
    ['coarser', seenOn([80.3, 2.2, 0, 4910.7, 0, -2.2], 150, 150)],
    ['finer', seenOn([110.4, 0.45, 0, 4880.1, 0, -0.45], 500, 460)],
    ['south up', seenOn([100, 1, 0, 4650, 0, 1], 256, 250)],
  ])('lets a target be compared whose grid is %s', (_, target) => {
    const common = ontoCommonGrid(reference, target);
    if ('fault' in common) throw new Error(common.fault);
    const found = registerRasters(common.reference.raster, common.target, {
      offset: { x: 0, y: 0 },
      seed: 'x',
    });
    expect(found.status).toBe('LOCATED');
    // A pixel of the common grid is as large as the coarser of both.
    expect(Math.hypot(found.shift!.x, found.shift!.y)).toBeLessThan(0.06);
  });

  it('goes through both maps, and leaves out what has no place', () => {
    const target = seenOn(north, 256, 256);
    const moved = { ...target, transform: [1100, 1, 0, 4900, 0, -1] as const };
    const common = ontoCommonGrid(reference, moved, (x, y) => (x < 150 ? null : [x + 1000, y]));
    if ('fault' in common) throw new Error(common.fault);
    expect(common.target.valid![128 * 256 + 20]).toBe(0);
    expect(common.target.values[128 * 256 + 120]).toBeCloseTo(
      target.raster.values[128 * 256 + 120]!,
      9,
    );
  });

  it('refuses pixels that differ too much, and maps that do not meet', () => {
    expect(ontoCommonGrid(reference, seenOn([100, 9, 0, 4900, 0, -9], 20, 20))).toEqual({
      fault: 'their pixels may differ in size by 8 times at most: found 9.00',
    });
    expect(ontoCommonGrid(reference, reference, () => null)).toEqual({
      fault: 'the middle of the reference has no place in the map of the target',
    });
  });
});
