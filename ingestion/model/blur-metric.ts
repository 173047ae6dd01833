/** Samples of the moving average that blurs the image for comparison. */
const WINDOW = 11;
const HALF = (WINDOW - 1) / 2;

/**
 * Perceptual blur metric: how little an image changes when it is blurred along one axis.
 *
 * 0 is sharp, 1 is featureless. Unlike the variance of the Laplacian it hardly depends on what is
 * seen, so images of one flight can be compared. Borders are mirrored; two leading and one trailing
 * rows and columns are left out. An image without any edge counts as 1.
 *
 * Source: F. Crete, T. Dolmiere, P. Ladret and M. Nicolas, "The blur effect: perception and
 * estimation with a new no-reference perceptual blur metric", SPIE 6492, 2007.
 *
 * @param luminance row-major, `height` × `width`, one value a pixel; the scale does not matter.
 * @returns the larger value of the two axes.
 *
 * @example
 * blurMetric(new Float64Array(64 * 64).fill(0.5), 64, 64); // 1
 */
export function blurMetric(luminance: Float64Array, width: number, height: number): number {
  return Math.max(
    blurAlongRows(luminance, width, height),
    blurAlongColumns(luminance, width, height),
  );
}

/** The metric for edges that are met going down, from row to row. */
export function blurAlongRows(luminance: Float64Array, width: number, height: number): number {
  const smooth = new Float64Array(luminance.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const left = luminance[row + mirror(x - 1, width)]!;
      const right = luminance[row + mirror(x + 1, width)]!;
      smooth[row + x] = left + 2 * luminance[row + x]! + right;
    }
  }
  const rowAt = offsets(height, width);
  const sums = { edges: 0, lost: 0 };
  for (let y = 2; y < height - 1; y++) {
    const at = around(rowAt, y);
    for (let x = 2; x < width - 1; x++) compare(smooth, at, x, sums);
  }
  return blurOf(sums);
}

/** The metric for edges that are met going right, from column to column. */
export function blurAlongColumns(luminance: Float64Array, width: number, height: number): number {
  const smooth = new Float64Array(luminance.length);
  for (let y = 0; y < height; y++) {
    const above = mirror(y - 1, height) * width;
    const row = y * width;
    const below = mirror(y + 1, height) * width;
    for (let x = 0; x < width; x++) {
      smooth[row + x] = luminance[above + x]! + 2 * luminance[row + x]! + luminance[below + x]!;
    }
  }
  const columnAt = offsets(width, 1);
  const sums = { edges: 0, lost: 0 };
  const columns = Array.from({ length: width }, (_, x) => around(columnAt, x));
  for (let y = 2; y < height - 1; y++) {
    for (let x = 2; x < width - 1; x++) compare(smooth, columns[x]!, y * width, sums);
  }
  return blurOf(sums);
}

function blurOf({ edges, lost }: { edges: number; lost: number }): number {
  return edges === 0 ? 1 : (edges - lost) / edges;
}

/** Where the six samples stand that one position is judged by. */
interface Around {
  next: number;
  before: number;
  far1: number;
  far2: number;
  near1: number;
  near2: number;
}

/**
 * Adds one pixel to the sums.
 *
 * The slope of a moving average is the difference of the samples that enter and leave the window,
 * so that the blurred image itself is never made.
 */
function compare(
  smooth: Float64Array,
  at: Around,
  base: number,
  sums: { edges: number; lost: number },
): void {
  const edge = Math.abs(smooth[base + at.next]! - smooth[base + at.before]!);
  const entered = smooth[base + at.far1]! + smooth[base + at.far2]!;
  const left = smooth[base + at.near1]! + smooth[base + at.near2]!;
  const blurred = Math.abs(entered - left) / WINDOW;
  sums.edges += edge;
  if (edge > blurred) sums.lost += edge - blurred;
}

/** Offsets of the positions -HALF-1 to length+HALF, mirrored at both ends. */
function offsets(length: number, stride: number): Int32Array {
  const padded = new Int32Array(length + 2 * (HALF + 1));
  for (let i = 0; i < padded.length; i++) padded[i] = mirror(i - HALF - 1, length) * stride;
  return padded;
}

function around(padded: Int32Array, position: number): Around {
  const at = (step: number) => padded[position + step + HALF + 1]!;
  return {
    next: at(1),
    before: at(-1),
    far1: at(HALF + 1),
    far2: at(HALF),
    near1: at(-HALF),
    near2: at(-HALF - 1),
  };
}

/** Mirrors with the edge sample repeated: c b a | a b c | c b a. */
function mirror(index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  const turn = 2 * length;
  const folded = ((index % turn) + turn) % turn;
  return folded < length ? folded : turn - 1 - folded;
}
