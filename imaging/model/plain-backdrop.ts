import type { Guide } from './color-lines.ts';
import { leastSquaresSurface } from './backdrop-surface.ts';
import type { SubjectMask } from './subject-mask.ts';

/** A shadow on the backdrop is darker than it: that counts for less than another color. */
const SHADE_WEIGHT = 0.4;
/** Spread of the backdrop around its surface, of the range of colors, above which it is not plain. */
const PLAIN_SPREAD = 0.03;
/** Distance from the backdrop that a subject has at least. */
const LEAST_DISTANCE = 0.1;
const BINS = 256;

/**
 * Finds what stands before a plain backdrop, without any learned weights.
 *
 * The backdrop is a smooth surface through the colors of the frame; subject is what differs from it, with
 * holes where the backdrop is seen through. A scene whose frame has texture is none for this method: it
 * sees no subject there rather than a wrong one.
 */
export function plainBackdropMask(guide: Guide): SubjectMask {
  const { width, height } = guide;
  const channels = [guide.red, guide.green, guide.blue];
  const surfaces = channels.map((channel) => leastSquaresSurface(channel, width, height));
  const spread = Math.max(...surfaces.map((surface) => surface.spread));
  const distance = new Float32Array(width * height);
  for (let i = 0; i < distance.length; i++) {
    const steps = channels.map((channel, k) => channel[i]! - surfaces[k]!.values[i]!);
    const shade = (steps[0]! + steps[1]! + steps[2]!) / 3;
    const color = Math.hypot(steps[0]! - shade, steps[1]! - shade, steps[2]! - shade);
    distance[i] = Math.hypot(color, Math.sqrt(3) * shade * (shade < 0 ? SHADE_WEIGHT : 1));
  }
  const largest = distance.reduce((most, value) => Math.max(most, value), 0);
  if (spread > PLAIN_SPREAD || largest < LEAST_DISTANCE) {
    return { values: distance.fill(0), confidence: 0, coverage: 0 };
  }
  const threshold = Math.max(4 * spread, Math.min(otsuThreshold(distance, largest), 0.5 * largest));
  const values = distance.map((value) => ramp(value, 0.5 * threshold, threshold));
  const covered = values.reduce((count, value) => count + (value > 0.5 ? 1 : 0), 0);
  return {
    values,
    confidence: 1 - spread / PLAIN_SPREAD / 2,
    coverage: covered / values.length,
  };
}

function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/**
 * The value that parts two groups best: the largest variance between their means.
 *
 * Source: N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on
 * Systems, Man and Cybernetics 9, 1979.
 *
 * @param values 0 to `largest`.
 */
export function otsuThreshold(values: Float32Array, largest: number): number {
  const histogram = new Float64Array(BINS);
  for (const value of values) {
    histogram[Math.min(BINS - 1, Math.floor((value / largest) * BINS))]!++;
  }
  const total = histogram.reduce((sum, count, bin) => sum + count * bin, 0);
  let [below, sum, best, threshold] = [0, 0, -1, 0];
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += histogram[bin]!;
    sum += histogram[bin]! * bin;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sum / below - (total - sum) / above) ** 2;
    if (between > best) [best, threshold] = [between, bin];
  }
  return ((threshold + 1) / BINS) * largest;
}
