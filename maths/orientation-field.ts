import { complexPlane, type ComplexPlane, powerOfTwoFrom } from './fourier.ts';
import type { GradientField } from './gradient-field.ts';

/**
 * What of a gradient is compared. Its `direction` is the more precise; its `axis`, the doubled angle, is
 * the same for a dark line on light ground and a light one on dark: it survives seasons and other bands.
 */
export type Orientation = 'direction' | 'axis';

/** Pixels over which the weight of a pixel rises beside a mask. */
const TAPER = 8;

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
  const kept = tapered(valid, width, height);
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

/**
 * Weights that rise from 0 at pixels without data to 1 some pixels away: a hard edge of a mask pulls a
 * shift to where the masks lie upon each other, far more than the soft one of the window does.
 */
function tapered(valid: Uint8Array, width: number, height: number): ArrayLike<number> {
  if (!valid.includes(0)) return valid;
  const rows = boxMeans(Float64Array.from(valid), [width, 1], [height, width]);
  const means = boxMeans(rows, [height, width], [width, 1]);
  return means.map((mean) => (mean > 0.5 ? 2 * mean - 1 : 0));
}

/** Means over 2 x TAPER + 1 pixels along one axis; the outside counts as the border does. */
function boxMeans(
  values: Float64Array,
  [count, stride]: [number, number],
  [lines, lineStride]: [number, number],
): Float64Array {
  const out = new Float64Array(values.length);
  const at = (line: number, index: number) =>
    values[line * lineStride + (index < 0 ? 0 : index < count ? index : count - 1) * stride]!;
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    for (let index = -TAPER; index <= TAPER; index++) sum += at(line, index);
    for (let index = 0; index < count; index++) {
      out[line * lineStride + index * stride] = sum / (2 * TAPER + 1);
      sum += at(line, index + TAPER + 1) - at(line, index - TAPER);
    }
  }
  return out;
}

/** 0 at the first and last pixel, 1 in the middle. */
function hann(size: number): Float64Array {
  if (size < 3) return new Float64Array(size).fill(1);
  return Float64Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (size - 1)),
  );
}
