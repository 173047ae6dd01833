/**
 * A sum without rounding error, as a list of numbers whose exact sum it is. The first is the sum rounded
 * to the nearest number, the next what that leaves, and so on; nothing is the sum 0. Of equal sums the
 * lists are equal, whatever the order and grouping in which they came about, so they can be stored,
 * merged and digested.
 */
export type ExactSum = readonly number[];

/**
 * Adds values exactly. Merging is the same: the exact sum of the parts of several sums.
 *
 * Compensated addition gives a result that depends, in its last digit, on the order and on how the values
 * were grouped into pages; this one does not.
 *
 * Source: J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast robust geometric
 * predicates", Discrete & Computational Geometry 18, 1997; the last rounding as in Python's math.fsum.
 *
 * @throws {RangeError} when a value is not finite.
 *
 * @example
 * exactSum([1e100, 1, -1e100]); // [1]
 */
export function exactSum(values: Iterable<number>): ExactSum {
  const partials: number[] = [];
  for (const value of values) {
    if (!Number.isFinite(value)) {
      throw new RangeError(`Cannot add values as they must be finite: found ${value}`);
    }
    addTo(partials, value);
  }
  const canonical: number[] = [];
  for (let value = rounded(partials); value !== 0; value = rounded(partials)) {
    canonical.push(value);
    addTo(partials, -value);
  }
  return canonical;
}

/** The sum, rounded once to the nearest number. */
export function valueOfSum(sum: ExactSum): number {
  return sum[0] ?? 0;
}

/** Keeps the partials such that none overlaps another in its digits, the smallest first. */
function addTo(partials: number[], value: number): void {
  let kept = 0;
  let carry = value;
  for (const partial of partials) {
    const [large, small] =
      Math.abs(carry) < Math.abs(partial) ? [partial, carry] : [carry, partial];
    const sum = large + small;
    const lost = small - (sum - large);
    if (lost !== 0) partials[kept++] = lost;
    carry = sum;
  }
  partials.length = kept;
  if (carry !== 0) partials.push(carry);
}

function rounded(partials: readonly number[]): number {
  let index = partials.length - 1;
  let sum = partials[index] ?? 0;
  let lost = 0;
  while (index > 0 && lost === 0) {
    const before = sum;
    const partial = partials[--index]!;
    sum = before + partial;
    lost = partial - (sum - before);
  }
  // Half way between two numbers, what is left below decides.
  const below = partials[index - 1] ?? 0;
  if ((lost < 0 && below < 0) || (lost > 0 && below > 0)) {
    const further = sum + 2 * lost;
    if (further - sum === 2 * lost) return further;
  }
  return sum;
}
