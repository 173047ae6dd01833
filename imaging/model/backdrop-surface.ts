import { solveLeastSquares } from '../../maths/least-squares.ts';

/** Width of the frame that is taken for backdrop, of the shorter side. */
const FRAME = 0.05;
/** Frame pixels that are looked at; more say nothing new. */
const SAMPLES = 800;
/** Rounds in which what does not belong to the backdrop, such as a foot on the border, loses its say. */
const ROUNDS = 6;

/** The color of a backdrop everywhere, as its frame tells. */
export interface BackdropSurface {
  /** Row-major, one value a pixel. */
  values: Float32Array;
  /** Typical distance of the frame from the surface: 1.4826 times the median, as a standard deviation. */
  spread: number;
}

/**
 * A surface of second order through the frame of one channel, so that lights may fall off in any
 * direction. Outliers are weighed down by the function of Cauchy, in rounds.
 *
 * Source: P. Huber and E. Ronchetti, "Robust Statistics", 2009, 7.8 (iterated weights).
 */
export function leastSquaresSurface(
  channel: Float32Array,
  width: number,
  height: number,
): BackdropSurface {
  const pixels = framePixels(width, height);
  const rows = pixels.map((i) => terms(i % width, Math.floor(i / width), width, height));
  const values = pixels.map((i) => channel[i]!);
  let weights = values.map(() => 1);
  let factors = [0, 0, 0, 0, 0, 0];
  let spread = 0;
  for (let round = 0; round < ROUNDS; round++) {
    factors = solveLeastSquares(rows, values, weights) ?? [mean(values), 0, 0, 0, 0, 0];
    const distances = rows.map((row, i) => Math.abs(values[i]! - dot(row, factors)));
    const sorted = distances.toSorted((a, b) => a - b);
    spread = 1.4826 * sorted[sorted.length >> 1]!;
    const scale = Math.max(spread, 1e-3);
    weights = distances.map((distance) => 1 / (1 + (distance / (2 * scale)) ** 2));
  }
  const surface = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      surface[y * width + x] = dot(terms(x, y, width, height), factors);
    }
  }
  return { values: surface, spread };
}

/** Places count from -1 to 1, which keeps the squares as large as the rest. */
function terms(column: number, row: number, width: number, height: number): number[] {
  const x = (2 * (column + 0.5)) / width - 1;
  const y = (2 * (row + 0.5)) / height - 1;
  return [1, x, y, x * x, x * y, y * y];
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function framePixels(width: number, height: number): number[] {
  const band = Math.max(1, Math.round(FRAME * Math.min(width, height)));
  const all: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromBorder = Math.min(x, y, width - 1 - x, height - 1 - y);
      if (fromBorder < band) all.push(y * width + x);
    }
  }
  const step = Math.max(1, all.length / SAMPLES);
  return Array.from(
    { length: Math.floor(all.length / step) },
    (_, k) => all[Math.floor(k * step)]!,
  );
}
