import type { Terrain } from './ground.ts';

/** Heights on a raster whose rows run from north to south. */
export interface HeightGrid {
  /** Row-major, `rows` x `columns`, meters. */
  heights: ArrayLike<number>;
  columns: number;
  rows: number;
  /** Outer edge of the upper-left pixel, meters. */
  west: number;
  north: number;
  /** Size of a pixel, meters, both positive. */
  cellEast: number;
  cellNorth: number;
  /** Stands for an unknown height; null when none does. */
  noData: number | null;
}

/**
 * Heights between the centers of the pixels, bilinear. Null outside the centers of the outer pixels, and
 * where one of the four pixels around has no height.
 *
 * @throws {RangeError} when the grid has no pixels of a positive size.
 */
export function terrainOf(grid: HeightGrid): Terrain {
  const { heights, columns, rows, west, north, cellEast, cellNorth, noData } = grid;
  if (!(cellEast > 0 && cellNorth > 0 && columns * rows === heights.length)) {
    throw new RangeError(
      `Cannot read heights as ${columns} x ${rows} pixels of a positive size are needed: found ${heights.length} of ${cellEast} x ${cellNorth} m`,
    );
  }
  return (east, position) => {
    const x = (east - west) / cellEast - 0.5;
    const y = (north - position) / cellNorth - 0.5;
    if (!(x >= 0 && y >= 0 && x <= columns - 1 && y <= rows - 1)) return null;
    const column = Math.min(Math.floor(x), Math.max(0, columns - 2));
    const row = Math.min(Math.floor(y), Math.max(0, rows - 2));
    const [right, down] = [Math.min(column + 1, columns - 1), Math.min(row + 1, rows - 1)];
    const corners = [
      heights[row * columns + column]!,
      heights[row * columns + right]!,
      heights[down * columns + column]!,
      heights[down * columns + right]!,
    ] as const;
    if (corners.some((height) => !Number.isFinite(height) || height === noData)) return null;
    const [fx, fy] = [x - column, y - row];
    const upper = corners[0] * (1 - fx) + corners[1] * fx;
    const lower = corners[2] * (1 - fx) + corners[3] * fx;
    return upper * (1 - fy) + lower * fy;
  };
}
