import { describe, expect, it } from '@jest/globals';
import type { Raster } from '../../maths/raster.ts';
import { reduceRaster, resampleRaster } from '../../maths/resample.ts';
import { analyticImage } from './analytic-image.ts';

describe('reduceRaster()', () => {
  const raster: Raster = {
    width: 5,
    height: 2,
    values: Float64Array.of(1, 2, 3, 4, 9, 5, 6, 7, 8, 9),
    valid: Uint8Array.of(1, 1, 1, 0, 1, 1, 1, 0, 0, 1),
  };

  it('takes means, and drops what is left over', () => {
    const { width, height, values } = reduceRaster({ ...raster, valid: null }, 2);
    expect([width, height]).toEqual([2, 1]);
    expect([...values]).toEqual([3.5, 5.5]);
  });

  it('needs data in half of the pixels', () => {
    const { values, valid } = reduceRaster(raster, 2);
    expect([...valid!]).toEqual([1, 0]);
    expect(values[0]).toBe(3.5);
  });
});

describe('resampleRaster()', () => {
  const image = analyticImage();

  it('gives the values between the pixels of a smooth image', () => {
    const moved = resampleRaster(image, image, (x, y) => ({ x: x - 0.3, y: y + 0.4 }));
    const known = analyticImage(0.3, -0.4);
    let worst = 0;
    for (let y = 10; y < 118; y++) {
      for (let x = 10; x < 118; x++) {
        const pixel = y * 128 + x;
        worst = Math.max(worst, Math.abs(moved.values[pixel]! - known.values[pixel]!));
      }
    }
    expect(worst).toBeLessThan(0.015);
  });

  it('keeps pixels that are not moved, and has no data where the raster has none', () => {
    const valid = new Uint8Array(128 * 128).fill(1).fill(0, 64 * 128 + 60, 64 * 128 + 61);
    const same = resampleRaster({ ...image, valid }, image, (x, y) => ({ x, y }));
    expect(same.values[20 * 128 + 30]).toBeCloseTo(image.values[20 * 128 + 30]!, 12);
    expect(same.valid![64 * 128 + 60]).toBe(0);
    expect(same.valid![0]).toBe(0);
    const lost = resampleRaster(image, image, () => ({ x: Number.NaN, y: 5 }));
    expect(lost.valid!.includes(1)).toBe(false);
  });
});
