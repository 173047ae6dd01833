/** Samples of the moving average that blurs the image for comparison. */
const WINDOW = 11;
const HALF = (WINDOW - 1) / 2;
/** Samples beside a position that it is judged by. */
const REACH = HALF + 1;
/** Rows that one position is judged by, with those in between. */
const ROWS = 2 * REACH + 1;

/** Pixels of the longest row that is taken. */
export const LONGEST_ROW = 1024;

// Memory of the image in work: rows of luminance, the same smoothed along the row, and one line smoothed down.
// It stands here, and not in the calls, as the compiler then knows where it lies and how long it is: that takes
// a third of the time off. Nothing waits in between, so no two images meet in it.
const luminance = new Float64Array(ROWS * LONGEST_ROW);
const across = new Float64Array(ROWS * LONGEST_ROW);
const down = new Float64Array(LONGEST_ROW + 2 * REACH);
/** Of the Laplacian: its values, and their squares. */
const laplacian = new Float64Array(2);
/** All edges, and twice what blurring takes from them. */
const edgesDown = new Float64Array(2);
const edgesRight = new Float64Array(2);

/** Writes the luminance of one row, 0 to 1, from `start` on. */
export type ReadRow = (row: number, to: Float64Array, start: number) => void;

/** What neighboring pixels tell. */
export interface Sharpness {
  /** Perceptual blur of edges that are met going down from row to row, and going right. */
  blurAlongRows: number;
  blurAlongColumns: number;
  laplacianVariance: number;
}

/**
 * Sharpness of an image, in one pass over its rows. Borders are mirrored.
 *
 * Perceptual blur is how little an image changes when it is blurred along one axis: 0 is sharp, 1 is
 * featureless. Unlike the variance of the Laplacian it hardly depends on what is seen, so images of one flight
 * can be compared. Two leading and one trailing rows and columns are left out. An image without any edge counts
 * as 1.
 *
 * The variance of the Laplacian of four neighbors, over all pixels that have four, is a number that people
 * know. It says more about the content than about the focus (a lawn has a fifth of what trees have), so nothing
 * is decided by it. It is 0 where no pixel has four neighbors.
 *
 * Source: F. Crete, T. Dolmiere, P. Ladret and M. Nicolas, "The blur effect: perception and
 * estimation with a new no-reference perceptual blur metric", SPIE 6492, 2007.
 *
 * @throws {RangeError} for rows of more than 1024 pixels.
 *
 * @example
 * sharpnessOf(64, 64, (_row, to, start) => to.fill(0.5, start, start + 64)).blurAlongRows; // 1
 */
export function sharpnessOf(width: number, height: number, readRow: ReadRow): Sharpness {
  if (width > LONGEST_ROW) {
    throw new RangeError(
      `Cannot measure sharpness as rows may have ${LONGEST_ROW} pixels: found ${width}`,
    );
  }
  for (const sums of [laplacian, edgesDown, edgesRight]) sums.fill(0);
  let known = 0;
  for (let y = 0; y < height; y++) {
    for (; known < Math.min(y + REACH + 1, height); known++) {
      readRow(known, luminance, startOf(known));
      smoothAcross(startOf(known), width);
    }
    if (y === 0 || y === height - 1) continue;
    smoothDown(startOf(y - 1), startOf(y), startOf(y + 1), width);
    if (y === 1) continue;
    const at = (step: number) => startOf(mirror(y + step, height));
    addDown(at(1), at(-1), at(HALF + 1), at(HALF), at(-HALF), at(-HALF - 1), width);
    addRight(width);
  }
  return {
    blurAlongRows: blurOf(edgesDown),
    blurAlongColumns: blurOf(edgesRight),
    laplacianVariance: varianceOf(laplacian, Math.max(0, width - 2) * Math.max(0, height - 2)),
  };
}

/** Where the samples of a row begin: only as many rows are kept as a position is judged by. */
function startOf(row: number): number {
  return (row % ROWS) * LONGEST_ROW;
}

