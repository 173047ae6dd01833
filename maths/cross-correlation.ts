import { type ComplexPlane, inverseAround } from './fourier.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { sqrt } = Math;

/** Cycles a pixel: higher frequencies are aliased between two samplings of the same ground. */
const MAX_FREQUENCY = 0.45;
/** Pixels around a peak that belong to it. */
const PEAK_RADIUS = 3;
const MAX_RATIO = 1000;

/** The highest value of a correlation, and how far it stands out. */
export interface CorrelationPeak {
  /** Whole pixels from the reference to the target. */
  x: number;
  y: number;
  /** Peak by the highest value farther than 3 pixels from it; at most 1000. */
  ratio: number;
  /** Peak to sidelobe ratio: (peak - mean) / standard deviation of those values. */
  peakToSidelobe: number;
  /** The true peak may lie outside of the search. */
  isAtEdge: boolean;
}

/** The spectrum of a correlation: it holds nothing at high frequencies. */
export interface CrossSpectrum extends ComplexPlane {
  /** For each row the last column that holds something, and so does the one as far before the end; -1 for none. */
  lastColumns: Int32Array;
}

/**
 * The spectrum of a correlation: target times the conjugate of reference, without frequencies above 0.45
 * cycles a pixel.
 *
 * @param reference its transform, of the same size as that of the target.
 * @param isLeveled divides by the root of the magnitude: halfway from a plain to a phase correlation.
 */
export function crossSpectrum(
  reference: ComplexPlane,
  target: ComplexPlane,
  isLeveled: boolean,
): CrossSpectrum {
  const { width, height } = reference;
  const values = new Float64Array(2 * width * height);
  const lastColumns = lastColumnsOf(width, height);
  for (let v = 0; v < height; v++) {
    const last = lastColumns[v]!;
    for (const [first, end] of columnsUpTo(last, width)) {
      for (let u = first; u < end; u++) {
        const index = 2 * (v * width + u);
        const a = reference.values[index]!;
        const b = reference.values[index + 1]!;
        const c = target.values[index]!;
        const d = target.values[index + 1]!;
        const real = a * c + b * d;
        const imaginary = a * d - b * c;
        const power = real * real + imaginary * imaginary;
        if (power === 0) continue;
        const weight = isLeveled ? 1 / sqrt(sqrt(power)) : 1;
        values[index] = weight * real;
        values[index + 1] = weight * imaginary;
      }
    }
  }
  return { width, height, values, lastColumns };
}

/** From where to where a row of a spectrum holds something: frequencies from zero up, then those below. */
export function columnsUpTo(last: number, width: number): [first: number, end: number][] {
  return last < 0
    ? []
    : [
        [0, last + 1],
        [width - last, width],
      ];
}

const knownColumns = new Map<string, Int32Array>();

/** Few sizes of planes are in use. */
function lastColumnsOf(width: number, height: number): Int32Array {
  const key = `${width} ${height}`;
  const known = knownColumns.get(key);
  if (known !== undefined) return known;
  const last = new Int32Array(height).fill(-1);
  for (let v = 0; v < height; v++) {
    const fv = (v <= height / 2 ? v : v - height) / height;
    for (let u = 0; u <= width / 2; u++) {
      const fu = u / width;
      if (fu * fu + fv * fv <= MAX_FREQUENCY ** 2) last[v] = u;
    }
  }
  knownColumns.set(key, last);
  return last;
}

/**
 * The highest peak of the correlation with shifts up to `radius` along each axis.
 *
 * @param radius whole pixels, below half of the plane's sides.
 */
export function correlationPeak(spectrum: ComplexPlane, radius: number): CorrelationPeak {
  const side = 2 * radius + 1;
  const plane = inverseAround(spectrum, radius);
  const at = (x: number, y: number) => plane[(y + radius) * side + x + radius]!;
  let [bestX, bestY, best] = [0, 0, Number.NEGATIVE_INFINITY];
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      if (at(x, y) > best) [bestX, bestY, best] = [x, y, at(x, y)];
    }
  }
  let [count, sum, squares, second] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      if ((x - bestX) ** 2 + (y - bestY) ** 2 <= PEAK_RADIUS ** 2) continue;
      const value = at(x, y);
      count++;
      sum += value;
      squares += value * value;
      if (value > second) second = value;
    }
  }
  const mean = count === 0 ? 0 : sum / count;
  const spread = count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean));
  return {
    x: bestX,
    y: bestY,
    ratio: best <= 0 ? 0 : Math.min(MAX_RATIO, second <= 0 ? MAX_RATIO : best / second),
    peakToSidelobe: spread === 0 ? 0 : (best - mean) / spread,
    isAtEdge: Math.max(Math.abs(bestX), Math.abs(bestY)) >= radius,
  };
}
