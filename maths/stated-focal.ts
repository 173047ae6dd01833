/** Ways in which a person may say a focal length. */
export interface StatedFocal {
  focalPixels?: number | undefined;
  focalMillimeters?: number | undefined;
  sensorWidthMillimeters?: number | undefined;
}

/**
 * The focal length that a person states, in pixels of an image: as such, or by the width of the sensor, which
 * belongs to the longer side of the image.
 *
 * @param recordedMillimeters what the image records of itself, for a sensor whose width alone is stated.
 * @returns null when nothing is stated, or too little.
 *
 * @example
 * statedFocal({ focalMillimeters: 3.61, sensorWidthMillimeters: 6.17 }, { width: 4000, height: 3000 }); // 2340.36
 */
export function statedFocal(
  { focalPixels, focalMillimeters, sensorWidthMillimeters }: StatedFocal,
  { width, height }: { width: number; height: number },
  recordedMillimeters: number | null = null,
): number | null {
  if (focalPixels !== undefined) return focalPixels;
  const millimeters = focalMillimeters ?? recordedMillimeters;
  if (millimeters === null || sensorWidthMillimeters === undefined) return null;
  return (millimeters / sensorWidthMillimeters) * Math.max(width, height);
}
