import { complexPlane, type ComplexPlane, powerOfTwoFrom } from './fourier.ts';
import type { GradientField } from './gradient-field.ts';
import { taperBesideMask } from './mask-taper.ts';

/**
 * What of a gradient is compared. Its `direction` is the more precise; its `axis`, the doubled angle, is
 * the same for a dark line on light ground and a light one on dark: it survives seasons and other bands.
 */
export type Orientation = 'direction' | 'axis';

/**
 * The orientation of the gradients as complex numbers, so that strong and weak edges count nearly alike:
 * `direction` is (gx + i gy) / (m + median m), `axis` is (gx + i gy)^2 / (m (m + median m)).
 *
 * Under a Hann window, and continued by zeros to sides that are powers of two. A constant that is added
 * to the image, and a factor, change nothing.
 *
 * Source: A. Fitch, A. Kadyrov, W. Christmas and J. Kittler, "Orientation correlation", British Machine
 * Vision Conference, 2002.
 */
export function orientationField(field: GradientField, orientation: Orientation): ComplexPlane {
  const { width, height, alongX, alongY, magnitude, valid, medianMagnitude } = field;
  const plane = complexPlane(powerOfTwoFrom(width), powerOfTwoFrom(height));
  const [across, down] = [hann(width), hann(height)];
  const kept = taperBesideMask(valid, width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const size = magnitude[pixel]!;
      if (valid[pixel] === 0 || size === 0) continue;
      const weight = (kept[pixel]! * across[x]! * down[y]!) / (size + medianMagnitude);
      const [gx, gy] = [alongX[pixel]!, alongY[pixel]!];
      const to = 2 * (y * plane.width + x);
      plane.values[to] = weight * (orientation === 'axis' ? (gx * gx - gy * gy) / size : gx);
      plane.values[to + 1] = weight * (orientation === 'axis' ? (2 * gx * gy) / size : gy);
    }
  }
  return plane;
}

/** 0 at the first and last pixel, 1 in the middle. */
function hann(size: number): Float64Array {
  if (size < 3) return new Float64Array(size).fill(1);
  return Float64Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (size - 1)),
  );
}
