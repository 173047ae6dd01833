/** Turns the median absolute deviation into the sigma of a normal distribution. */
const NORMAL = 1.4826;

/** The middle of the values in order, or the mean of the two in the middle; null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Normalized median absolute deviation: a sigma that a few gross errors do not move; null of nothing.
 *
 * @example
 * nmad([1, 2, 3, 4, 100]); // 1.4826
 */
export function nmad(values: readonly number[]): number | null {
  const center = median(values);
  if (center === null) return null;
  return NORMAL * median(values.map((value) => Math.abs(value - center)))!;
}
