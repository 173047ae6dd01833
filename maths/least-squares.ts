import { Matrix, QrDecomposition } from 'ml-matrix';

/**
 * The unknowns x that bring `rows` x closest to `values`, each row counting by its weight.
 *
 * By QR, which keeps twice the digits of the normal equations.
 *
 * @param rows one a value, all of the same length; no more unknowns than rows.
 * @param weights not negative; by default 1 each.
 * @returns null when the rows do not determine all unknowns.
 *
 * @example
 * solveLeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5]); // [1, 2]
 */
export function solveLeastSquares(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights?: readonly number[],
): number[] | null {
  const unknowns = rows[0]?.length ?? 0;
  if (unknowns === 0 || rows.length < unknowns) return null;
  const roots = rows.map((_, index) => Math.sqrt(weights?.[index] ?? 1));
  const decomposition = new QrDecomposition(
    new Matrix(rows.map((row, index) => row.map((value) => value * roots[index]!))),
  );
  const scale = Math.max(...rows.flatMap((row) => row.map(Math.abs)));
  const diagonal = decomposition.upperTriangularMatrix.diagonal();
  if (!diagonal.every((value) => Math.abs(value) > 1e-12 * scale)) return null;
  const right = Matrix.columnVector(values.map((value, index) => value * roots[index]!));
  return decomposition.solve(right).getColumn(0);
}
