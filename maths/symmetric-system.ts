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
