import type { Raster } from './raster.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { abs, floor } = Math;

/**
 * Means of `factor` x `factor` pixels; what is left over at the right and the bottom is dropped. A mean
 * stands when at least half of its pixels hold data.
 *
 * Pixel (x, y) of the result has its center at factor * (x + 0.5) - 0.5 of the raster.
 *
 * @param factor a whole number, at least 1.
 */
export function reduceRaster(raster: Raster, factor: number): Raster {
  const width = floor(raster.width / factor);
  const height = floor(raster.height / factor);
  const values = new Float64Array(width * height);
  const valid = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [sum, count] = [0, 0];
      for (let row = y * factor; row < (y + 1) * factor; row++) {
        for (let column = x * factor; column < (x + 1) * factor; column++) {
          const pixel = row * raster.width + column;
          if (raster.valid?.[pixel] === 0) continue;
          sum += raster.values[pixel]!;
          count++;
        }
      }
      if (2 * count < factor * factor) continue;
      values[y * width + x] = sum / count;
      valid[y * width + x] = 1;
    }
  }
  return { width, height, values, valid };
}

/**
 * The raster seen through another grid: each pixel takes the value at `sourceOf` its center, by cubic
 * convolution (a = -0.5). Without data where one of the sixteen pixels around has none, or is outside.
 *
 * Source: R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Transactions on
 * Acoustics, Speech and Signal Processing 29, 1981.
 *
 * @param sourceOf from a pixel of the result to a place in the raster, both counted from pixel centers.
 * @param valueAt another way to a value between pixels; null without data.
 */
export function resampleRaster(
  raster: Raster,
  size: { width: number; height: number },
  sourceOf: (x: number, y: number) => { x: number; y: number },
  valueAt: (raster: Raster, x: number, y: number) => number | null = cubicConvolution,
): Raster {
  const values = new Float64Array(size.width * size.height);
  const valid = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const source = sourceOf(x, y);
      const value = valueAt(raster, source.x, source.y);
      if (value === null) continue;
      values[y * size.width + x] = value;
      valid[y * size.width + x] = 1;
    }
  }
  return { ...size, values, valid };
}

/** The value at a place; null without data in one of the sixteen pixels around it. */
export function cubicConvolution(
  { width, height, values, valid }: Raster,
  x: number,
  y: number,
): number | null {
  const [left, top] = [floor(x), floor(y)];
  // Also refuses what is not a number.
  if (!(left >= 1 && top >= 1 && left < width - 2 && top < height - 2)) return null;
  let total = 0;
  for (let row = top - 1; row <= top + 2; row++) {
    let sum = 0;
    for (let column = left - 1; column <= left + 2; column++) {
      const pixel = row * width + column;
      if (valid?.[pixel] === 0) return null;
      sum += keys(x - column) * values[pixel]!;
    }
    total += keys(y - row) * sum;
  }
  return total;
}

function keys(distance: number): number {
  const d = abs(distance);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}
