import type { Raster } from './raster.ts';

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
const KERNEL = gaussianKernel();

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
      alongX[pixel] = gx;
      alongY[pixel] = gy;
      magnitude[pixel] = size;
    }
  }
  const rising = magnitude.filter((_, pixel) => valid[pixel] === 1).sort();
  const medianMagnitude = rising[rising.length >> 1] ?? 0;
  return { width, height, alongX, alongY, magnitude, valid, medianMagnitude };
}

/** The weighted mean of the valid pixels around; rows first, then columns. */
function smoothed({ width, height, values, valid }: Raster): Float64Array {
  let weights: Float64Array | null = null;
  let sums: Float64Array = Float64Array.from(values);
  if (valid !== null) {
    weights = Float64Array.from(valid);
    for (let pixel = 0; pixel < sums.length; pixel++) if (valid[pixel] === 0) sums[pixel] = 0;
  }
  sums = convolve(sums, width, height);
  if (weights === null || valid!.every((isValid) => isValid === 1)) return sums;
  weights = convolve(weights, width, height);
  return sums.map((sum, pixel) => (weights[pixel] === 0 ? 0 : sum / weights[pixel]!));
}

function convolve(values: Float64Array, width: number, height: number): Float64Array {
  const rows = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) {
      const isInside = x >= RADIUS && x < width - RADIUS;
      let sum = 0;
      for (let step = -RADIUS; step <= RADIUS; step++) {
        const column = isInside ? x + step : clamp(x + step, width);
        sum += KERNEL[step + RADIUS]! * values[start + column]!;
      }
      rows[start + x] = sum;
    }
  }
  const out = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let step = -RADIUS; step <= RADIUS; step++) {
      const row = clamp(y + step, height) * width;
      const weight = KERNEL[step + RADIUS]!;
      for (let x = 0; x < width; x++) out[y * width + x]! += weight * rows[row + x]!;
    }
  }
  return out;
}

function clamp(index: number, size: number): number {
  return index < 0 ? 0 : index < size ? index : size - 1;
}

/** 1 where no pixel within two rows and columns lacks data; the outside of the raster does not count. */
function eroded({ width, height, valid }: Raster): Uint8Array {
  const out = new Uint8Array(width * height).fill(1);
  if (valid === null) return out;
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

function gaussianKernel(): number[] {
  const weights = Array.from({ length: 2 * RADIUS + 1 }, (_, index) =>
    Math.exp(-((index - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
