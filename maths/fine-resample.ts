import type { Raster } from './raster.ts';
import { cubicConvolution, resampleRaster } from './resample.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { floor, round, sin, sqrt, PI } = Math;

/** Pixels on either side of a place that its value is made of. */
const REACH = 4;
const TAPS = 2 * REACH;
/** Places between two pixels that weights are kept for: the nearest is at most 1/8192 of a pixel off. */
const STEPS = 4096;
/** The shape of the window: up to 0.35 cycles a pixel it moves nothing by more than 0.02 pixels. */
const BETA = 5;

let weights: Float64Array | undefined;

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
  weights ??= allWeights();
  const across = TAPS * round(STEPS * (x - floor(x)));
  const down = TAPS * round(STEPS * (y - floor(y)));
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

/** Eight a place, from the first to the last pixel; they sum to 1. */
function allWeights(): Float64Array {
  const all = new Float64Array(TAPS * (STEPS + 1));
  for (let step = 0; step <= STEPS; step++) {
    let total = 0;
    for (let tap = 0; tap < TAPS; tap++) {
      const distance = step / STEPS + REACH - 1 - tap;
      const weight = sinc(distance) * kaiser(distance / REACH);
      all[TAPS * step + tap] = weight;
      total += weight;
    }
    for (let tap = 0; tap < TAPS; tap++) all[TAPS * step + tap]! /= total;
  }
  return all;
}

function sinc(x: number): number {
  return x === 0 ? 1 : sin(PI * x) / (PI * x);
}

function kaiser(x: number): number {
  return x * x >= 1 ? 0 : bessel(BETA * sqrt(1 - x * x)) / bessel(BETA);
}

/** The modified Bessel function of the first kind and order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
