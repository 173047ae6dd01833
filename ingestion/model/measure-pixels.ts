import type { PixelMeasures } from '../../contracts/flight.ts';
import { type Exposure, exposure } from './exposure.ts';
import { luminanceHistogram, type PixelBlock, writeLuminance } from './luminance.ts';
import { LONGEST_ROW, sharpnessOf } from './sharpness.ts';

/** Side of the part of the middle that sharpness is measured on. */
const MIDDLE_SIDE = LONGEST_ROW;

/** Digits that are kept: what stands behind them says nothing, and differs between machines. */
const DIGITS = 9;

/** The part of an image at full scale that its sharpness is measured on: its middle, or all of a small one. */
export function middleOf(size: { width: number; height: number }) {
  const width = Math.min(MIDDLE_SIDE, size.width);
  const height = Math.min(MIDDLE_SIDE, size.height);
  const [left, top] = [(size.width - width) >> 1, (size.height - height) >> 1];
  return { left, top, width, height };
}

/** Sharpness of the middle of a block, which has to be at full scale; luminance is 0 (black) to 1. */
export function measureSharpness(
  block: PixelBlock,
): Pick<PixelMeasures, 'blur' | 'laplacianVariance'> {
  const { left, top, width, height } = middleOf(block);
  const seen = sharpnessOf(width, height, (row, to, start) =>
    writeLuminance(block, { row: top + row, left, width }, to, start),
  );
  return {
    blur: rounded(Math.max(seen.blurAlongRows, seen.blurAlongColumns)),
    laplacianVariance: rounded(seen.laplacianVariance),
  };
}

/** Long side of the grid of pixels that exposure is measured on: a million of them say it to a thousandth. */
const EXPOSURE_SIDE = 1024;

/**
 * Exposure of a whole image; luminance is 0 (black) to 1. Of a large one every so many rows and columns count:
 * pixels as they are, as averages of neighbors would be less bright and less dark than any of them.
 */
export function measureExposure(block: PixelBlock): Exposure {
  const step = Math.ceil(Math.max(block.width, block.height) / EXPOSURE_SIDE);
  const seen = exposure(luminanceHistogram(block, step));
  return {
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
