import { complexPlane, type ComplexPlane, fastSideFrom } from './fourier.ts';
import type { GradientField } from './gradient-field.ts';
import { taperBesideMask } from './mask-taper.ts';

/**
 * What of a gradient is compared. Its `direction` is the more precise; its `axis`, the doubled angle, is
 * the same for a dark line on light ground and a light one on dark: it survives seasons and other bands.
 */
export type Orientation = 'direction' | 'axis';

/**
 * What a pixel of a window counts for, 0 to 1: a Hann window, that rises from 0 beside pixels without data too.
 */
export function windowWeights({
  valid,
  width,
  height,
}: Pick<GradientField, 'valid' | 'width' | 'height'>): Float64Array {
  if (!valid.includes(0)) return wholeWindow(width, height);
  const weights = taperBesideMask(valid, width, height);
  const [across, down] = [hann(width), hann(height)];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      weights[pixel] = valid[pixel] === 0 ? 0 : weights[pixel]! * across[x]! * down[y]!;
    }
  }
  return weights;
}

/**
 * The orientation of the gradients as complex numbers, so that strong and weak edges count nearly alike:
 * `direction` is (gx + i gy) / (m + median m), `axis` is (gx + i gy)^2 / (m (m + median m)).
 *
 * Under `weights`, and continued by zeros to sides that are transformed fast. A constant that is added to the image,
 * and a factor, change nothing.
 *
 * Source: A. Fitch, A. Kadyrov, W. Christmas and J. Kittler, "Orientation correlation", British Machine
 * Vision Conference, 2002.
 */
export function orientationField(
  field: GradientField,
  orientation: Orientation,
  weights = windowWeights(field),
): ComplexPlane {
  const { width, height, alongX, alongY, magnitude, medianMagnitude } = field;
  const plane = complexPlane(fastSideFrom(width), fastSideFrom(height));
  const { values } = plane;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let to = 2 * y * plane.width, x = 0; x < width; x++, pixel++, to += 2) {
      const size = magnitude[pixel]!;
      if (size === 0) continue;
      const weight = weights[pixel]! / (size + medianMagnitude);
      const gx = alongX[pixel]!;
      const gy = alongY[pixel]!;
      values[to] = weight * (orientation === 'axis' ? (gx * gx - gy * gy) / size : gx);
      values[to + 1] = weight * (orientation === 'axis' ? (2 * gx * gy) / size : gy);
    }
  }
  return plane;
}

let lastWhole = { width: 0, height: 0, weights: new Float64Array() };

/** Most windows hold data everywhere, and one after the other has the same size: they share it, to be read only. */
function wholeWindow(width: number, height: number): Float64Array {
  if (lastWhole.width === width && lastWhole.height === height) return lastWhole.weights;
  const weights = new Float64Array(width * height);
  const [across, down] = [hann(width), hann(height)];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) weights[pixel] = across[x]! * down[y]!;
  }
  lastWhole = { width, height, weights };
  return weights;
}

/** 0 at the first and last pixel, 1 in the middle. */
function hann(size: number): Float64Array {
  if (size < 3) return new Float64Array(size).fill(1);
  return Float64Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (size - 1)),
  );
}
