/**
 * The value below which a share of the values lies, by linear interpolation at position (n - 1) share;
 * null of nothing.
 *
 * @param share 0 to 1.
 * @throws {RangeError} when `share` is out of range.
 *
 * @example
 * percentile([1, 2, 3, 4, 5], 0.9); // 4.6
 */
export function percentile(values: readonly number[], share: number): number | null {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`Cannot rank values as the share must be 0 to 1: found ${share}`);
  }
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
