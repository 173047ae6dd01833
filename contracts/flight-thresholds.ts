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
  /** Share of the pairs that may overlap less than the warning says. */
  lowOverlapShare: share,
  /** Images that must see a place on the ground, and the share of the ground below the flight that fewer may see. */
  minImagesOnGround: z.number().int().min(1),
  maxHoleShare: share,
  /** Share of the area of interest that no image may see; kept only where there is such an area. */
  maxUncoveredShare: share,
  /** Largest by smallest ground sample distance. */
  maxGsdRatio: z.number().min(1),
  /** Degrees from the plumb line, in a flight that looks down. */
  tiltInfo: positive,
  tiltWarning: positive,
  /** Median tilt up to which a flight looks down, degrees. */
  nadirTilt: positive,
  /** Meters a second. */
  maxSpeed: positive,
  maxSpeedMultirotor: positive,
  /** Between the top of an image and the line flown, degrees; and the share of a flight's images that may have more. */
  maxCrab: positive,
  maxCrabShare: share,
  /** A step of the clock by the median one, from one number of an image to the next. */
  maxTimeStepRatio: z.number().min(1),
  /** Minutes after which a file that was changed is taken for edited. */
  editedAfterMinutes: positive,
  /** Correlation by which a thumbnail has to fit better when turned. */
  thumbnailAdvantage: z.number().min(0).max(2),
  /** Sum of logarithms by which neighbors have to fit better when an image is turned. */
  turnAdvantage: positive,
  /** From the median altitude: the larger of meters and so many NMAD. */
  altitudeOutlierMeters: positive,
  altitudeOutlierNmads: positive,
  /** From the middle of the flight: the larger of meters and so many median distances. */
  positionOutlierMeters: positive,
  positionOutlierRatio: positive,
  /** Between two records of one position, meters. */
  maxPositionDifference: positive,
  /** Share by which a focal length may differ from the flight's median. */
  maxFocalDifference: share,
  /** Altitudes that count from another zero: by how much, and with what scatter at the most, meters. */
  datumOffset: positive,
  datumSpread: positive,
  /** Images of one capture: meters between positions of one moment; bits of two hashes, and share of the footprint. */
  sameCaptureMeters: positive,
  sameCaptureHashBits: z.number().int().min(0).max(64),
  sameCaptureFootprintShare: share,
  /** Images that see a control point, and control points of a flight: fewer are an error, and a warning. */
  controlRaysError: z.number().int().min(0),
  controlRaysWarning: z.number().int().min(0),
  controlPointsError: z.number().int().min(0),
  controlPointsWarning: z.number().int().min(0),
  /** Share of the flight that its control has to surround. */
  minControlShare: share,
  /** Between the nearest image and what is measured on the ground, control or an area, meters. */
  maxGroundDistance: positive,
});

export type FlightThresholds = z.infer<typeof flightThresholdsSchema>;

/** The limits that a request changes; the others keep their defaults. */
export const changedThresholdsSchema = flightThresholdsSchema.partial();

export type ChangedThresholds = z.infer<typeof changedThresholdsSchema>;
