import { type CrossBins, crossBins } from './cross-bins.ts';
import { type ComplexPlane, fourier, fastSideFrom } from './fourier.ts';
import { taperBesideMask } from './mask-taper.ts';
import type { Raster } from './raster.ts';
import { scratchRoom } from './scratch-room.ts';
import { waves } from './waves.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { cos, sqrt, PI } = Math;

/** Share of a side over which the window rises at either end. */
const EDGE = 0.25;
/** Two equal images agree on everything, and no frequency may count for more than all others. */
const MAX_COHERENCE = 1 - 1e-4;
/** Independent samples of a ring below which its coherence says nothing. */
const MIN_SAMPLES = 2;
const ITERATIONS = 4;
const CONVERGED = 1e-4;
const [roomForPlane, roomForReal, roomForImaginary] = [scratchRoom(), scratchRoom(), scratchRoom()];

/** A shift that the phases of two images agree on. */
export interface PhaseFit {
  x: number;
  y: number;
  /** Pixels, along an axis, by how well the images agree; what they alias is not in it. */
  standardError: number;
  /** Whether light and dark are swapped as a whole. */
  isSwapped: boolean;
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
      return { x, y, standardError: step.standardError, isSwapped: step.isSwapped };
    }
  }
  return null;
}

/** Both windows as the real and the imaginary part of one plane, as one transform serves both. */
function windowBoth(
  reference: Raster,
  target: Raster,
  start: { x: number; y: number },
): { plane: ComplexPlane; share: number } | null {
  const { width, height } = reference;
  const plane = emptyPlane(fastSideFrom(width), fastSideFrom(height));
  const valid = validInBoth(reference, target);
  // Without gaps, as most windows are, their edges alone count, and no list of weights is needed.
  const isWhole = !valid.includes(0);
  const keptA = isWhole ? null : taperBesideMask(valid, width, height);
  const keptB = keptA === null ? null : movedBy(keptA, width, height, start);
  const [acrossA, downA] = [rise(width, 0), rise(height, 0)];
  const [acrossB, downB] = [rise(width, start.x), rise(height, start.y)];
  const [valuesA, valuesB, into] = [reference.values, target.values, plane.values];
  let sumA = 0;
  let sumB = 0;
  let weightsA = 0;
  let weightsB = 0;
  let squares = 0;
  let fourths = 0;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (!isWhole && valid[pixel] === 0) continue;
      const a = (keptA === null ? acrossA[x]! : keptA[pixel]! * acrossA[x]!) * downA[y]!;
      const b = (keptB === null ? acrossB[x]! : keptB[pixel]! * acrossB[x]!) * downB[y]!;
      sumA += a * valuesA[pixel]!;
      sumB += b * valuesB[pixel]!;
      weightsA += a;
      weightsB += b;
      squares += a * a;
      fourths += a * a * a * a;
    }
  }
  if (weightsA === 0 || weightsB === 0) return null;
  const [meanA, meanB] = [sumA / weightsA, sumB / weightsB];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0, to = 2 * y * plane.width; x < width; x++, pixel++, to += 2) {
      if (!isWhole && valid[pixel] === 0) continue;
      const a = (keptA === null ? acrossA[x]! : keptA[pixel]! * acrossA[x]!) * downA[y]!;
      const b = (keptB === null ? acrossB[x]! : keptB[pixel]! * acrossB[x]!) * downB[y]!;
      into[to] = a * (valuesA[pixel]! - meanA);
      into[to + 1] = b * (valuesB[pixel]! - meanB);
    }
  }
  return { plane, share: (squares * squares) / fourths / (plane.width * plane.height) };
}

/** It holds until the next call. */
function emptyPlane(width: number, height: number): ComplexPlane {
  return { width, height, values: roomForPlane(2 * width * height).fill(0) };
}

function validInBoth(reference: Raster, target: Raster): Uint8Array {
  const valid = new Uint8Array(reference.width * reference.height).fill(1);
  for (const mask of [reference.valid, target.valid]) {
    if (mask === null) continue;
    for (let pixel = 0; pixel < valid.length; pixel++) if (mask[pixel] === 0) valid[pixel] = 0;
  }
  return valid;
}

