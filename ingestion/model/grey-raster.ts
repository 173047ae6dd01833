/** Grey pixels of 8 bits: row-major, one value a pixel, 0 black to 255 white. */
export interface GreyRaster {
  width: number;
  height: number;
  samples: Uint8Array;
}

/**
 * The raster averaged over a grid: every pixel counts for the cells that it lies in, in whole pixels. Values
 * are those of the raster, not rounded.
 *
 * @example
 * // Left half black, right half white:
 * averageGrid(raster, 2, 1); // [0, 255]
 */
export function averageGrid(
  { width, height, samples }: GreyRaster,
  columns: number,
  rows: number,
): Float64Array {
  const means = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = cellOf(row, rows, height);
    for (let column = 0; column < columns; column++) {
      const [left, right] = cellOf(column, columns, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += samples[y * width + x]!;
      }
      means[row * columns + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return means;
}

/** At least one pixel, also where the raster is smaller than the grid. */
function cellOf(cell: number, cells: number, pixels: number): [number, number] {
  const from = Math.min(pixels - 1, Math.floor((cell * pixels) / cells));
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * pixels) / cells))];
}

/** Columns and rows of the difference hash: 8 comparisons in each of 8 rows. */
const HASH_COLUMNS = 9;
const HASH_ROWS = 8;

/**
 * Difference hash: of a raster averaged to 9 x 8 cells, whether brightness rises from each cell to the next
 * in its row; 64 bits, row by row, in hexadecimal. Images that look alike differ in few bits.
 *
 * Source: N. Krawetz, "Kind of like that", The Hacker Factor Blog, 2013.
 *
 * @example
 * // Brightness rises to the right everywhere:
 * differenceHash(ramp); // 'ffffffffffffffff'
 */
export function differenceHash(raster: GreyRaster): string {
  const cells = averageGrid(raster, HASH_COLUMNS, HASH_ROWS);
  let hash = '';
  for (let row = 0; row < HASH_ROWS; row++) {
    let bits = 0;
    for (let column = 0; column + 1 < HASH_COLUMNS; column++) {
      const at = row * HASH_COLUMNS + column;
      bits = bits * 2 + (cells[at + 1]! > cells[at]! ? 1 : 0);
    }
    hash += bits.toString(16).padStart(2, '0');
  }
  return hash;
}
