import type { Raster } from './raster.ts';
import { scratchRoom } from './scratch-room.ts';
import { upperMedian } from './upper-median.ts';

/** How an image rises along x and y, gray values a pixel. */
export interface GradientField {
  width: number;
  height: number;
  alongX: Float64Array;
  alongY: Float64Array;
  magnitude: Float64Array;
  /** 0 within two pixels of one that holds no data. */
  valid: Uint8Array;
  /** Over the valid pixels; 0 when there are none. */
  medianMagnitude: number;
}

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { sqrt } = Math;

/** Pixels; takes the noise between neighbors off and leaves the shape of edges. */
const SIGMA = 0.7;
const RADIUS = 3;
/** The smoothing and the Scharr operator reach this far. */
const ERODED = 2;
/** Share of the gray values below which a slope is the rounding of sums: two level images share it. */
const ROUNDING = 1e-9;
const [roomForRows, roomForSums, roomForSizes] = [scratchRoom(), scratchRoom(), scratchRoom()];
const [CENTER, NEXT, SECOND, THIRD] = gaussianKernel();

/**
 * Gradients by the operator of Scharr (3, 10, 3; / 32) on the image smoothed by a Gaussian of 0.7 pixels.
 *
 * The image is continued by its border. Pixels without data take no part in the smoothing, so that the
 * edge of a mask is not seen as an edge of the image.
 *
 * Source: H. Scharr, "Optimal operators in digital image processing", Heidelberg, 2000.
 */
export function gradientField(raster: Raster): GradientField {
  const { width, height } = raster;
  const smooth = smoothed(raster);
  const alongX = new Float64Array(width * height);
  const alongY = new Float64Array(width * height);
  const magnitude = new Float64Array(width * height);
  const valid = eroded(raster);
  const rounding = ROUNDING * largest(smooth);
  for (let y = 0; y < height; y++) {
    const above = clamp(y - 1, height) * width;
    const here = y * width;
    const below = clamp(y + 1, height) * width;
    for (let x = 0; x < width; x++) {
      const pixel = here + x;
      if (valid[pixel] === 0) continue;
      const left = x === 0 ? 0 : x - 1;
      const right = x === width - 1 ? x : x + 1;
      const nw = smooth[above + left]!;
      const ne = smooth[above + right]!;
      const sw = smooth[below + left]!;
      const se = smooth[below + right]!;
      const gx =
        (3 * (ne - nw + se - sw) + 10 * (smooth[here + right]! - smooth[here + left]!)) / 32;
      const gy = (3 * (sw - nw + se - ne) + 10 * (smooth[below + x]! - smooth[above + x]!)) / 32;
      const size = sqrt(gx * gx + gy * gy);
      if (size <= rounding) continue;
      alongX[pixel] = gx;
      alongY[pixel] = gy;
      magnitude[pixel] = size;
    }
  }
  const medianMagnitude = upperMedian(valuesAt(magnitude, valid));
  return { width, height, alongX, alongY, magnitude, valid, medianMagnitude };
}

/** They hold until the next call, in any order. */
function valuesAt(values: Float64Array, valid: Uint8Array): Float64Array {
  const out = roomForSizes(values.length);
  if (!valid.includes(0)) {
    out.set(values);
    return out;
  }
  let count = 0;
  for (let pixel = 0; pixel < values.length; pixel++) {
    if (valid[pixel] === 1) out[count++] = values[pixel]!;
  }
  return out.subarray(0, count);
}

/** The weighted mean of the valid pixels around; rows first, then columns. It holds until the next call. */
function smoothed({ width, height, values, valid }: Raster): Float64Array {
  if (valid === null || !valid.includes(0)) {
    const all = values instanceof Float64Array ? values : new Float64Array(values);
    return convolve(all, width, height, roomForSums(values.length));
  }
  const kept = new Float64Array(values);
  for (let pixel = 0; pixel < kept.length; pixel++) if (valid[pixel] === 0) kept[pixel] = 0;
  const sums = convolve(kept, width, height, roomForSums(values.length));
  const weights = convolve(new Float64Array(valid), width, height, kept);
  for (let pixel = 0; pixel < sums.length; pixel++) {
    const weight = weights[pixel]!;
    sums[pixel] = weight === 0 ? 0 : sums[pixel]! / weight;
  }
  return sums;
}

/** Along rows, then along columns. */
function convolve(
  values: Float64Array,
  width: number,
  height: number,
  out: Float64Array,
): Float64Array {
  const rows = roomForRows(values.length);
  const padded = new Float64Array(width + 2 * RADIUS);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    padded.fill(values[start]!, 0, RADIUS);
    padded.set(values.subarray(start, start + width), RADIUS);
    padded.fill(values[start + width - 1]!, RADIUS + width);
    for (let x = 0; x < width; x++) {
      rows[start + x] =
        CENTER * padded[x + 3]! +
        NEXT * (padded[x + 2]! + padded[x + 4]!) +
        SECOND * (padded[x + 1]! + padded[x + 5]!) +
        THIRD * (padded[x]! + padded[x + 6]!);
    }
  }
  for (let y = 0; y < height; y++) {
    const at = (step: number) => clamp(y + step, height) * width;
    const [a, b, c, d, e, f, g] = [at(-3), at(-2), at(-1), at(0), at(1), at(2), at(3)];
    for (let x = 0; x < width; x++) {
      out[d + x] =
        CENTER * rows[d + x]! +
        NEXT * (rows[c + x]! + rows[e + x]!) +
        SECOND * (rows[b + x]! + rows[f + x]!) +
        THIRD * (rows[a + x]! + rows[g + x]!);
    }
  }
  return out;
}

function largest(values: Float64Array): number {
  let size = 0;
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = values[pixel]!;
    if (value > size || -value > size) size = value < 0 ? -value : value;
  }
  return size;
}

function clamp(index: number, size: number): number {
  return index < 0 ? 0 : index < size ? index : size - 1;
}

/** 1 where no pixel within two rows and columns lacks data; the outside of the raster does not count. */
function eroded({ width, height, valid }: Raster): Uint8Array {
  const out = new Uint8Array(width * height).fill(1);
  if (valid === null || !valid.includes(0)) return out;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (valid[y * width + x] === 1) continue;
      const [left, right] = [Math.max(0, x - ERODED), Math.min(width, x + ERODED + 1)];
      for (let row = Math.max(0, y - ERODED); row < Math.min(height, y + ERODED + 1); row++) {
        out.fill(0, row * width + left, row * width + right);
      }
    }
  }
  return out;
}

/** The weights from the middle of the kernel outwards; with those of the other side they sum to 1. */
function gaussianKernel(): [number, number, number, number] {
  const weight = (distance: number) => Math.exp(-(distance ** 2) / (2 * SIGMA ** 2));
  const total = weight(0) + 2 * (weight(1) + weight(2) + weight(3));
  return [weight(0) / total, weight(1) / total, weight(2) / total, weight(3) / total];
}
