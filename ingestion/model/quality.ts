import type { Finding } from '../../contracts/findings.ts';
import type { PixelMeasures } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { imageError, imageWarning } from './finding.ts';

/** Sharpness of the flight: median and NMAD of the blur of its properly exposed images. */
export interface FlightSharpness {
  median: number;
  nmad: number;
}

/** What is wrong with the exposure, or null. */
export function exposureFault(
  measures: PixelMeasures,
  t: FlightThresholds,
): 'UNDEREXPOSED' | 'OVEREXPOSED' | null {
  const { meanLuminance, clipLow, clipHigh } = measures;
  if (meanLuminance < t.underexposedMean || clipLow > t.underexposedClipLow) return 'UNDEREXPOSED';
  if (meanLuminance > t.overexposedMean || clipHigh > t.overexposedClipHigh) return 'OVEREXPOSED';
  return null;
}

/**
 * Judges exposure and sharpness of one image. Blur is judged against the flight, as the metric of a
 * sharp image depends on what the ground looks like, and only where the exposure is right.
 */
export function qualityFindings(
  name: string,
  measures: PixelMeasures,
  flight: FlightSharpness | null,
  t: FlightThresholds,
): Finding[] {
  const { meanLuminance, clipLow, clipHigh, blur } = measures;
  const fault = exposureFault(measures, t);
  if (fault !== null) {
    const word = fault === 'UNDEREXPOSED' ? 'underexposed' : 'overexposed';
    const message = `Image "${name}" is ${word}: mean luminance ${meanLuminance.toFixed(2)}, ${percent(clipLow)} black, ${percent(clipHigh)} white: expose ${fault === 'UNDEREXPOSED' ? 'longer' : 'shorter'}, and fly it again or leave it out`;
    return [imageError(fault, name, message, { meanLuminance, clipLow, clipHigh })];
  }
  if (flight === null) return [];
  const offset = Math.max(t.blurErrorOffset, t.blurErrorNmads * flight.nmad);
  const limit = Math.min(flight.median + offset, t.blurAlwaysError);
  const message = `Image "${name}" is blurred: blur metric ${blur.toFixed(2)}, flight median ${flight.median.toFixed(2)}: leave it out, or fly it again with a shorter exposure`;
  const values = { blur, flightMedian: flight.median, limit };
  if (blur > limit) return [imageError('BLURRED', name, message, values)];
  if (blur > flight.median + t.blurWarningOffset) {
    return [imageWarning('BLURRED', name, message, values)];
  }
  return [];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
