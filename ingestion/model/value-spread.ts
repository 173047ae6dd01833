import type { FlightGeometry } from '../../contracts/flight.ts';
import { median } from '../../maths/robust.ts';

type Spread = FlightGeometry['gsd'];

/** Digits that are kept: what stands behind them says nothing, and differs between machines. */
const DIGITS = 6;

/** Least, middle and greatest of some values; null of none. */
export function valueSpread(values: readonly number[]): Spread {
  const middle = median(values);
  if (middle === null) return null;
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const value of values) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return {
    n: values.length,
    minimum: rounded(minimum),
    median: rounded(middle),
    maximum: rounded(maximum),
  };
}

/** Keeps the digits that mean something. */
export function rounded(value: number, digits = DIGITS): number {
  // Without the sum a small negative number would become -0, which JSON does not tell from 0.
  return Number(value.toFixed(digits)) + 0;
}
