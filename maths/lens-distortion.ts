/** Brown's coefficients in OpenCV's order: radial k1, k2, k3, tangential p1, p2. Without unit. */
export interface LensDistortion {
  k1: number;
  k2: number;
  k3: number;
  p1: number;
  p2: number;
}

/** Image coordinates over the focal length: x right, y down from the optical axis, without unit. */
export type ImageDirection = readonly [x: number, y: number];

/** Of an ideal lens, and of images that were freed of distortion. */
export const NO_DISTORTION: LensDistortion = { k1: 0, k2: 0, k3: 0, p1: 0, p2: 0 };

const MOST_STEPS = 100;
const CONVERGED = 1e-14;

/** Beyond this the step hunts the last digit, and the result is taken as it is. */
const GOOD_ENOUGH = 1e-12;

/**
 * Where the lens shows what an ideal one would show at (x, y).
 *
 * x' = x L + 2 p1 x y + p2 (r2 + 2 x2), y' = y L + p1 (r2 + 2 y2) + 2 p2 x y, L = 1 + k1 r2 + k2 r4 + k3 r6.
 * Agisoft exchanges p1 and p2; OpenSfM has the same model with f, cx, cy over the longer side.
 *
 * Source: D. C. Brown, "Close-range camera calibration", Photogrammetric Engineering 37, 1971.
 *
 * @example
 * // With the factory calibration of a Phantom 4 RTK:
 * distort(lens, [0.1, -0.05]); // [0.099661489, -0.049818632]
 */
export function distort(
  { k1, k2, k3, p1, p2 }: LensDistortion,
  [x, y]: ImageDirection,
): [number, number] {
  const r2 = x * x + y * y;
  const radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  return [
    x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
    y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
  ];
}

/** Derivatives of `distort` by x and y: [dx'/dx, dx'/dy, dy'/dx, dy'/dy]. */
export function distortionSlope(
  { k1, k2, k3, p1, p2 }: LensDistortion,
  [x, y]: ImageDirection,
): [number, number, number, number] {
  const r2 = x * x + y * y;
  const radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const bend = 2 * (k1 + r2 * (2 * k2 + r2 * 3 * k3));
  const mixed = bend * x * y + 2 * p1 * x + 2 * p2 * y;
  return [
    radial + bend * x * x + 2 * p1 * y + 6 * p2 * x,
    mixed,
    mixed,
    radial + bend * y * y + 6 * p1 * y + 2 * p2 * x,
  ];
}

/**
 * The direction that the lens shows at (x', y'), to 1e-12; undoes `distort`.
 *
 * Newton's method from (x', y'), which comes from the same side without overshooting for barrel as for
 * pincushion lenses.
 *
 * @returns null outside the valid field: where the model folds back, so that two directions would share
 * a place, or no direction is found.
 *
 * @example
 * // The upper-left pixel of the same camera:
 * undistort(lens, [-0.746911, -0.505832]); // [-1.010800, -0.686293]
 */
export function undistort(lens: LensDistortion, seen: ImageDirection): [number, number] | null {
  let [x, y] = seen;
  for (let step = 0; step < MOST_STEPS; step++) {
    const [shownX, shownY] = distort(lens, [x, y]);
    const [xx, xy, yx, yy] = distortionSlope(lens, [x, y]);
    const determinant = xx * yy - xy * yx;
    const [missX, missY] = [seen[0] - shownX, seen[1] - shownY];
    const stepX = (yy * missX - xy * missY) / determinant;
    const stepY = (xx * missY - yx * missX) / determinant;
    x += stepX;
    y += stepY;
    const moved = Math.hypot(stepX, stepY);
    if (!Number.isFinite(moved)) return null;
    if (moved < CONVERGED || (step > 10 && moved < GOOD_ENOUGH)) {
      return isInValidField(lens, [x, y]) ? [x, y] : null;
    }
  }
  return null;
}

/**
 * Whether the radial model still grows everywhere up to this direction. Beyond, it folds back, and places
 * far outside the image would appear inside.
 */
export function isInValidField({ k1, k2, k3 }: LensDistortion, [x, y]: ImageDirection): boolean {
  const r2 = x * x + y * y;
  const slopeAt = (q: number) => 1 + q * (3 * k1 + q * (5 * k2 + q * 7 * k3));
  // The slope is a cubic of r2: it is least at the end or where its own derivative is zero.
  return [r2, ...rootsOf(21 * k3, 10 * k2, 3 * k1).filter((q) => q > 0 && q < r2)].every(
    (q) => slopeAt(q) > 0,
  );
}

/** Real solutions of a q2 + b q + c = 0. */
function rootsOf(a: number, b: number, c: number): number[] {
  if (a === 0) return b === 0 ? [] : [-c / b];
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return [];
  const root = Math.sqrt(discriminant);
  return [(-b + root) / (2 * a), (-b - root) / (2 * a)];
}
