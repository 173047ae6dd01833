/** How two images of one size differ; samples count from 0 to 1. */
export interface ImageDifference {
  /** Share of the pixels of which a channel differs by more than the threshold. */
  changed: number;
  /** Mean of the absolute differences. */
  mean: number;
  largest: number;
  /** Peak signal to noise, decibels; null for equal images. */
  psnr: number | null;
  /** Largest difference of a channel of each pixel, 0 to 255, stretched so that the largest is 255. */
  map: Uint8Array;
}

/**
 * Compares two images sample by sample.
 *
 * @param full the value of white.
 * @param channels interleaved, equal for both.
 * @param threshold difference that does not count yet, 0 to 1.
 * @throws {RangeError} when they are not of the same length.
 */
export function imageDifference(
  before: Uint8Array | Uint16Array,
  after: Uint8Array | Uint16Array,
  { channels, full, threshold }: { channels: number; full: number; threshold: number },
): ImageDifference {
  if (before.length !== after.length) {
    throw new RangeError(
      `Cannot compare as the images must be of one size: found ${before.length} and ${after.length} samples`,
    );
  }
  const pixels = before.length / channels;
  const most = new Float32Array(pixels);
  let [sum, squares, largest, changed] = [0, 0, 0, 0];
  for (let i = 0, at = 0; i < pixels; i++) {
    let here = 0;
    for (let k = 0; k < channels; k++, at++) {
      const difference = Math.abs(after[at]! - before[at]!);
      sum += difference;
      squares += difference * difference;
      if (difference > here) here = difference;
    }
    most[i] = here;
    if (here > largest) largest = here;
    if (here > threshold * full) changed++;
  }
  const map = new Uint8Array(pixels);
  if (largest > 0) for (let i = 0; i < pixels; i++) map[i] = (most[i]! / largest) * 255 + 0.5;
  const meanSquare = squares / before.length / full ** 2;
  return {
    changed: changed / pixels,
    mean: sum / before.length / full,
    largest: largest / full,
    psnr: meanSquare === 0 ? null : -10 * Math.log10(meanSquare),
    map,
  };
}
