/**
 * Variance of the Laplacian of four neighbors, over all pixels that have four.
 *
 * A number that people know. It says more about the content than about the focus (a lawn has a
 * fifth of what trees have), so nothing is decided by it.
 *
 * @param luminance row-major, `height` × `width`, one value a pixel, 0 to 1.
 * @returns 0 for an image with no inner pixel.
 *
 * @example
 * laplacianVariance(new Float64Array(9).fill(0.5), 3, 3); // 0
 */
export function laplacianVariance(luminance: Float64Array, width: number, height: number): number {
  const pixels = (width - 2) * (height - 2);
  if (width < 3 || height < 3) return 0;
  let sum = 0;
  let sumOfSquares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const laplacian =
        luminance[i - width]! +
        luminance[i - 1]! +
        luminance[i + 1]! +
        luminance[i + width]! -
        4 * luminance[i]!;
      sum += laplacian;
      sumOfSquares += laplacian * laplacian;
    }
  }
  const mean = sum / pixels;
  // A constant image may round to a hair below zero.
  return Math.max(0, sumOfSquares / pixels - mean * mean);
}
