import { describe, expect, it } from '@jest/globals';
import type { Raster } from '../../maths/raster.ts';
import { structuralSimilarity } from '../../maths/structural-similarity.ts';
import { analyticImage } from './analytic-image.ts';

const image: Raster = {
  ...analyticImage(),
  values: analyticImage().values.map((value) => 100 + 50 * value),
};

describe('structuralSimilarity()', () => {
  it('is 1 of an image with itself, and falls as it moves', () => {
    const moved = (pixels: number): Raster => ({
      ...analyticImage(pixels, 0),
      values: analyticImage(pixels, 0).values.map((value) => 100 + 50 * value),
    });
    expect(structuralSimilarity(image, image)).toBeCloseTo(1, 12);
    const near = structuralSimilarity(image, moved(0.5))!;
    const far = structuralSimilarity(image, moved(4))!;
    expect(near).toBeLessThan(1);
    expect(far).toBeLessThan(near);
  });

  it('gives what two level squares give by hand', () => {
    const level = (value: number): Raster => ({
      width: 8,
      height: 8,
      values: new Float64Array(64).fill(value),
      valid: null,
    });
    // Without a range both constants are 0: (2 * 2 * 4) / (4 + 16), and no variance to compare.
    expect(structuralSimilarity(level(2), level(4))).toBe(1);
    const stepped = { ...level(0), values: Float64Array.from({ length: 64 }, (_, i) => i % 2) };
    // Means 0.5 and 0.5 + 1, variances 1/4, covariance 1/4, constants 0.0001 and 0.0009.
    const brighter = { ...stepped, values: stepped.values.map((value) => value + 1) };
    const known = ((2 * 0.5 * 1.5 + 1e-4) / (0.25 + 2.25 + 1e-4)) * 1;
    expect(structuralSimilarity(stepped, brighter)).toBeCloseTo(known, 12);
  });

  it('leaves out squares without data, and has no answer without any', () => {
    const valid = new Uint8Array(128 * 128).fill(1).fill(0, 0, 128 * 64);
    const broken = {
      ...image,
      valid,
      values: image.values.map((v, i) => (valid[i] === 1 ? v : 0)),
    };
    expect(structuralSimilarity(image, broken)).toBeCloseTo(1, 12);
    const empty = { ...image, valid: new Uint8Array(128 * 128) };
    expect(structuralSimilarity(image, empty)).toBeNull();
  });

  it('refuses rasters of different sizes', () => {
    expect(() => structuralSimilarity(image, { ...image, width: 64 })).toThrow(
      /128 x 128 and 64 x 128/,
    );
  });
});
