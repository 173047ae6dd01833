import { type ComplexPlane, complexPlane, fourier, powerOfTwoFrom } from './fourier.ts';
import { taperBesideMask } from './mask-taper.ts';
import type { Raster } from './raster.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { cos, sin, sqrt, PI } = Math;

/** Cycles a pixel: above, what pixels alias outweighs what they show, and pulls shifts to whole pixels. */
const MAX_FREQUENCY = 0.4;
/** Share of a side over which the window rises at either end. */
const EDGE = 0.25;
/** Two equal images agree on everything, and no frequency may count for more than all others. */
const MAX_COHERENCE = 1 - 1e-4;
/** Independent samples of a ring below which its coherence says nothing. */
const MIN_SAMPLES = 2;
const ITERATIONS = 4;
const CONVERGED = 1e-6;

/** A shift that the phases of two images agree on. */
export interface PhaseFit {
  x: number;
  y: number;
  /** Pixels, along an axis, by how well the images agree; what they alias is not in it. */
  standardError: number;
}

/**
 * The shift of the target against the reference by which the phases of their spectra fit best, each
 * frequency weighed by how surely it tells: the estimate of maximum likelihood.
 *
 * The coherence of both is measured on rings of equal frequency, so that what noise, season or sensor
 * made different counts little, and the window moves along with the content, so that it pulls nothing
 * towards zero. Light and dark may be swapped as a whole.
 *
 * Source: C. Knapp and G. Carter, "The generalized correlation method for estimation of time delay", IEEE
 * Transactions on Acoustics, Speech and Signal Processing 24, 1976.
 *
 * @param target of the same size, its content less than a pixel off; see `start`.
 * @param start where the content of the target lies to some tenths of a pixel.
 * @returns null when no frequency tells anything.
 */
export function fitPhases(
  reference: Raster,
  target: Raster,
  start: { x: number; y: number },
): PhaseFit | null {
  const windowed = windowBoth(reference, target, start);
  if (windowed === null) return null;
  const bins = crossBins(fourier(windowed.plane), windowed.share);
  let { x, y } = start;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = stepTo(bins, x, y);
    if (step === null) return null;
    x += step.x;
    y += step.y;
    const isLast = iteration === ITERATIONS - 1;
    if (isLast || Math.hypot(step.x, step.y) < CONVERGED) {
      return { x, y, standardError: step.standardError };
    }
  }
  return null;
}

/** Both windows as the real and the imaginary part of one plane, as one transform serves both. */
function windowBoth(
  reference: Raster,
  target: Raster,
  { x: dx, y: dy }: { x: number; y: number },
): { plane: ComplexPlane; share: number } | null {
  const { width, height } = reference;
  const plane = complexPlane(powerOfTwoFrom(width), powerOfTwoFrom(height));
  const kept = taperBesideMask(validInBoth(reference, target), width, height);
  const [acrossA, downA] = [rise(width, 0), rise(height, 0)];
  const [acrossB, downB] = [rise(width, dx), rise(height, dy)];
  let [sumA, sumB, weightsA, weightsB, squares, fourths] = [0, 0, 0, 0, 0, 0];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const keep = kept[pixel]!;
      if (keep === 0) continue;
      const a = keep * acrossA[x]! * downA[y]!;
      const b = keep * acrossB[x]! * downB[y]!;
      sumA += a * reference.values[pixel]!;
      sumB += b * target.values[pixel]!;
      weightsA += a;
      weightsB += b;
      squares += a * a;
      fourths += a * a * a * a;
    }
  }
  if (weightsA === 0 || weightsB === 0) return null;
  const [meanA, meanB] = [sumA / weightsA, sumB / weightsB];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const keep = kept[pixel]!;
      if (keep === 0) continue;
      const to = 2 * (y * plane.width + x);
      plane.values[to] = keep * acrossA[x]! * downA[y]! * (reference.values[pixel]! - meanA);
      plane.values[to + 1] = keep * acrossB[x]! * downB[y]! * (target.values[pixel]! - meanB);
    }
  }
  return { plane, share: (squares * squares) / fourths / (plane.width * plane.height) };
}

function validInBoth(reference: Raster, target: Raster): Uint8Array {
  const valid = new Uint8Array(reference.width * reference.height).fill(1);
  for (const mask of [reference.valid, target.valid]) {
    if (mask === null) continue;
    for (let pixel = 0; pixel < valid.length; pixel++) if (mask[pixel] === 0) valid[pixel] = 0;
  }
  return valid;
}

/** From 0 at the edge to 1 a quarter of the side inside, moved by some of a pixel. */
function rise(size: number, shift: number): Float64Array {
  return Float64Array.from({ length: size }, (_, index) => {
    const place = (index + 0.5 - shift) / size;
    const inside = Math.min(place, 1 - place) / EDGE;
    if (inside <= 0) return 0;
    return inside >= 1 ? 1 : 0.5 - 0.5 * cos(PI * inside);
  });
}

/** One half of the frequencies, as the other holds the same: target times the conjugate of reference. */
interface CrossBins {
  count: number;
  real: Float64Array;
  imaginary: Float64Array;
  column: Uint16Array;
  row: Uint16Array;
  ring: Uint16Array;
  rings: { bins: number; level: number }[];
  width: number;
  height: number;
  /** Independent samples a bin, as the window is smaller than the plane. */
  share: number;
}