// Loops over a row stand in functions of their own: they are compiled within the first image, where a loop over
// the image is still interpreted at its end.

/** Sums of each sample of a row, twice, and both its neighbors; the ends are mirrored. */
function smoothAcross(start: number, width: number): void {
  const last = start + width - 1;
  for (let i = start + 1; i < last; i++) {
    across[i] = luminance[i - 1]! + 2 * luminance[i]! + luminance[i + 1]!;
  }
  for (const x of [0, width - 1]) {
    const left = luminance[start + mirror(x - 1, width)]!;
    const right = luminance[start + mirror(x + 1, width)]!;
    across[start + x] = left + 2 * luminance[start + x]! + right;
  }
}

/**
 * Sums of each sample of a row, twice, and those above and below it, in a line whose ends are mirrored; and
 * what the inner samples add to the Laplacian, which has the same neighbors.
 */
function smoothDown(above: number, at: number, below: number, width: number): void {
  let [values, squares] = [laplacian[0]!, laplacian[1]!];
  const last = width - 1;
  for (let x = 0; x < width; x++) {
    const upright = luminance[above + x]! + luminance[below + x]!;
    const middle = luminance[at + x]!;
    down[REACH + x] = upright + 2 * middle;
    if (x === 0 || x === last) continue;
    const value = upright + luminance[at + x - 1]! + luminance[at + x + 1]! - 4 * middle;
    values += value;
    squares += value * value;
  }
  laplacian[0] = values;
  laplacian[1] = squares;
  for (let step = 1; step <= REACH; step++) {
    down[REACH - step] = down[REACH + mirror(-step, width)]!;
    down[REACH + last + step] = down[REACH + mirror(last + step, width)]!;
  }
}

// The slope of a moving average is the difference of the samples that enter and leave the window, so that the
// blurred image itself is never made. What is lost is counted as d + |d|, twice the positive part: a condition is
// guessed wrong at every second pixel, which takes longer than all else.

/** Adds the positions of one row, judged by the samples above and below them. */
function addDown(
  next: number,
  before: number,
  far1: number,
  far2: number,
  near1: number,
  near2: number,
  width: number,
): void {
  let [edges, lostTwice] = [edgesDown[0]!, edgesDown[1]!];
  for (let x = 2; x < width - 1; x++) {
    const edge = Math.abs(across[next + x]! - across[before + x]!);
    const entered = across[far1 + x]! + across[far2 + x]!;
    const left = across[near1 + x]! + across[near2 + x]!;
    const lost = edge - Math.abs(entered - left) / WINDOW;
    edges += edge;
    lostTwice += lost + Math.abs(lost);
  }
  edgesDown[0] = edges;
  edgesDown[1] = lostTwice;
}

/** Adds the positions of one row, judged by the samples to their left and right. */
function addRight(width: number): void {
  let [edges, lostTwice] = [edgesRight[0]!, edgesRight[1]!];
  for (let i = REACH + 2; i < REACH + width - 1; i++) {
    const edge = Math.abs(down[i + 1]! - down[i - 1]!);
    const entered = down[i + HALF + 1]! + down[i + HALF]!;
    const left = down[i - HALF]! + down[i - HALF - 1]!;
    const lost = edge - Math.abs(entered - left) / WINDOW;
    edges += edge;
    lostTwice += lost + Math.abs(lost);
  }
  edgesRight[0] = edges;
  edgesRight[1] = lostTwice;
}

function blurOf([edges = 0, lostTwice = 0]: Float64Array): number {
  return edges === 0 ? 1 : (edges - lostTwice / 2) / edges;
}

function varianceOf([values = 0, squares = 0]: Float64Array, pixels: number): number {
  if (pixels === 0) return 0;
  const mean = values / pixels;
  // A constant image may round to a hair below zero.
  return Math.max(0, squares / pixels - mean * mean);
}

/** Mirrors with the edge sample repeated: c b a | a b c | c b a. */
function mirror(index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  const turn = 2 * length;
  const folded = ((index % turn) + turn) % turn;
  return folded < length ? folded : turn - 1 - folded;
}
