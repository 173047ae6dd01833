import type { Raster } from '../../../../maths/raster.ts';
import { resampleRaster } from '../../../../maths/resample.ts';
import { randomNumbers } from '../../../../maths/seeded-random.ts';

/** Ground with structure of many sizes: noise, summed over four octaves. */
export function ground(seed: string, side: number): Raster {
  const random = randomNumbers(seed);
  const values = new Float64Array(side * side);
  for (const octave of [2, 5, 11, 23]) {
    const coarse = Math.ceil(side / octave) + 5;
    const noise: Raster = {
      width: coarse,
      height: coarse,
      values: Float64Array.from({ length: coarse * coarse }, random),
      valid: null,
    };
    const size = { width: side, height: side };
    const smooth = resampleRaster(noise, size, (x, y) => ({
      x: 1 + x / octave,
      y: 1 + y / octave,
    }));
    smooth.values.forEach((value, pixel) => (values[pixel]! += 100 * value));
  }
  return { width: side, height: side, values, valid: null };
}
