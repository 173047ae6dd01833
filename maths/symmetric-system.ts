/**
 * A large symmetric, positive definite system A x = b, most of whose entries are zero.
 *
 * Cholesky's decomposition within the profile: what lies before the first entry of a row stays zero, so it
 * costs neither time nor is it touched. Blocks of a flight have entries near the diagonal only, as images
 * share points with their neighbors. General decompositions of dense matrices take several times as long.
 *
 * Source: A. George and J. Liu, "Computer solution of large sparse positive definite systems", 1981.
 */
export class SymmetricSystem {
  readonly size: number;
  readonly right: Float64Array;
  /** Row-major; only entries up to the diagonal count. */
  private readonly lower: Float64Array;
  /** Column of the first entry of each row. */
  private readonly first: Int32Array;

  constructor(size: number) {
    this.size = size;
    this.right = new Float64Array(size);
    this.lower = new Float64Array(size * size);
    this.first = Int32Array.from({ length: size }, (_, row) => row);
  }

  /** Adds to an entry and, as the system is symmetric, to its mirror image. */
  add(a: number, b: number, value: number): void {
    const [row, column] = a >= b ? [a, b] : [b, a];
    this.lower[row * this.size + column]! += value;
    if (column < this.first[row]!) this.first[row] = column;
  }

  /**
   * Adds one equation to the normal equations: `slopes` times the unknowns is `miss`.
   *
   * @param unknowns indices in ascending order, one a slope.
   * @param weight one over the variance of the equation.
   */
  addEquation(unknowns: Int32Array, slopes: Float64Array, miss: number, weight: number): void {
    const { size, lower, right, first } = this;
    const leading = unknowns[0]!;
    for (let a = 0; a < unknowns.length; a++) {
      const unknown = unknowns[a]!;
      const weighted = weight * slopes[a]!;
      const row = unknown * size;
      right[unknown]! += weighted * miss;
      for (let b = 0; b <= a; b++) lower[row + unknowns[b]!]! += weighted * slopes[b]!;
      if (leading < first[unknown]!) first[unknown] = leading;
    }
  }

  /**
   * Takes away what remains of unknowns that were eliminated three at a time: the lower half of A B^t, which
   * has to be symmetric.
   *
   * @param unknowns `count` indices in ascending order, starting at `from`.
   * @param a three values for each, from the start.
   * @param b three values for each, starting at 3 x `from`.
   */
  subtractProduct(
    unknowns: Int32Array,
    from: number,
    count: number,
    a: Float64Array,
    b: Float64Array,
  ): void {
    const { size, lower, first } = this;
    const leading = unknowns[from]!;
    for (let i = 0; i < count; i++) {
      const unknown = unknowns[from + i]!;
      const row = unknown * size;
      const x = a[3 * i]!;
      const y = a[3 * i + 1]!;
      const z = a[3 * i + 2]!;
      for (let j = 0, k = 3 * from; j <= i; j++, k += 3) {
        lower[row + unknowns[from + j]!]! -= x * b[k]! + y * b[k + 1]! + z * b[k + 2]!;
      }
      if (leading < first[unknown]!) first[unknown] = leading;
    }
  }

  /** A copy of the diagonal. */
  diagonal(): Float64Array {
    return Float64Array.from({ length: this.size }, (_, k) => this.lower[k * this.size + k]!);
  }

  /**
   * Solves the system, and overwrites it on the way.
   *
   * @returns null when the matrix is not positive definite: some unknown is not determined.
   */
  solve(): Float64Array | null {
    if (!this.decompose()) return null;
    const { size, lower, first } = this;
    const x = Float64Array.from(this.right);
    for (let row = 0; row < size; row++) {
      let sum = x[row]!;
      for (let k = first[row]!; k < row; k++) sum -= lower[row * size + k]! * x[k]!;
      x[row] = sum / lower[row * size + row]!;
    }
    for (let row = size - 1; row >= 0; row--) {
      const value = x[row]! / lower[row * size + row]!;
      x[row] = value;
      for (let k = first[row]!; k < row; k++) x[k]! -= lower[row * size + k]! * value;
    }
    return x;
  }

  private decompose(): boolean {
    const { size, lower, first } = this;
    for (let row = 0; row < size; row++) {
      const at = row * size;
      for (let column = first[row]!; column <= row; column++) {
        const other = column * size;
        let sum = lower[at + column]!;
        for (let k = Math.max(first[row]!, first[column]!); k < column; k++) {
          sum -= lower[at + k]! * lower[other + k]!;
        }
        if (column < row) lower[at + column] = sum / lower[other + column]!;
        else if (sum > 0) lower[at + row] = Math.sqrt(sum);
        else return false;
      }
    }
    return true;
  }
}
