import type { PixelMeasures } from '../../contracts/flight.ts';

/** Levels of the histogram. */
export const LEVELS = 256;
const BRIGHTEST = LEVELS - 1;
const CLIPPED_LOW = 5;
const CLIPPED_HIGH = 250;

/** The part of the measures that a histogram tells. */
export type Exposure = Omit<PixelMeasures, 'blur' | 'laplacianVariance'>;

/**
 * Brightness of an image, from how often each of the 256 levels occurs.
 *
 * A percentile is the first level that at least that share of the pixels does not exceed.
 *
 * @param histogram 256 counts, of black first.
 * @throws {RangeError} for another number of levels, or none counted.
 *
 * @example
 * exposure(countsOfLevels({ 0: 50, 255: 50 })).meanLuminance; // 0.5
 */
export function exposure(histogram: Uint32Array): Exposure {
  if (histogram.length !== LEVELS) {
    throw new RangeError(
      `Cannot judge the exposure as ${LEVELS} levels are needed: found ${histogram.length}`,
    );
  }
  const pixels = histogram.reduce((sum, count) => sum + count, 0);
  if (pixels === 0) throw new RangeError('Cannot judge the exposure as 1 pixel is needed: found 0');
  let weighted = 0;
  let entropy = 0;
  let low = 0;
  let high = 0;
  histogram.forEach((count, level) => {
    if (count === 0) return;
    const share = count / pixels;
    weighted += share * level;
    entropy -= share * Math.log2(share);
    if (level <= CLIPPED_LOW) low += share;
    if (level >= CLIPPED_HIGH) high += share;
  });
  return {
    meanLuminance: weighted / BRIGHTEST,
    percentile1: levelAt(histogram, 0.01 * pixels) / BRIGHTEST,
    percentile99: levelAt(histogram, 0.99 * pixels) / BRIGHTEST,
    clipLow: low,
    clipHigh: high,
    entropy: entropy === 0 ? 0 : entropy,
  };
}

function levelAt(histogram: Uint32Array, rank: number): number {
  let below = 0;
  for (let level = 0; level < LEVELS; level++) {
    below += histogram[level]!;
    // Without the margin, 0.01 of 700 pixels would be 8 of them: 0.01 * 700 is 7.000000000000001.
    if (below >= rank - 1e-9) return level;
  }
  return BRIGHTEST;
}
