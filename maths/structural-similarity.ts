import type { Raster } from './raster.ts';

/** Pixels of the squares that are compared. */
const SIDE = 8;
const STEP = 4;
const K1 = 0.01;
const K2 = 0.03;

/**
 * Mean structural similarity of two rasters of one size: 1 when they are the same, around 0 when they have
 * nothing in common, below when light and dark are swapped.
 *
 * Over squares of 8 x 8 pixels, 4 apart, in which all pixels of both hold data. The range that the
 * constants scale with is that of the reference, from its least to its greatest value.
 *
 * Source: Z. Wang, A. Bovik, H. Sheikh and E. Simoncelli, "Image quality assessment: from error visibility
 * to structural similarity", IEEE Transactions on Image Processing 13, 2004.
 *
 * @returns null when no square can be compared.
 * @throws {RangeError} for rasters of different sizes.
 */
export function structuralSimilarity(reference: Raster, other: Raster): number | null {
  const { width, height } = reference;
  if (other.width !== width || other.height !== height) {
    throw new RangeError(
      `Cannot compare rasters as their sizes have to be the same: found ${width} x ${height} and ${other.width} x ${other.height}`,
    );
  }
  const range = rangeOf(reference);
  const constants = [(K1 * range) ** 2, (K2 * range) ** 2] as const;
  let [sum, count] = [0, 0];
  for (let y = 0; y + SIDE <= height; y += STEP) {
    for (let x = 0; x + SIDE <= width; x += STEP) {
      const similarity = ofSquare(reference, other, x, y, constants);
      if (similarity === null) continue;
      sum += similarity;
      count++;
    }
  }
  return count === 0 ? null : sum / count;
}

function ofSquare(
  a: Raster,
  b: Raster,
  x: number,
  y: number,
  [c1, c2]: readonly [number, number],
): number | null {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let row = y; row < y + SIDE; row++) {
    for (let column = x; column < x + SIDE; column++) {
      const pixel = row * a.width + column;
      if (a.valid?.[pixel] === 0 || b.valid?.[pixel] === 0) return null;
      const valueA = a.values[pixel]!;
      const valueB = b.values[pixel]!;
      sumA += valueA;
      sumB += valueB;
      squaresA += valueA * valueA;
      squaresB += valueB * valueB;
      products += valueA * valueB;
    }
  }
  const pixels = SIDE * SIDE;
  const [meanA, meanB] = [sumA / pixels, sumB / pixels];
  const varianceA = squaresA / pixels - meanA * meanA;
  const varianceB = squaresB / pixels - meanB * meanB;
  const covariance = products / pixels - meanA * meanB;
  const divisor = (meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2);
  // Two black squares are the same.
  if (divisor === 0) return 1;
  return ((2 * meanA * meanB + c1) * (2 * covariance + c2)) / divisor;
}

function rangeOf({ values, valid }: Raster): number {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let pixel = 0; pixel < values.length; pixel++) {
    if (valid?.[pixel] === 0) continue;
    const value = values[pixel]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return greatest > least ? greatest - least : 0;
}
