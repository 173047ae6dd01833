import { z } from 'zod';

/** Far beyond what any camera or survey has; with larger figures products would leave the range of numbers. */
const MOST = 1e6;
const positive = z
  .number()
  .min(1 / MOST)
  .max(MOST);
const finite = z.number().min(-MOST).max(MOST);

/** Figures of the camera that stand in place of those found; pixels of the stored image, meters elsewhere. */
export const cameraOverrideSchema = z.strictObject({
  focalPixels: positive.optional(),
  /** With the width of the sensor, another way to say the focal length. */
  focalMillimeters: positive.optional(),
  sensorWidthMillimeters: positive.optional(),
  centerXPixels: finite.optional(),
  centerYPixels: finite.optional(),
  k1: finite.optional(),
  k2: finite.optional(),
  k3: finite.optional(),
  p1: finite.optional(),
  p2: finite.optional(),
  model: z.enum(['perspective', 'fisheye']).optional(),
  /** One sigma of the attitude record: 1 of a gimbal, 0.05 of a survey-grade inertial system. */
  attitudeSigmaDegrees: positive.optional(),
});
export type CameraOverride = z.infer<typeof cameraOverrideSchema>;

/** Limits of the verdict, and what is known of the points that it rests on. */
export const gateRequestSchema = z.strictObject({
  /** RMSE to judge heights by; not judged without. */
  verticalClassCentimeters: positive.optional(),
  /** Distinct check points needed for a pass; 30 as ASPRS Edition 2 asks. */
  requiredPoints: z.number().int().positive().optional(),
  /** RMSE of the survey of the points. */
  surveyHorizontalMeters: z.number().min(0).max(MOST).optional(),
  surveyVerticalMeters: z.number().min(0).max(MOST).optional(),
  /** A person has looked at the suspected blunders and agrees to leave them out. */
  areSuspectsConfirmed: z.boolean().optional(),
  /** The points come from an adjustment of the same images, not from a survey. */
  isControlDerived: z.boolean().optional(),
  /** Height of the geoid above the ellipsoid: positions are ellipsoidal, the points above sea level. */
  geoidSeparationMeters: finite.optional(),
  /** Compares overlapping images with each other, too, which decodes them once more. */
  relativeAccuracy: z.boolean().optional(),
  /** Adjusts positions, attitudes and camera by tie points; for up to 200 images. */
  bundleAdjustment: z.boolean().optional(),
});

/** What the positions and points have their heights above. */
export const heightsSchema = z.enum(['ellipsoidal', 'msl', 'takeoff']);

/** How a flight is to be judged, as far as its client said. Paths are whole and may be read. */
export const assessmentRequestSchema = z.object({
  control: z.string().optional(),
  checkPoints: z.string().optional(),
  dem: z.string().optional(),
  heights: heightsSchema.optional(),
  /** Horizontal RMSE to judge by, centimeters. */
  accuracyClass: positive.optional(),
  camera: cameraOverrideSchema.optional(),
  gate: gateRequestSchema.optional(),
});
export type AssessmentRequest = z.infer<typeof assessmentRequestSchema>;
