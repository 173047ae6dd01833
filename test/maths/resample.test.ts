import { describe, expect, it } from '@jest/globals';
import type { Raster } from '../../maths/raster.ts';
import { resampleFinely } from '../../maths/fine-resample.ts';
import { shiftFinely } from '../../maths/fine-shift.ts';
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

describe('resampleFinely()', () => {
  it.each([
    [0.1, 0.2],
    [0.25, 0.4],
    [0.35, 0.3],
  ])('moves a wave of %d cycles a pixel by what it should, within 0.02 pixels', (cycles, by) => {
    const wave = (shift: number) =>
      Float64Array.from({ length: 64 * 16 }, (_, pixel) =>
        Math.cos(2 * Math.PI * cycles * ((pixel % 64) - shift)),
      );
    const raster: Raster = { width: 64, height: 16, values: wave(0), valid: null };
    const moved = resampleFinely(raster, raster, (x, y) => ({ x: x - by, y }));
    // The phase of what came out, against that of what went in.
    let [real, imaginary] = [0, 0];
    for (let x = 12; x < 52; x++) {
      const value = moved.values[8 * 64 + x]!;
      real += value * Math.cos(2 * Math.PI * cycles * x);
      imaginary += value * Math.sin(2 * Math.PI * cycles * x);
    }
    const phase = Math.atan2(imaginary, real) / (2 * Math.PI * cycles);
    expect(Math.abs(phase - by)).toBeLessThan(0.02);
  });

  it('keeps pixels that are not moved, and reaches as far as cubic convolution does', () => {
    const image = analyticImage();
    const valid = new Uint8Array(128 * 128).fill(1).fill(0, 64 * 128 + 60, 64 * 128 + 61);
    const masked = { ...image, valid };
    const same = resampleFinely(masked, image, (x, y) => ({ x, y }));
    expect(same.values[20 * 128 + 30]).toBeCloseTo(image.values[20 * 128 + 30]!, 12);
    const half = (x: number, y: number) => ({ x: x + 0.5, y: y + 0.5 });
    expect(resampleFinely(masked, image, half).valid).toEqual(
      resampleRaster(masked, image, half).valid,
    );
    const lost = resampleFinely(image, image, () => ({ x: Number.NaN, y: 5 }));
    expect(lost.valid!.includes(1)).toBe(false);
  });
});

describe('shiftFinely()', () => {
  it.each([
    [0.37, -0.22],
    [-3.5, 12],
    [0, 0],
    [-140.25, 3],
    [119.75, -119.5],
  ])('gives the values of resampleFinely(), at the border too, for a shift of %d, %d', (x, y) => {
    const image = analyticImage();
    const size = { width: 100, height: 130 };
    const moved = shiftFinely(image, size, { x, y });
    const known = resampleFinely(image, size, (column, row) => ({ x: column + x, y: row + y }));
    expect(moved.valid).toEqual(known.valid);
    expect(moved.values).toEqual(known.values);
  });

  it('leaves out what lacks data', () => {
    const image = analyticImage();
    const valid = new Uint8Array(128 * 128).fill(1).fill(0, 64 * 128 + 60, 64 * 128 + 61);
    const moved = shiftFinely({ ...image, valid }, image, { x: 0.5, y: 0.5 });
    expect(moved.valid![64 * 128 + 60]).toBe(0);
    expect(moved.valid![30 * 128 + 60]).toBe(1);
  });
});
