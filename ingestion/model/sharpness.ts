import { BlurSums, REACH } from './blur-sums.ts';
import { LaplacianSums, type Lines } from './laplacian-sums.ts';

/** Writes the luminance of one row, from `start` on; the scale does not matter. */
export type ReadRow = (row: number, to: Float64Array, start: number) => void;

/** What neighboring pixels tell. */
export interface Sharpness {
  /** Perceptual blur of edges that are met going down, and going right. */
  blurAlongRows: number;
  blurAlongColumns: number;
  laplacianVariance: number;
}

/** Rows that one position is judged by, with those in between. */
const ROWS = 2 * REACH + 1;
/**
 * Samples between two rows that are kept. Rows of 1024 samples would without it all begin at one place of
 * the processor's cache, and drive each other out: that takes half as long again.
 */
const GAP = 24;

/**
 * Sharpness of an image, in one pass over its rows: only those are kept that a position is judged by, which
 * stay near the processor. Borders are mirrored.
 *
 * @example
 * sharpnessOf(64, 64, (_row, to, start) => to.fill(0.5, start, start + 64)).blurAlongRows; // 1
 */
export function sharpnessOf(width: number, height: number, readRow: ReadRow): Sharpness {
  const stride = width + GAP;
  const luminance = new Float64Array(ROWS * stride);
  const across = new Float64Array(ROWS * stride);
  const down = new Float64Array(width + 2 * REACH);
  const startOf = (row: number) => (row % ROWS) * stride;
  const [rows, columns, laplacian] = [new BlurSums(), new BlurSums(), new LaplacianSums()];
  let known = 0;
  for (let y = 0; y < height; y++) {
    for (; known < Math.min(y + REACH + 1, height); known++) {
      readRow(known, luminance, startOf(known));
      smoothAcross(luminance, startOf(known), across, width);
    }
    if (y === 0 || y === height - 1) continue;
    const lines = { above: startOf(y - 1), at: startOf(y), below: startOf(y + 1) };
    laplacian.add(luminance, lines, width);
    if (y === 1) continue;
    rows.add(across, (step) => startOf(mirror(y + step, height)), width);
    smoothDown(luminance, lines, down, width);
    columns.add(down, (step) => REACH + step, width);
  }
  return {
    blurAlongRows: rows.blur,
    blurAlongColumns: columns.blur,
    laplacianVariance: laplacian.variance,
  };
}

/** Sums of each sample of a row, twice, and both its neighbors; the ends are mirrored. */
function smoothAcross(luminance: Float64Array, start: number, to: Float64Array, width: number) {
  const last = start + width - 1;
  for (let i = start + 1; i < last; i++) {
    to[i] = luminance[i - 1]! + 2 * luminance[i]! + luminance[i + 1]!;
  }
  for (const x of [0, width - 1]) {
    const [left, right] = [mirror(x - 1, width), mirror(x + 1, width)];
    to[start + x] =
      luminance[start + left]! + 2 * luminance[start + x]! + luminance[start + right]!;
  }
}

/** Sums of each sample, twice, and those above and below it, in a line whose ends are mirrored. */
function smoothDown(
  luminance: Float64Array,
  { above, at, below }: Lines,
  line: Float64Array,
  width: number,
) {
  for (let x = 0; x < width; x++) {
    line[REACH + x] = luminance[above + x]! + 2 * luminance[at + x]! + luminance[below + x]!;
  }
  for (let step = 1; step <= REACH; step++) {
    line[REACH - step] = line[REACH + mirror(-step, width)]!;
    line[REACH + width - 1 + step] = line[REACH + mirror(width - 1 + step, width)]!;
  }
}

/** Mirrors with the edge sample repeated: c b a | a b c | c b a. */
function mirror(index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  const turn = 2 * length;
  const folded = ((index % turn) + turn) % turn;
  return folded < length ? folded : turn - 1 - folded;
}
