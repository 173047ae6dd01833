import { median, nmad } from '../../maths/robust.ts';

/** How far the heights of a flight lie above those of its control. */
export interface HeightOffset {
  /** Median of the points, meters: to be taken off the recorded heights. */
  meters: number;
  /** Robust spread of the points about it, meters. */
  nmad: number;
  points: number;
}

const LEAST_POINTS = 3;

/**
 * A constant difference between the heights of images and control, as between ellipsoid and sea level
 * (-107 to +85 m over the earth) when the datum of one is not stated. It is a bias of the records, to be
 * reported; horizontal residuals make sense only after it has been taken off, as a camera that is 45 m too
 * high sees the ground at half its scale. The vertical accuracy is then not assessed.
 *
 * @param points residuals of points where rays meet, product minus reference.
 * @returns null with fewer than three points.
 *
 * @example
 * estimateHeightOffset([{ up: 45.1 }, { up: 44.9 }, { up: 45 }]); // 45 m
 */
export function estimateHeightOffset(
  points: readonly { up: number | null }[],
): HeightOffset | null {
  const heights = points.flatMap(({ up }) => up ?? []);
  if (heights.length < LEAST_POINTS) return null;
  return { meters: median(heights)!, nmad: nmad(heights)!, points: heights.length };
}
