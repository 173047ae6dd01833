import type { Guide } from './color-lines.ts';

/** Added to each variance, of a range of 0 to 1: the source takes this order of magnitude. */
const EPSILON = 1e-6;
/** Means of three colors, then the upper triangle of the inverse covariance. */
const NUMBERS = 9;
const PIXELS = 9;

/** The windows of 3 x 3 pixels that hold at least one pixel whose alpha is wanted. */
export interface MattingWindows {
  guide: Guide;
  /** Pixel at the center of each window. */
  centers: Int32Array;
  /** `NUMBERS` of each window, one after the other. */
  numbers: Float64Array;
  /** Steps from the center to the pixels of a window. */
  steps: Int32Array;
}

export function mattingWindows(guide: Guide, isUnknown: Uint8Array): MattingWindows {
  const { width, height } = guide;
  const steps = Int32Array.from({ length: PIXELS }, (_, k) => {
    return (Math.floor(k / 3) - 1) * width + (k % 3) - 1;
  });
  const found: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const center = y * width + x;
      if (steps.some((step) => isUnknown[center + step] === 1)) found.push(center);
    }
  }
  const centers = Int32Array.from(found);
  const numbers = new Float64Array(centers.length * NUMBERS);
  centers.forEach((center, window) => measure(guide, center, steps, numbers, window * NUMBERS));
  return { guide, centers, numbers, steps };
}

function measure(
  { red, green, blue }: Guide,
  center: number,
  steps: Int32Array,
  numbers: Float64Array,
  at: number,
): void {
  let [r, g, b, rr, rg, rb, gg, gb, bb] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const step of steps) {
    const [x, y, z] = [red[center + step]!, green[center + step]!, blue[center + step]!];
    r += x;
    g += y;
    b += z;
    rr += x * x;
    rg += x * y;
    rb += x * z;
    gg += y * y;
    gb += y * z;
    bb += z * z;
  }
  r /= PIXELS;
  g /= PIXELS;
  b /= PIXELS;
  rr = rr / PIXELS - r * r + EPSILON / PIXELS;
  gg = gg / PIXELS - g * g + EPSILON / PIXELS;
  bb = bb / PIXELS - b * b + EPSILON / PIXELS;
  rg = rg / PIXELS - r * g;
  rb = rb / PIXELS - r * b;
  gb = gb / PIXELS - g * b;
  const [ca, cb, cc] = [gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg];
  const determinant = rr * ca + rg * cb + rb * cc;
  const inverse = [ca, cb, cc, rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg];
  numbers.set([r, g, b, ...inverse.map((value) => value / determinant)], at);
}

/**
 * Adds up, over the windows, what a vector misses of being a linear function of color: the product of the
 * matting Laplacian with it.
 *
 * @param result is filled with 0 first.
 */
export function multiplyByLaplacian(
  { guide: { red, green, blue }, centers, numbers, steps }: MattingWindows,
  vector: Float64Array,
  result: Float64Array,
): void {
  result.fill(0);
  for (let window = 0, at = 0; window < centers.length; window++, at += NUMBERS) {
    const center = centers[window]!;
    let [sum, sumRed, sumGreen, sumBlue] = [0, 0, 0, 0];
    for (let k = 0; k < PIXELS; k++) {
      const i = center + steps[k]!;
      const value = vector[i]!;
      sum += value;
      sumRed += value * red[i]!;
      sumGreen += value * green[i]!;
      sumBlue += value * blue[i]!;
    }
    const mean = sum / PIXELS;
    const [r, g, b] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!];
    const x = sumRed / PIXELS - r * mean;
    const y = sumGreen / PIXELS - g * mean;
    const z = sumBlue / PIXELS - b * mean;
    const alongRed = numbers[at + 3]! * x + numbers[at + 4]! * y + numbers[at + 5]! * z;
    const alongGreen = numbers[at + 4]! * x + numbers[at + 6]! * y + numbers[at + 7]! * z;
    const alongBlue = numbers[at + 5]! * x + numbers[at + 7]! * y + numbers[at + 8]! * z;
    const rest = mean - alongRed * r - alongGreen * g - alongBlue * b;
    for (let k = 0; k < PIXELS; k++) {
      const i = center + steps[k]!;
      const fitted = alongRed * red[i]! + alongGreen * green[i]! + alongBlue * blue[i]! + rest;
      result[i]! += vector[i]! - fitted;
    }
  }
}
