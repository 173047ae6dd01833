/** One sigma that is assumed where the record states none. */
export const assumed = {
  /** Of a gimbal's attitude record, degrees. */
  attitudeDegrees: 1,
  /** Of the attitude that a survey-grade inertial system records, degrees. */
  surveyAttitudeDegrees: 0.05,
  /** Of a consumer receiver's horizontal position, meters. */
  positionMeters: 3,
  /** Of a pointing in the image, pixels. */
  pointingPixels: 0.5,
} as const;

/** An image whose residual is more than this many times what was expected is an outlier. */
export const MOST_NORMALIZED = 3;

/**
 * Expected horizontal error of direct georeferencing, one sigma per axis, meters: position, attitude
 * over the height, height of the ground times the leverage of the ray, and pointing.
 *
 * @param height above ground, meters.
 * @param gsd meters per pixel.
 * @param sdHorizontal one sigma of the position as the receiver states it, meters; null when it does not.
 * @param attitudeDegrees one sigma of the attitude; that of a gimbal unless given.
 * @param ground one sigma of its height, meters, and how far a ray moves sideways per meter of height;
 * left out where surveyed heights are used.
 *
 * @example
 * expectedError({ height: 100, gsd: 0.03, sdHorizontal: 0.02 }); // 1.7457
 */
export function expectedError(image: {
  height: number;
  gsd: number;
  sdHorizontal: number | null;
  attitudeDegrees?: number;
  ground?: { sdHeight: number; leverage: number };
}): number {
  const { attitudeDegrees = assumed.attitudeDegrees, ground } = image;
  const attitude = image.height * Math.tan((attitudeDegrees * Math.PI) / 180);
  const pointing = image.gsd * assumed.pointingPixels;
  const relief = ground === undefined ? 0 : ground.sdHeight * ground.leverage;
  return Math.hypot(image.sdHorizontal ?? assumed.positionMeters, attitude, relief, pointing);
}

/**
 * The radial residual of an image over what was expected of it: about 1 when the record keeps its
 * promise. Above 3 the image is an outlier.
 *
 * @param rmseRadial root mean square length of its ground residuals, meters.
 * @param sigma expected, one sigma per axis, meters.
 */
export function normalizedError(rmseRadial: number, sigma: number): number {
  return rmseRadial / (sigma * Math.SQRT2);
}
