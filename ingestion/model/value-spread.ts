import type { FlightGeometry } from '../../contracts/flight.ts';
import { spreadOf } from '../../maths/value-spread.ts';

/** Digits that are kept: what stands behind them says nothing, and differs between machines. */
const DIGITS = 6;

/** Least, middle and greatest of some values, to the digits that mean something; null of none. */
export function valueSpread(values: readonly number[]): FlightGeometry['gsd'] {
  const spread = spreadOf(values);
  if (spread === null) return null;
  const { n, minimum, median, maximum } = spread;
  return { n, minimum: rounded(minimum), median: rounded(median), maximum: rounded(maximum) };
}

/** Keeps the digits that mean something. */
export function rounded(value: number, digits = DIGITS): number {
  // Without the sum a small negative number would become -0, which JSON does not tell from 0.
  return Number(value.toFixed(digits)) + 0;
}
