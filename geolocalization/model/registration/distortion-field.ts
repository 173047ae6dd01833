import type { Point } from './shift-model.ts';

/** Standard deviation of the weights, in cells: about what a window, wider than a cell, sees. */
const BANDWIDTH_CELLS = 1;
/** Cells whose middle lies farther than this from every residual, in cells, stay empty. */
const REACH_CELLS = 2;
/** Along each axis: many more than the windows of any comparison, but for a long and narrow one. */
const MAX_CELLS = 256;

/** Square cells on a grid; places are pixels of that grid, right and down, from the center of a pixel. */
export interface FieldCells {
  /** The middle of the first cell, in the upper left. */
  first: Point;
  /** Side of a cell, pixels. */
  side: number;
  columns: number;
  rows: number;
}

/** What a model leaves at a place: by how many meters content still lies too far east and north. */
export interface GroundResidual {
  at: Point;
  east: number;
  north: number;
}

/** Row-major from the upper left, meters; NaN in empty cells. */
export interface DistortionField extends FieldCells {
  east: Float64Array;
  north: Float64Array;
}

/**
 * Cells with a window's middle in the middle of each, over all windows that lie a step apart on a regular
 * grid. With more than 256 cells along an axis they are made larger.
 *
 * @param places the middles of the windows, at least one.
 */
export function cellsOver(places: readonly Point[]): FieldCells {
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const [across, down] = [Math.max(...xs) - x, Math.max(...ys) - y];
  const step = Math.min(leastGap(xs), leastGap(ys));
  const side = Math.max(Number.isFinite(step) ? step : 1, Math.max(across, down) / (MAX_CELLS - 1));
  const count = (length: number) => Math.min(MAX_CELLS, Math.round(length / side) + 1);
  return { first: { x, y }, side, columns: count(across), rows: count(down) };
}

/**
 * The distortion that a model leaves, as a field: in each cell the mean of the residuals, weighted by a
 * Gaussian of their distance from its middle, with a standard deviation of one cell. Cells farther than two
 * cells from every residual are empty.
 *
 * It smooths: what is narrower than a cell is flattened, and along the rim of the residuals a trend is drawn
 * toward the inside by what it changes over half a cell. The order of the residuals does not matter, not in
 * a single bit.
 *
 * Source: kernel regression, E. A. Nadaraya, "On estimating regression", 1964; G. S. Watson, "Smooth
 * regression analysis", 1964.
 */
export function distortionField(
  residuals: readonly GroundResidual[],
  cells: FieldCells,
): DistortionField {
  const { first, side, columns, rows } = cells;
  const ordered = residuals.toSorted(byPlace);
  const perSquare = -1 / (2 * (BANDWIDTH_CELLS * side) ** 2);
  const farthest = (REACH_CELLS * side) ** 2;
  const east = new Float64Array(columns * rows).fill(Number.NaN);
  const north = new Float64Array(columns * rows).fill(Number.NaN);
  for (let cell = 0; cell < columns * rows; cell++) {
    const x = first.x + (cell % columns) * side;
    const y = first.y + Math.floor(cell / columns) * side;
    let [weights, toEast, toNorth, nearest] = [0, 0, 0, Infinity];
    for (const residual of ordered) {
      const square = (residual.at.x - x) ** 2 + (residual.at.y - y) ** 2;
      const weight = Math.exp(perSquare * square);
      nearest = Math.min(nearest, square);
      weights += weight;
      toEast += weight * residual.east;
      toNorth += weight * residual.north;
    }
    if (nearest > farthest) continue;
    east[cell] = toEast / weights;
    north[cell] = toNorth / weights;
  }
  return { ...cells, east, north };
}

/** Root mean square and largest length over the cells that are not empty, meters, and how many those are. */
export function distortionFigures({ east, north }: Pick<DistortionField, 'east' | 'north'>): {
  rmsMeters: number;
  largestMeters: number;
  cells: number;
} {
  let [squares, largest, cells] = [0, 0, 0];
  for (const [cell, value] of east.entries()) {
    if (Number.isNaN(value)) continue;
    const square = value * value + north[cell]! * north[cell]!;
    squares += square;
    largest = Math.max(largest, square);
    cells++;
  }
  return {
    rmsMeters: Math.sqrt(squares / Math.max(1, cells)),
    largestMeters: Math.sqrt(largest),
    cells,
  };
}

/** Between neighbors among different values; infinite when there is but one. */
function leastGap(values: readonly number[]): number {
  const different = [...new Set(values)].sort((a, b) => a - b);
  return Math.min(...different.slice(1).map((value, index) => value - different[index]!));
}

function byPlace(a: GroundResidual, b: GroundResidual): number {
  return a.at.y - b.at.y || a.at.x - b.at.x || a.east - b.east || a.north - b.north;
}
