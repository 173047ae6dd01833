import { median } from './robust.ts';

/** Count, least, middle and greatest of some values; null of none. */
export type Spread = { n: number; minimum: number; median: number; maximum: number } | null;

/** How values lie: count, least, middle, greatest; null of nothing. Does not depend on their order. */
export function spreadOf(values: readonly number[]): Spread {
  const middle = median(values);
  if (middle === null) return null;
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const value of values) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return { n: values.length, minimum, median: middle, maximum };
}