/** Weights that go along with the content, between their pixels by lines; the border goes on outside. */
function movedBy(
  weights: Float64Array,
  width: number,
  height: number,
  by: { x: number; y: number },
): Float64Array {
  const [left, top] = [Math.floor(-by.x), Math.floor(-by.y)];
  const [right, below] = [-by.x - left, -by.y - top];
  const column = (x: number) => Math.min(width - 1, Math.max(0, x));
  const row = (y: number) => width * Math.min(height - 1, Math.max(0, y));
  const out = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const [upper, lower] = [row(y + top), row(y + top + 1)];
    for (let x = 0; x < width; x++) {
      const [from, to] = [column(x + left), column(x + left + 1)];
      const above = (1 - right) * weights[upper + from]! + right * weights[upper + to]!;
      const under = (1 - right) * weights[lower + from]! + right * weights[lower + to]!;
      out[y * width + x] = (1 - below) * above + below * under;
    }
  }
  return out;
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

/** Newton's step from a shift, with weights from the coherence at that shift. */
function stepTo(cross: CrossBins, x: number, y: number): PhaseFit | null {
  const { frequencies, width, height, real, imaginary } = cross;
  const { count, column, row, ring, rings, alongX, alongY } = frequencies;
  const [across, down] = [waves(width, x), waves(height, y)];
  const [turnedReal, turnedImaginary] = [roomForReal(count), roomForImaginary(count)];
  const sums = new Float64Array(rings);
  for (let bin = 0; bin < count; bin++) {
    const u = 2 * column[bin]!;
    const v = 2 * row[bin]!;
    const c = across[u]! * down[v]! - across[u + 1]! * down[v + 1]!;
    const s = across[u]! * down[v + 1]! + across[u + 1]! * down[v]!;
    const turned = real[bin]! * c - imaginary[bin]! * s;
    turnedReal[bin] = turned;
    turnedImaginary[bin] = real[bin]! * s + imaginary[bin]! * c;
    sums[ring[bin]!]! += turned;
  }
  const { weights, information, isSwapped } = ringWeights(cross, sums);
  let gx = 0;
  let gy = 0;
  let hxx = 0;
  let hxy = 0;
  let hyy = 0;
  let jxx = 0;
  let jxy = 0;
  let jyy = 0;
  for (let bin = 0; bin < count; bin++) {
    const weight = weights[ring[bin]!]!;
    if (weight === 0) continue;
    const kx = alongX[bin]!;
    const ky = alongY[bin]!;
    const slope = weight * turnedImaginary[bin]!;
    const bend = weight * turnedReal[bin]!;
    const told = information[ring[bin]!]!;
    gx += kx * slope;
    gy += ky * slope;
    hxx += kx * kx * bend;
    hxy += kx * ky * bend;
    hyy += ky * ky * bend;
    jxx += kx * kx * told;
    jxy += kx * ky * told;
    jyy += ky * ky * told;
  }
  const determinant = hxx * hyy - hxy * hxy;
  const knowledge = jxx * jyy - jxy * jxy;
  // Not the top of a hill.
  if (!(determinant > 0 && hxx > 0 && knowledge > 0)) return null;
  return {
    x: (hxy * gy - hyy * gx) / determinant,
    y: (hxy * gx - hxx * gy) / determinant,
    standardError: sqrt((jxx + jyy) / 2 / knowledge),
    isSwapped,
  };
}

/** By the share c of the power that both have in common: c / (1 - c) of what a bin tells. */
function ringWeights({ bins, level, share }: CrossBins, sums: Float64Array) {
  const agreements = sums.map((sum, ring) => (level[ring] === 0 ? 0 : sum / level[ring]!));
  const total = agreements.reduce((sum, agreement, ring) => sum + bins[ring]! * agreement, 0);
  const sign = total < 0 ? -1 : 1;
  const weights = new Float64Array(bins.length);
  const information = new Float64Array(bins.length);
  for (let ring = 0; ring < bins.length; ring++) {
    const samples = bins[ring]! * share;
    const agreement = sign * agreements[ring]!;
    if (samples < MIN_SAMPLES || agreement <= 0) continue;
    // Few samples agree by chance already: one of them in so many.
    const unbiased = (agreement * agreement * samples - 1) / (samples - 1);
    const coherence = Math.min(unbiased, MAX_COHERENCE);
    if (coherence <= 0) continue;
    weights[ring] = (sign * bins[ring]! * sqrt(coherence)) / (1 - coherence) / level[ring]!;
    information[ring] = (2 * share * coherence) / (1 - coherence);
  }
  return { weights, information, isSwapped: sign < 0 };
}
