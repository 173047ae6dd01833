import { boxMean } from './box-mean.ts';
import { type ColorLines, fitColorLines, type Guide, guideWindows } from './color-lines.ts';

/** Half a window, pixels of the guide. */
const RADIUS = 8;
/** Variance of color below which there is no edge to follow, of a range of 0 to 1. */
const EPSILON = 1e-4;
/** Where the mask is nearer to its ends than this it is believed, whatever the colors say. */
const DEFINITE = 0.02;

/**
 * Linear functions that turn the colors around each pixel into alpha, so that the edge of the mask
 * follows the edge of the picture. They vary slowly: made on a small guide they serve the large picture.
 *
 * Source: K. He, J. Sun and X. Tang, "Guided image filtering", IEEE Transactions on Pattern Analysis and
 * Machine Intelligence 35, 2013; on a small guide: K. He and J. Sun, "Fast guided filter", 2015.
 *
 * @param mask 0 to 1, of the size of the guide.
 */
export function guidedLines(guide: Guide, mask: Float32Array): ColorLines {
  const fitted = fitColorLines(guideWindows(guide, RADIUS, EPSILON), mask);
  const lines = smoothLines(fitted, guide, RADIUS);
  for (let i = 0; i < mask.length; i++) {
    const value = mask[i]!;
    if (value > DEFINITE && value < 1 - DEFINITE) continue;
    lines.red[i] = 0;
    lines.green[i] = 0;
    lines.blue[i] = 0;
    lines.constant[i] = value > 0.5 ? 1 : 0;
  }
  return lines;
}

/** Each pixel takes the mean of the functions of all windows that it lies in. */
export function smoothLines(
  { red, green, blue, constant }: ColorLines,
  { width, height }: Pick<Guide, 'width' | 'height'>,
  radius: number,
): ColorLines {
  const mean = (values: Float32Array) => boxMean(values, width, height, radius);
  return { red: mean(red), green: mean(green), blue: mean(blue), constant: mean(constant) };
}
