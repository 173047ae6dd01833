import { mean } from '../../../maths/mean.ts';
import { LuDecomposition, Matrix } from 'ml-matrix';
import type { ControlModel, GroundControl } from '../../../contracts/scene-placement.ts';

export type SplineModel = Extract<ControlModel, { kind: 'thin-plate-spline' }>;

/** A thin plate through control points, or near them. */
export interface SplineFit {
  model: SplineModel;
  /** By how much each point is off when it is left out, in the unit of the map. */
  leaveOneOut: [x: number, y: number][];
}

/**
 * The thin-plate spline through control points: the surface of least bending, one for each coordinate of the
 * map. With `smoothing` it may miss them, for less bending; the limit is a plane.
 *
 * The error of each point without it comes from the same matrix: its weight over its own element of the
 * inverse.
 *
 * Source: F. Bookstein, Principal warps, IEEE PAMI 11 (6), 1989; S. Rippa, An algorithm for selecting a good
 * value for the parameter c, Advances in Computational Mathematics 11, 1999, for leaving one out; G. Wahba,
 * Spline models for observational data, 1990, for smoothing.
 *
 * @param points three or more, not on a line and no two at the same pixel.
 * @param smoothing not negative; added to the diagonal in coordinates whose mean distance from the middle is 1.
 * @returns null when the points do not determine it.
 */
export function fitSpline(points: readonly GroundControl[], smoothing = 0): SplineFit | null {
  const count = points.length;
  if (count < 3) return null;
  const origin = {
    column: mean(points.map(({ column }) => column)),
    row: mean(points.map(({ row }) => row)),
  };
  const scale = mean(
    points.map(({ column, row }) => Math.hypot(column - origin.column, row - origin.row)),
  );
  if (!(scale > 0)) return null;
  const anchors = points.map(({ column, row }): [number, number] => [
    (column - origin.column) / scale,
    (row - origin.row) / scale,
  ]);
  const decomposition = new LuDecomposition(systemOf(anchors, smoothing));
  if (decomposition.isSingular()) return null;
  const inverse = decomposition.solve(Matrix.eye(count + 3));
  const middle = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))] as const;
  const offs = points.map(({ x, y }) => [x - middle[0], y - middle[1]]);
  const right = new Matrix([...offs, [0, 0], [0, 0], [0, 0]]);
  const solved = decomposition.solve(right);
  const axis = (at: 0 | 1) => ({
    constant: middle[at] + solved.get(count, at),
    perU: solved.get(count + 1, at),
    perV: solved.get(count + 2, at),
    weights: Array.from({ length: count }, (_, index) => solved.get(index, at)),
  });
  const [x, y] = [axis(0), axis(1)];
  const isWhole = [...x.weights, ...y.weights, x.perU, y.perU].every(Number.isFinite);
  if (!isWhole) return null;
  return {
    model: { kind: 'thin-plate-spline', origin, scale, anchors, x, y },
    leaveOneOut: anchors.map((_, index) => {
      const own = inverse.get(index, index);
      return [x.weights[index]! / own, y.weights[index]! / own];
    }),
  };
}

/** Distances between all points, and the plane that no bending is needed for. */
function systemOf(anchors: readonly (readonly [number, number])[], smoothing: number): Matrix {
  const count = anchors.length;
  const system = Matrix.zeros(count + 3, count + 3);
  for (const [row, [u, v]] of anchors.entries()) {
    for (let column = 0; column < row; column++) {
      const [otherU, otherV] = anchors[column]!;
      const square = (u - otherU) ** 2 + (v - otherV) ** 2;
      const bending = square === 0 ? 0 : square * Math.log(square);
      system.set(row, column, bending);
      system.set(column, row, bending);
    }
    system.set(row, row, smoothing);
    for (const [at, value] of [1, u, v].entries()) {
      system.set(row, count + at, value);
      system.set(count + at, row, value);
    }
  }
  return system;
}
