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

/** After so many samples others may have their turn. */
const SAMPLES_AT_ONCE = 2 ** 18;

/**
 * Compares two images sample by sample, and yields on its way.
 *
 * @param full the value of white.
 * @param channels interleaved, equal for both.
 * @param threshold difference that does not count yet, 0 to 1.
 * @throws {RangeError} when they are not of the same length.
 */
export function* imageDifference(
  before: Uint8Array | Uint16Array,
  after: Uint8Array | Uint16Array,
  { channels, full, threshold }: { channels: number; full: number; threshold: number },
): Generator<void, ImageDifference> {
  if (before.length !== after.length) {
    throw new RangeError(
      `Cannot compare as the images must be of one size: found ${before.length} and ${after.length} samples`,
    );
  }
  const pixels = before.length / channels;
  const step = Math.ceil(SAMPLES_AT_ONCE / channels);
  const total: Totals = { sum: 0, squares: 0, largest: 0, changed: 0 };
  for (let from = 0; from < pixels; from += step) {
    const to = Math.min(pixels, from + step);
    addDifferences(total, before, after, { channels, from, to, limit: threshold * full });
    yield;
  }
  const { sum, squares, largest, changed } = total;
  const map = new Uint8Array(pixels);
  for (let from = 0; largest > 0 && from < pixels; from += step) {
    const to = Math.min(pixels, from + step);
    drawDifferences(map, before, after, { channels, from, to, largest });
    yield;
  }
  const meanSquare = squares / before.length / full ** 2;
  return {
    changed: changed / pixels,
    mean: sum / before.length / full,
    largest: largest / full,
    psnr: meanSquare === 0 ? null : -10 * Math.log10(meanSquare),
    map,
  };
}

interface Totals {
  sum: number;
  squares: number;
  largest: number;
  changed: number;
}

function addDifferences(
  total: Totals,
  before: Uint8Array | Uint16Array,
  after: Uint8Array | Uint16Array,
  { channels, from, to, limit }: { channels: number; from: number; to: number; limit: number },
): void {
  let { sum, squares, largest, changed } = total;
  for (let i = from, at = from * channels; i < to; i++) {
    let here = 0;
    for (let k = 0; k < channels; k++, at++) {
      const difference = Math.abs(after[at]! - before[at]!);
      sum += difference;
      squares += difference * difference;
      if (difference > here) here = difference;
    }
    if (here > largest) largest = here;
    if (here > limit) changed++;
  }
  Object.assign(total, { sum, squares, largest, changed });
}

/** Computed once more: kept for a hundred megapixels, the differences would take 400 megabytes. */
function drawDifferences(
  map: Uint8Array,
  before: Uint8Array | Uint16Array,
  after: Uint8Array | Uint16Array,
  { channels, from, to, largest }: { channels: number; from: number; to: number; largest: number },
): void {
  for (let i = from, at = from * channels; i < to; i++) {
    let here = 0;
    for (let k = 0; k < channels; k++, at++) {
      here = Math.max(here, Math.abs(after[at]! - before[at]!));
    }
    map[i] = (here / largest) * 255 + 0.5;
  }
}
