import type { PixelMeasures } from '../../contracts/flight.ts';
import { blurMetric } from './blur-metric.ts';
import { exposure } from './exposure.ts';
import { laplacianVariance } from './laplacian-variance.ts';
import { luminanceHistogram, luminanceOf, type PixelBlock } from './luminance.ts';

/** The two views of one decode that are measured. */
export interface MeasuredViews {
  /** The whole image, reduced: its exposure. */
  overview: PixelBlock;
  /** The middle at full scale: its sharpness. */
  middle: PixelBlock;
}

/** Digits that are kept: what stands behind them says nothing, and differs between machines. */
const DIGITS = 9;

/** Sharpness and exposure of one image; luminance is 0 (black) to 1. */
export function measurePixels({ overview, middle }: MeasuredViews): PixelMeasures {
  const luminance = luminanceOf(middle);
  const { width, height } = middle;
  const seen = exposure(luminanceHistogram(overview));
  return {
    blur: rounded(blurMetric(luminance, width, height)),
    laplacianVariance: rounded(laplacianVariance(luminance, width, height)),
    meanLuminance: rounded(seen.meanLuminance),
    percentile1: rounded(seen.percentile1),
    percentile99: rounded(seen.percentile99),
    clipLow: rounded(seen.clipLow),
    clipHigh: rounded(seen.clipHigh),
    entropy: rounded(seen.entropy),
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}
