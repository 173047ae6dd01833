/** One sigma that is assumed where the record states none. */
export const assumed = {
  /** Of a gimbal's attitude record, degrees. */
  attitudeDegrees: 1,
  /** Of a consumer receiver's horizontal position, meters. */
  positionMeters: 3,
  /** Of a pointing in the image, pixels. */
  pointingPixels: 0.5,
} as const;

/**
 * Expected horizontal error of direct georeferencing, one sigma per axis, meters: position, attitude
 * over the height, and pointing. The error of the ground model is left out, as heights are the surveyed
 * ones where it matters.
 *
 * @param height above ground, meters.
 * @param gsd meters per pixel.
 * @param sdHorizontal one sigma of the position as the receiver states it, meters; null when it does not.
 *
 * @example
 * expectedError({ height: 100, gsd: 0.03, sdHorizontal: 0.02 }); // 1.7457
 */
export function expectedError(image: {
  height: number;
  gsd: number;
  sdHorizontal: number | null;
}): number {
  const attitude = image.height * Math.tan((assumed.attitudeDegrees * Math.PI) / 180);
  const pointing = image.gsd * assumed.pointingPixels;
  return Math.hypot(image.sdHorizontal ?? assumed.positionMeters, attitude, pointing);
}
