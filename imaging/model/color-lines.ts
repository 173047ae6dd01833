import { boxMean } from './box-mean.ts';

/** A picture in which edges are looked for: red, green and blue, 0 to 1. */
export interface Guide {
  red: Float32Array;
  green: Float32Array;
  blue: Float32Array;
  width: number;
  height: number;
}

/** For each window of the guide, alpha as a linear function of color: red, green, blue, constant. */
export interface ColorLines {
  red: Float32Array;
  green: Float32Array;
  blue: Float32Array;
  constant: Float32Array;
}

/** The windows of a guide, ready to fit masks into. */
export interface GuideWindows {
  guide: Guide;
  radius: number;
  means: [Float32Array, Float32Array, Float32Array];
  /** Upper triangle of the inverse of each window's covariance: rr rg rb gg gb bb. */
  inverse: [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
}

/**
 * Covariances of the colors in each square window of a guide, inverted.
 *
 * @param epsilon added to each variance: windows whose colors vary less than that take the mean of the
 *   mask in place of its shape.
 */
export function guideWindows(guide: Guide, radius: number, epsilon: number): GuideWindows {
  const { red, green, blue, width, height } = guide;
  const mean = (values: Float32Array) => boxMean(values, width, height, radius);
  const means = [mean(red), mean(green), mean(blue)] as GuideWindows['means'];
  const covariance = (a: Float32Array, b: Float32Array, meanA: Float32Array, meanB: Float32Array) =>
    minusProduct(mean(product(a, b)), meanA, meanB);
  const [meanRed, meanGreen, meanBlue] = means;
  const rr = covariance(red, red, meanRed, meanRed);
  const rg = covariance(red, green, meanRed, meanGreen);
  const rb = covariance(red, blue, meanRed, meanBlue);
  const gg = covariance(green, green, meanGreen, meanGreen);
  const gb = covariance(green, blue, meanGreen, meanBlue);
  const bb = covariance(blue, blue, meanBlue, meanBlue);
  for (let i = 0; i < rr.length; i++) {
    const [a, b, c] = [rr[i]! + epsilon, rg[i]!, rb[i]!];
    const [d, e, f] = [gg[i]! + epsilon, gb[i]!, bb[i]! + epsilon];
    const [ca, cb, cc] = [d * f - e * e, c * e - b * f, b * e - c * d];
    const determinant = a * ca + b * cb + c * cc;
    rr[i] = ca / determinant;
    rg[i] = cb / determinant;
    rb[i] = cc / determinant;
    gg[i] = (a * f - c * c) / determinant;
    gb[i] = (b * c - a * e) / determinant;
    bb[i] = (a * d - b * b) / determinant;
  }
  return { guide, radius, means, inverse: [rr, rg, rb, gg, gb, bb] };
}

/** The linear function of color in each window that comes nearest to a mask, by least squares. */
export function fitColorLines(windows: GuideWindows, mask: Float32Array): ColorLines {
  const { guide, radius, means, inverse } = windows;
  const { width, height } = guide;
  const mean = (values: Float32Array) => boxMean(values, width, height, radius);
  const meanMask = mean(mask);
  const along = (channel: Float32Array, meanOf: Float32Array) =>
    minusProduct(mean(product(channel, mask)), meanOf, meanMask);
  const red = along(guide.red, means[0]);
  const green = along(guide.green, means[1]);
  const blue = along(guide.blue, means[2]);
  const constant = new Float32Array(mask.length);
  const [rr, rg, rb, gg, gb, bb] = inverse;
  for (let i = 0; i < mask.length; i++) {
    const [r, g, b] = [red[i]!, green[i]!, blue[i]!];
    red[i] = rr[i]! * r + rg[i]! * g + rb[i]! * b;
    green[i] = rg[i]! * r + gg[i]! * g + gb[i]! * b;
    blue[i] = rb[i]! * r + gb[i]! * g + bb[i]! * b;
    constant[i] =
      meanMask[i]! - red[i]! * means[0][i]! - green[i]! * means[1][i]! - blue[i]! * means[2][i]!;
  }
  return { red, green, blue, constant };
}

function product(a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! * b[i]!;
  return result;
}

/** Takes a product away from values, in their place. */
function minusProduct(values: Float32Array, a: Float32Array, b: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i]! -= a[i]! * b[i]!;
  return values;
}
