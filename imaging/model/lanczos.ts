/** Lobes of the kernel on each side. */
const LOBES = 3;

/** Source samples of a sample of a longer line. */
const ENLARGING_TAPS = 2 * LOBES + 1;

/** Source samples that one sample of the result is made of, and how much each counts. */
interface Taps {
  /** First source sample of each result sample. */
  first: Int32Array;
  /** `count` weights for each result sample, one after the other; those of one sample add up to 1. */
  weights: Float32Array;
  count: number;
}

/**
 * Weights that bring a line of `from` samples to `to` samples.
 *
 * Pixels are areas: the center of sample i lies at i + 0.5, so that a picture keeps its place at every
 * scale. When the line gets shorter the kernel gets wider by the same factor, which keeps fine patterns
 * from turning into coarse ones. At the ends the kernel is cut off and its rest is scaled up to 1.
 *
 * Source: C. Duchon, "Lanczos filtering in one and two dimensions", Journal of Applied Meteorology 18,
 * 1979; ends and centers as in the imaging library Pillow.
 */
function lanczosTaps(from: number, to: number): Taps {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = LOBES * stretch;
  const count = Math.min(from, Math.ceil(reach) * 2 + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.floor(center - reach + 0.5));
    const end = Math.min(from, Math.floor(center + reach + 0.5));
    // Weights past the last sample stay 0: the window is moved so that it lies inside of the line.
    const shifted = Math.min(start, from - count);
    first[i] = shifted;
    let sum = 0;
    for (let at = start; at < end; at++) sum += kernel((at + 0.5 - center) / stretch);
    for (let at = start; at < end; at++) {
      weights[i * count + at - shifted] = kernel((at + 0.5 - center) / stretch) / sum;
    }
  }
  return { first, weights, count };
}

function kernel(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

/** One value per pixel, row-major. */
export interface Plane {
  values: Float32Array;
  width: number;
  height: number;
}

/**
 * Brings a plane to another size by Lanczos interpolation with three lobes.
 *
 * Values may overshoot at edges by some percent of the step: clamp them where they have a range.
 *
 * @example
 * resizePlane({ values: Float32Array.of(0, 1), width: 2, height: 1 }, 1, 1).values; // [0.5]
 */
export function resizePlane(plane: Plane, width: number, height: number): Plane {
  if (plane.width === width && plane.height === height) return plane;
  const across = resizeRows(plane, lanczosTaps(plane.width, width), width);
  return resizeColumns(across, lanczosTaps(plane.height, height), height);
}

function resizeRows({ values, width: from, height }: Plane, taps: Taps, width: number): Plane {
  const { first, weights, count } = taps;
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = y * from;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      const base = row + first[x]!;
      const weight = x * count;
      for (let k = 0; k < count; k++) sum += values[base + k]! * weights[weight + k]!;
      result[y * width + x] = sum;
    }
  }
  return { values: result, width, height };
}

function resizeColumns({ values, width }: Plane, taps: Taps, height: number): Plane {
  const { first, weights, count } = taps;
  const result = new Float32Array(width * height);
  if (count === ENLARGING_TAPS) {
    for (let y = 0; y < height; y++) {
      const row = result.subarray(y * width, (y + 1) * width);
      const lines = values.subarray(first[y]! * width, (first[y]! + count) * width);
      weighLines(row, lines, weights.subarray(y * count, (y + 1) * count));
    }
    return { values: result, width, height };
  }
  for (let y = 0; y < height; y++) {
    const target = y * width;
    for (let k = 0; k < count; k++) {
      const weight = weights[y * count + k]!;
      if (weight === 0) continue;
      const source = (first[y]! + k) * width;
      for (let x = 0; x < width; x++) result[target + x]! += values[source + x]! * weight;
    }
  }
  return { values: result, width, height };
}

/** All lines in one pass, as masks are enlarged to millions of pixels: line by line takes twice as long. */
function weighLines(row: Float32Array, lines: Float32Array, weights: Float32Array): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = weights;
  const step = row.length;
  for (let x = 0; x < step; x++) {
    row[x] =
      lines[x]! * a +
      lines[x + step]! * b +
      lines[x + 2 * step]! * c +
      lines[x + 3 * step]! * d +
      lines[x + 4 * step]! * e +
      lines[x + 5 * step]! * f +
      lines[x + 6 * step]! * g;
  }
}
