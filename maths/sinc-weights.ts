/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { round, sin, sqrt, PI } = Math;

/** Pixels on either side of a place that its value is made of. */
export const REACH = 4;
export const TAPS = 2 * REACH;
/** Places between two pixels that weights are kept for: the nearest is at most 1/8192 of a pixel off. */
const STEPS = 4096;
/** The shape of the window: up to 0.35 cycles a pixel it moves nothing by more than 0.02 pixels. */
const BETA = 5;

let weights: Float64Array | undefined;

/** The weights of a windowed sinc for all places between two pixels, eight a place; see `firstWeight`. */
export function sincWeights(): Float64Array {
  return (weights ??= allWeights());
}

/** Where the eight weights start of a place that lies a fraction, 0 to below 1, behind the fourth pixel. */
export function firstWeight(fraction: number): number {
  return TAPS * round(STEPS * fraction);
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
