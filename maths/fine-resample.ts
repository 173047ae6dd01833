import type { Raster } from './raster.ts';
import { cubicConvolution, resampleRaster } from './resample.ts';
import { firstWeight, REACH, sincWeights, TAPS } from './sinc-weights.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { floor } = Math;

/**
 * The raster seen through another grid, as `resampleRaster`, for comparisons to hundredths of a pixel: cubic
 * convolution moves fine detail by up to a tenth of a pixel towards the nearest pixel, which a windowed
 * sinc of 8 x 8 pixels does not. Where one of those has no data, or is outside, cubic convolution steps in.
 *
 * Source: J. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", IEEE
 * International Symposium on Circuits and Systems, 1974.
 *
 * @param sourceOf from a pixel of the result to a place in the raster, both counted from pixel centers.
 */
export function resampleFinely(
  raster: Raster,
  size: { width: number; height: number },
  sourceOf: (x: number, y: number) => { x: number; y: number },
): Raster {
  return resampleRaster(
    raster,
    size,
    sourceOf,
    (from, x, y) => windowedSinc(from, x, y) ?? cubicConvolution(from, x, y),
  );
}

function windowedSinc({ width, height, values, valid }: Raster, x: number, y: number) {
  const left = floor(x) - REACH + 1;
  const top = floor(y) - REACH + 1;
  // Also refuses what is not a number.
  if (!(left >= 0 && top >= 0 && left + TAPS <= width && top + TAPS <= height)) return null;
  const weights = sincWeights();
  const across = firstWeight(x - floor(x));
  const down = firstWeight(y - floor(y));
  let total = 0;
  for (let row = 0; row < TAPS; row++) {
    const start = (top + row) * width + left;
    let sum = 0;
    for (let column = 0; column < TAPS; column++) {
      if (valid !== null && valid[start + column] === 0) return null;
      sum += weights[across + column]! * values[start + column]!;
    }
    total += weights[down + row]! * sum;
  }
  return total;
}
