import { complexPlane, type ComplexPlane, fourier } from './fourier.ts';
import type { Raster } from './raster.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { cos, exp, floor, log, sin, sqrt, PI } = Math;

/** Bins of half a turn, and of the range of frequencies. */
export const ANGLE_BINS = 256;
export const RADIUS_BINS = 256;
/** Cycles over the raster: lower ones show its light, not its structure. */
const FIRST_RADIUS = 4;
/** Share of the highest frequency. */
const LAST_RADIUS = 0.9;

/** Radians between two rows. */
export const ANGLE_STEP = PI / ANGLE_BINS;

/** How much farther in frequency the next column lies, as a logarithm. */
export function logRadiusStep(side: number): number {
  return log(((side / 2) * LAST_RADIUS) / FIRST_RADIUS) / RADIUS_BINS;
}

/**
 * The logarithm of the magnitude of a square raster's spectrum, in columns of log frequency and rows of
 * angle over half a turn, transformed once more for correlation. A shift of the raster changes nothing; a
 * turn moves it along the rows, a scale along the columns.
 *
 * Each column has its mean taken off: how spectra fall with frequency is alike everywhere.
 *
 * Source: B. Reddy and B. Chatterji, "An FFT-based technique for translation, rotation, and scale-invariant
 * image registration", IEEE Transactions on Image Processing 5, 1996.
 *
 * @param raster with sides of the same power of two; pixels without data count as its mean.
 */
export function logPolarSpectrum(raster: Raster): ComplexPlane {
  const side = raster.width;
  const magnitude = logMagnitude(raster);
  const plane = complexPlane(RADIUS_BINS, ANGLE_BINS);
  const step = logRadiusStep(side);
  for (let column = 0; column < RADIUS_BINS; column++) {
    const radius = FIRST_RADIUS * exp(column * step);
    // Frequencies do not go round as angles do.
    const weight = sin((PI * (column + 0.5)) / RADIUS_BINS);
    let sum = 0;
    for (let row = 0; row < ANGLE_BINS; row++) {
      const angle = row * ANGLE_STEP;
      const value = between(magnitude, side, radius * cos(angle), radius * sin(angle));
      plane.values[2 * (row * RADIUS_BINS + column)] = value;
      sum += value;
    }
    for (let row = 0; row < ANGLE_BINS; row++) {
      const index = 2 * (row * RADIUS_BINS + column);
      plane.values[index] = weight * (plane.values[index]! - sum / ANGLE_BINS);
    }
  }
  return fourier(plane);
}

function logMagnitude({ width, height, values, valid }: Raster): Float64Array {
  let [sum, count] = [0, 0];
  for (let pixel = 0; pixel < values.length; pixel++) {
    if (valid?.[pixel] === 0) continue;
    sum += values[pixel]!;
    count++;
  }
  const mean = count === 0 ? 0 : sum / count;
  const plane = complexPlane(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (valid?.[pixel] === 0) continue;
      // A round window: the edges of a square one would be the strongest direction of all.
      const [u, v] = [(2 * x + 1) / width - 1, (2 * y + 1) / height - 1];
      const distance = sqrt(u * u + v * v);
      if (distance >= 1) continue;
      plane.values[2 * pixel] = (values[pixel]! - mean) * (0.5 + 0.5 * cos(PI * distance));
    }
  }
  fourier(plane);
  const out = new Float64Array(width * height);
  for (let index = 0; index < out.length; index++) {
    const [real, imaginary] = [plane.values[2 * index]!, plane.values[2 * index + 1]!];
    out[index] = log(1e-9 + sqrt(real * real + imaginary * imaginary));
  }
  return out;
}

/** Bilinear, with the frequencies below zero at the end of each side. */
function between(plane: Float64Array, side: number, u: number, v: number): number {
  const [left, top] = [floor(u), floor(v)];
  const [a, b] = [u - left, v - top];
  const at = (x: number, y: number) => plane[((y + side) % side) * side + ((x + side) % side)]!;
  return (
    (1 - b) * ((1 - a) * at(left, top) + a * at(left + 1, top)) +
    b * ((1 - a) * at(left, top + 1) + a * at(left + 1, top + 1))
  );
}
