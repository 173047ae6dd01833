import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';

/** The normal equations N x = g of a least squares problem with few unknowns. */
export class NormalEquations {
  /** Row-major, `unknowns` x `unknowns`; only the lower half is kept up to date. */
  private readonly normal: Float64Array;
  private readonly right: Float64Array;
  private readonly unknowns: number;

  constructor(unknowns: number) {
    this.unknowns = unknowns;
    this.normal = new Float64Array(unknowns * unknowns);
    this.right = new Float64Array(unknowns);
  }

  /** Adds one equation: `slopes` times x is `miss`, with a weight of one over its variance. */
  add(slopes: ArrayLike<number>, miss: number, weight: number): void {
    for (let row = 0; row < this.unknowns; row++) {
      const weighted = weight * slopes[row]!;
      this.right[row]! += weighted * miss;
      for (let column = 0; column <= row; column++) {
        this.normal[row * this.unknowns + column]! += weighted * slopes[column]!;
      }
    }
  }

  /** Adds the equation that one unknown is `miss`, as a prior does. */
  addToUnknown(index: number, miss: number, weight: number): void {
    this.normal[index * this.unknowns + index]! += weight;
    this.right[index]! += weight * miss;
  }

  /**
   * The step of Levenberg and Marquardt: N with its diagonal enlarged by the share `damping`.
   *
   * @returns null when some unknown is not determined.
   */
  solve(damping: number): number[] | null {
    const decomposition = new CholeskyDecomposition(this.matrix(1 + damping));
    if (!decomposition.isPositiveDefinite()) return null;
    return decomposition.solve(Matrix.columnVector(this.right)).to1DArray();
  }

  /** The inverse of N: variances and covariances of the unknowns, row by row. */
  cofactors(): number[][] {
    return inverse(this.matrix(1)).to2DArray();
  }

  private matrix(onDiagonal: number): Matrix {
    const n = this.unknowns;
    const matrix = Matrix.zeros(n, n);
    for (let row = 0; row < n; row++) {
      for (let column = 0; column <= row; column++) {
        const value = this.normal[row * n + column]! * (row === column ? onDiagonal : 1);
        matrix.set(row, column, value);
        matrix.set(column, row, value);
      }
    }
    return matrix;
  }
}
