import { correlationPeak, crossSpectrum } from './cross-correlation.ts';
import { fourier } from './fourier.ts';
import { gradientField } from './gradient-field.ts';
import { orientationField } from './orientation-field.ts';
import { type Raster, validShare } from './raster.ts';

/** Share of a patch that has to hold data. */
const MIN_VALID = 0.4;

/**
 * How clearly two patches of one size show the same, shifted by at most `searchRadius` cells along each axis:
 * the peak to sidelobe ratio of the correlation of their gradients' axes, as windows of a registration have it.
 *
 * Unrelated patches reach 4 to 6.
 *
 * @param searchRadius whole cells; up to a quarter of the side makes sense.
 * @returns null where a patch holds too little, or is level.
 */
export function patchAgreement(first: Raster, second: Raster, searchRadius: number): number | null {
  if (validShare(first) < MIN_VALID || validShare(second) < MIN_VALID) return null;
  const [from, to] = [gradientField(first), gradientField(second)];
  if (!(from.medianMagnitude > 0 && to.medianMagnitude > 0)) return null;
  const spectrum = crossSpectrum(
    fourier(orientationField(from, 'axis')),
    fourier(orientationField(to, 'axis')),
    true,
  );
  return correlationPeak(spectrum, searchRadius).peakToSidelobe;
}
