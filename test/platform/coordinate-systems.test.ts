import { describe, expect, it } from '@jest/globals';
import { groundOf } from '../../platform/coordinate-systems.ts';

describe('groundOf()', () => {
  it('knows web mercator, whose definition names a grid file that stands for none', async () => {
    const ground = await groundOf(3857);
    if ('fault' in ground) throw new Error(ground.fault);
    const [longitude, latitude] = ground.toGround(1_280_174.14, 6_124_000)!;
    expect(longitude).toBeCloseTo(11.5, 5);
    expect(latitude).toBeGreaterThan(48);
    expect(latitude).toBeLessThan(48.2);
  });

  it.each([27700, 4267, 26591])(
    'knows no way from EPSG:%d, which only a grid file leads to the ground',
    async (code) => {
      expect(await groundOf(code)).toEqual({
        fault: `names EPSG:${code}, whose projection is not known here`,
      });
    },
  );
});
