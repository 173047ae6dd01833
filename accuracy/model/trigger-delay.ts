import type { GroundAccuracy } from '../../contracts/ground-accuracy.ts';
import type { ImageControl } from '../../contracts/image-control.ts';
import { exactSum, valueOfSum } from '../../maths/exact-sum.ts';
import { headingOf } from './observation-residual.ts';

type TriggerDelay = NonNullable<GroundAccuracy['triggerDelay']>;

/** What one image says of the delay. */
export interface MovingImage {
  /** Mean residual along the heading of the image, meters. */
  along: number;
  /** Over ground, meters a second. */
  speed: number;
  /** Sine and cosine of the azimuth that the image heads to. */
  heading: readonly [number, number];
}

const SIGNIFICANT = 2;
const LEAST_IMAGES = 3;

/**
 * The delay between record and exposure, from mean residuals of images along their heading. A camera that
 * fires late has flown on: its points then come out behind, at negative `along`.
 *
 * Over lines flown to and fro a shift of the datum cancels, a delay does not. A camera that is tilted in its
 * mount shows the same as a delay: only different speeds could tell them apart, so both have to be named.
 *
 * @returns null with fewer than three moving images, or when the mean may be accident.
 *
 * @example
 * // Residuals of -0.5 m at 10 m/s: 0.05 s late.
 */
export function findTriggerDelay(images: readonly MovingImage[]): TriggerDelay | null {
  const moving = images.filter(({ speed }) => speed > 0);
  const n = moving.length;
  if (n < LEAST_IMAGES) return null;
  const meanOf = (values: readonly number[]) => valueOfSum(exactSum(values)) / n;
  const delays = moving.map(({ along, speed }) => -along / speed);
  const seconds = meanOf(delays);
  const variance = (meanOf(delays.map((delay) => (delay - seconds) ** 2)) * n) / (n - 1);
  if (!(Math.abs(seconds) > SIGNIFICANT * Math.sqrt(variance / n))) return null;
  const [sine, cosine] = moving[0]!.heading;
  return {
    alongMeters: meanOf(moving.map(({ along }) => along)),
    seconds,
    images: n,
    isToAndFro: moving.some(({ heading }) => heading[0] * sine + heading[1] * cosine < 0),
  };
}

/** Of the images in which points lie, as far as their speed is recorded. */
export function movingImages(controls: readonly ImageControl[]): MovingImage[] {
  return controls.flatMap(({ residuals, geometry, groundSpeed }) => {
    const inImage = residuals.filter(({ isInImage }) => isInImage);
    if (inImage.length === 0 || geometry === null || (groundSpeed ?? null) === null) return [];
    const along = valueOfSum(exactSum(inImage.map((residual) => residual.along)));
    return [
      {
        along: along / inImage.length,
        speed: groundSpeed!,
        heading: headingOf(geometry.pose),
      },
    ];
  });
}
