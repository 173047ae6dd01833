import type { Luminance } from './blur-metric.ts';

/**
 * Variance of the Laplacian of four neighbors, over all pixels that have four.
 *
 * A number that people know. It says more about the content than about the focus (a lawn has a
 * fifth of what trees have), so nothing is decided by it.
 *
 * @returns 0 for a picture with no inner pixel.
 *
 * @example
 * laplacianVariance({ values: new Float64Array(9).fill(0.5), width: 3, height: 3 }); // 0
 */
export function laplacianVariance({ values, width, height }: Luminance): number {
  const pixels = (width - 2) * (height - 2);
  if (width < 3 || height < 3) return 0;
  let sum = 0;
  let sumOfSquares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const laplacian =
        values[i - width]! + values[i - 1]! + values[i + 1]! + values[i + width]! - 4 * values[i]!;
      sum += laplacian;
      sumOfSquares += laplacian * laplacian;
    }
  }
  const mean = sum / pixels;
  // A constant image may round to a hair below zero.
  return Math.max(0, sumOfSquares / pixels - mean * mean);
}
