import { exactSum, valueOfSum } from '../../maths/exact-sum.ts';

/** A camera that fires late, or a clock that is off: all images lie ahead of, or behind, their record. */
export interface TriggerDelay {
  /** Mean residual along track, meters. */
  alongMeters: number;
  /** Positive when the images were taken later than recorded. */
  seconds: number;
  images: number;
}

const SIGNIFICANT = 2;
const LEAST_IMAGES = 3;

/**
 * The delay between record and exposure, from mean residuals of images along their track. A camera that
 * fires late has flown on: its points then come out behind, at negative `along`.
 *
 * @param images with control and a known speed: mean residual in the direction of flight, meters, and
 * speed over ground, m/s. Over lines flown to and fro a shift of the datum cancels, a delay does not.
 * @returns null with fewer than three images, or when the mean may be accident.
 *
 * @example
 * // Residuals of -0.5 m at 10 m/s: 0.05 s late.
 */
export function findTriggerDelay(
  images: readonly { along: number; speed: number }[],
): TriggerDelay | null {
  const moving = images.filter(({ speed }) => speed > 0);
  const n = moving.length;
  if (n < LEAST_IMAGES) return null;
  const meanOf = (values: readonly number[]) => valueOfSum(exactSum(values)) / n;
  const delays = moving.map(({ along, speed }) => -along / speed);
  const seconds = meanOf(delays);
  const variance = (meanOf(delays.map((delay) => (delay - seconds) ** 2)) * n) / (n - 1);
  if (!(Math.abs(seconds) > SIGNIFICANT * Math.sqrt(variance / n))) return null;
  return { alongMeters: meanOf(moving.map(({ along }) => along)), seconds, images: n };
}
