/** Where a row and its neighbors begin. */
export interface Lines {
  above: number;
  at: number;
  below: number;
}

/**
 * Variance of the Laplacian of four neighbors, over all pixels that have four.
 *
 * A number that people know. It says more about the content than about the focus (a lawn has a
 * fifth of what trees have), so nothing is decided by it.
 */
export class LaplacianSums {
  private pixels = 0;
  /** Of the values, and of their squares; an array for the reason that `BlurSums` has. */
  private readonly sums = new Float64Array(2);

  /** 0 of an image with no inner pixel. */
  get variance(): number {
    if (this.pixels === 0) return 0;
    const [values = 0, squares = 0] = this.sums;
    const mean = values / this.pixels;
    // A constant image may round to a hair below zero.
    return Math.max(0, squares / this.pixels - mean * mean);
  }

  /** Adds the inner pixels of a row, of 0 to 1. */
  add(luminance: Float64Array, { above, at, below }: Lines, width: number): void {
    let values = this.sums[0]!;
    let squares = this.sums[1]!;
    for (let x = 1; x < width - 1; x++) {
      const beside = luminance[at + x - 1]! + luminance[at + x + 1]!;
      const upright = luminance[above + x]! + luminance[below + x]!;
      const laplacian = upright + beside - 4 * luminance[at + x]!;
      values += laplacian;
      squares += laplacian * laplacian;
    }
    this.pixels += Math.max(0, width - 2);
    this.sums[0] = values;
    this.sums[1] = squares;
  }
}
