import { z } from 'zod';

const share = z.number().min(0).max(1);
const positive = z.number().positive();

/** The limits that decide on a flight, kept in its manifest beside the decision. Luminance is 0 to 1. */
export const flightThresholdsSchema = z.strictObject({
  /** Usable images below which a flight is rejected. */
  minImages: z.number().int().min(1),
  /** Share of images with errors above which a flight is rejected. */
  maxErrorShare: share,
  /** Above the flight's median, of the blur metric: the larger of the two. */
  blurErrorOffset: positive,
  blurErrorNmads: positive,
  blurWarningOffset: positive,
  blurAlwaysError: positive,
  underexposedMean: share,
  underexposedClipLow: share,
  overexposedMean: share,
  overexposedClipHigh: share,
  /** Pixels that the ground moves during the exposure. */
  motionBlurWarning: positive,
  motionBlurError: positive,
  /** Share of the smaller footprint: a warning when a tenth of the pairs has less, an error when half has. */
  forwardOverlapWarning: share,
  forwardOverlapError: share,
  sideOverlapWarning: share,
  sideOverlapError: share,
  /** Share of the ground below the flight that fewer than three images may see. */
  maxHoleShare: share,
  /** Share of the area of interest that no image may see; kept only where there is such an area. */
  maxUncoveredShare: share,
  /** Largest by smallest ground sample distance. */
  maxGsdRatio: z.number().min(1),
  /** Degrees from the plumb line, in a flight that looks down. */
  tiltInfo: positive,
  tiltWarning: positive,
  /** Meters a second. */
  maxSpeed: positive,
  maxSpeedMultirotor: positive,
});

export type FlightThresholds = z.infer<typeof flightThresholdsSchema>;

/** The limits that a request changes; the others keep their defaults. */
export const changedThresholdsSchema = flightThresholdsSchema.partial();

export type ChangedThresholds = z.infer<typeof changedThresholdsSchema>;