function crossBins({ width, height, values }: ComplexPlane, share: number): CrossBins {
  const most = (width * height) / 2 + height;
  const [real, imaginary] = [new Float64Array(most), new Float64Array(most)];
  const [column, row, ring] = [new Uint16Array(most), new Uint16Array(most), new Uint16Array(most)];
  const ringCount = Math.max(width, height) / 2;
  const powers = Array.from({ length: ringCount + 1 }, () => ({ bins: 0, a: 0, b: 0 }));
  let count = 0;
  for (let v = 0; v < height; v++) {
    const fv = frequency(v, height);
    const mirrorRow = ((height - v) % height) * width;
    for (let u = 0; u <= width / 2; u++) {
      const fu = frequency(u, width);
      const square = fu * fu + fv * fv;
      if (square === 0 || square > MAX_FREQUENCY ** 2 || (u === 0 && fv < 0)) continue;
      const here = 2 * (v * width + u);
      const mirror = 2 * (mirrorRow + ((width - u) % width));
      const ar = values[here]! + values[mirror]!;
      const ai = values[here + 1]! - values[mirror + 1]!;
      const br = values[here + 1]! + values[mirror + 1]!;
      const bi = values[mirror]! - values[here]!;
      const index = Math.round(sqrt(square) * ringCount);
      real[count] = br * ar + bi * ai;
      imaginary[count] = bi * ar - br * ai;
      [column[count], row[count], ring[count]] = [u, v, index];
      const power = powers[index]!;
      power.bins++;
      power.a += ar * ar + ai * ai;
      power.b += br * br + bi * bi;
      count++;
    }
  }
  const rings = powers.map(({ bins, a, b }) => ({ bins, level: sqrt(a * b) }));
  return { count, real, imaginary, column, row, ring, rings, width, height, share };
}

/** Newton's step from a shift, with weights from the coherence at that shift. */
function stepTo(
  bins: CrossBins,
  x: number,
  y: number,
): { x: number; y: number; standardError: number } | null {
  const { count, real, imaginary, column, row, ring, rings, width, height } = bins;
  const [across, down] = [waves(width, x), waves(height, y)];
  const [turnedReal, turnedImaginary] = [new Float64Array(count), new Float64Array(count)];
  const sums = new Float64Array(rings.length);
  for (let bin = 0; bin < count; bin++) {
    const [u, v] = [2 * column[bin]!, 2 * row[bin]!];
    const c = across[u]! * down[v]! - across[u + 1]! * down[v + 1]!;
    const s = across[u]! * down[v + 1]! + across[u + 1]! * down[v]!;
    turnedReal[bin] = real[bin]! * c - imaginary[bin]! * s;
    turnedImaginary[bin] = real[bin]! * s + imaginary[bin]! * c;
    sums[ring[bin]!]! += turnedReal[bin]!;
  }
  const { weights, information } = ringWeights(bins, sums);
  let [gx, gy, hxx, hxy, hyy, jxx, jxy, jyy] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let bin = 0; bin < count; bin++) {
    const weight = weights[ring[bin]!]!;
    if (weight === 0) continue;
    const kx = 2 * PI * frequency(column[bin]!, width);
    const ky = 2 * PI * frequency(row[bin]!, height);
    const slope = weight * turnedImaginary[bin]!;
    const bend = weight * turnedReal[bin]!;
    gx += kx * slope;
    gy += ky * slope;
    hxx += kx * kx * bend;
    hxy += kx * ky * bend;
    hyy += ky * ky * bend;
    const known = information[ring[bin]!]!;
    jxx += kx * kx * known;
    jxy += kx * ky * known;
    jyy += ky * ky * known;
  }
  const determinant = hxx * hyy - hxy * hxy;
  const knowledge = jxx * jyy - jxy * jxy;
  // Not the top of a hill.
  if (!(determinant > 0 && hxx > 0 && knowledge > 0)) return null;
  return {
    x: (hxy * gy - hyy * gx) / determinant,
    y: (hxy * gx - hxx * gy) / determinant,
    standardError: sqrt((jxx + jyy) / 2 / knowledge),
  };
}

/** By the share c of the power that both have in common: c / (1 - c) of what a bin tells. */
function ringWeights({ rings, share }: CrossBins, sums: Float64Array) {
  const total = sums.reduce((sum, value, ring) => {
    const { level } = rings[ring]!;
    return level === 0 ? sum : sum + (rings[ring]!.bins * value) / level;
  }, 0);
  const sign = total < 0 ? -1 : 1;
  const weights = new Float64Array(rings.length);
  const information = new Float64Array(rings.length);
  for (const [ring, { bins, level }] of rings.entries()) {
    const samples = bins * share;
    const agreement = level === 0 ? 0 : (sign * sums[ring]!) / level;
    if (samples < MIN_SAMPLES || agreement <= 0) continue;
    // Few samples agree by chance: so many that one of `samples` is left out.
    const unbiased = (agreement * agreement * samples - 1) / (samples - 1);
    const coherence = Math.min(unbiased, MAX_COHERENCE);
    if (coherence <= 0) continue;
    weights[ring] = (sign * bins * sqrt(coherence)) / (1 - coherence) / level;
    information[ring] = (2 * share * coherence) / (1 - coherence);
  }
  return { weights, information };
}

/** exp(i k shift) for each frequency of a side. */
function waves(size: number, shift: number): Float64Array {
  const out = new Float64Array(2 * size);
  for (let index = 0; index < size; index++) {
    const phase = 2 * PI * frequency(index, size) * shift;
    out[2 * index] = cos(phase);
    out[2 * index + 1] = sin(phase);
  }
  return out;
}

/** Cycles a pixel. */
function frequency(index: number, size: number): number {
  return (index <= size / 2 ? index : index - size) / size;
}
