import { type Camera, type Pixel, type Pose, rayThrough } from '../../maths/camera.ts';
import { projectWithSlope } from '../../maths/projection-slope.ts';
import { type Matrix3, transform, type Vector3 } from '../../maths/rotation.ts';
import { add, angleBetween, invert, length, scale } from '../../maths/vector.ts';
import { assumed } from './expected-error.ts';

/** A point as one image shows it. */
export interface ObservedRay {
  camera: Camera;
  pose: Pose;
  pixel: Pixel;
}

/** Where rays meet, in the frame of their poses, meters. */
export interface Intersection {
  point: Vector3;
  /** The place nearest to all rays, before the residuals in the images were made least. */
  nearest: Vector3;
  /** Variances and covariances of the point, square meters, from the pointing alone. */
  covariance: Matrix3;
  /** Largest angle between two rays, degrees. */
  rayAngleDegrees: number;
  rays: number;
  /** Length of what is left in the images, root mean square, pixels. */
  rmsPixels: number;
}

/** Rays that meet nowhere with certainty, and why. */
export interface WeakIntersection {
  reason: string;
  rayAngleDegrees: number | null;
}

/** Below this the height is hardly determined. */
const LEAST_ANGLE_DEGREES = 5;
const REFINEMENTS = 4;

/**
 * The point that several images see, by least squares: first the place nearest to all rays, which solves
 * (sum M_i) X = sum M_i C_i with M_i = I - d_i d_i^t, then Gauss-Newton on the residuals in the images.
 *
 * @param pointingPixels one sigma of an observation, pixels, for the covariance.
 * @returns a reason instead of a point with fewer than two rays, with rays that are nearly parallel, and
 * when the point would lie behind a camera.
 */
export function intersectRays(
  observed: readonly ObservedRay[],
  pointingPixels: number = assumed.pointingPixels,
): Intersection | WeakIntersection {
  const rays = observed.flatMap(({ camera, pose, pixel }) => {
    const ray = rayThrough(camera, pose, pixel);
    return ray === null ? [] : [{ center: pose.center, direction: scale(ray, 1 / length(ray)) }];
  });
  if (rays.length < 2) {
    return { reason: `two rays are needed: found ${rays.length}`, rayAngleDegrees: null };
  }
  const rayAngleDegrees = widestAngle(rays.map(({ direction }) => direction));
  if (rayAngleDegrees < LEAST_ANGLE_DEGREES) {
    return {
      reason: `rays must differ by ${LEAST_ANGLE_DEGREES} degrees: found ${rayAngleDegrees.toFixed(1)}`,
      rayAngleDegrees,
    };
  }
  const start = nearestToRays(rays);
  const refined = start === null ? null : refine(observed, start);
  if (start === null || refined === null) {
    return { reason: 'the rays do not meet before the cameras', rayAngleDegrees };
  }
  const variance = pointingPixels ** 2;
  const covariance = refined.cofactors.map((row) => scale(row, variance));
  return {
    point: refined.point,
    nearest: start,
    covariance: [covariance[0]!, covariance[1]!, covariance[2]!],
    rayAngleDegrees,
    rays: rays.length,
    rmsPixels: refined.rmsPixels,
  };
}

/** Whether the rays met. */
export function isIntersection(result: Intersection | WeakIntersection): result is Intersection {
  return 'point' in result;
}

function widestAngle(directions: readonly Vector3[]): number {
  let widest = 0;
  directions.forEach((a, index) => {
    for (const b of directions.slice(index + 1)) widest = Math.max(widest, angleBetween(a, b));
  });
  return (widest * 180) / Math.PI;
}

/** The place with the least sum of squared distances to rays with directions of length 1. */
export function nearestToRays(
  rays: readonly { center: Vector3; direction: Vector3 }[],
): Vector3 | null {
  const normal = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let right: Vector3 = [0, 0, 0];
  // Counted from the first center, so that large coordinates do not eat the digits.
  const origin = rays[0]!.center;
  for (const { center, direction: d } of rays) {
    const from = add(center, scale(origin, -1));
    const along = d[0] * from[0] + d[1] * from[1] + d[2] * from[2];
    right = add(right, add(from, scale(d, -along)));
    for (let k = 0; k < 9; k++) {
      const [row, column] = [Math.floor(k / 3), k % 3];
      normal[k]! += (row === column ? 1 : 0) - d[row]! * d[column]!;
    }
  }
  const inverse = invert(asMatrix(normal));
  return inverse === null ? null : add(origin, transform(inverse, right));
}

function refine(
  observed: readonly ObservedRay[],
  start: Vector3,
): { point: Vector3; cofactors: Matrix3; rmsPixels: number } | null {
  let point = start;
  for (let step = 0; ; step++) {
    const normal = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    let right: Vector3 = [0, 0, 0];
    let squares = 0;
    for (const { camera, pose, pixel } of observed) {
      const shown = projectWithSlope(camera, pose, point);
      if (shown === null) return null;
      const [du, dv] = [pixel[0] - shown.pixel[0], pixel[1] - shown.pixel[1]];
      const { uByPoint, vByPoint } = shown;
      squares += du * du + dv * dv;
      right = add(right, add(scale(uByPoint, du), scale(vByPoint, dv)));
      for (let k = 0; k < 9; k++) {
        const [row, column] = [Math.floor(k / 3), k % 3];
        normal[k]! += uByPoint[row]! * uByPoint[column]! + vByPoint[row]! * vByPoint[column]!;
      }
    }
    const cofactors = invert(asMatrix(normal));
    if (cofactors === null) return null;
    if (step === REFINEMENTS) {
      return { point, cofactors, rmsPixels: Math.sqrt(squares / observed.length) };
    }
    point = add(point, transform(cofactors, right));
  }
}

function asMatrix(n: readonly number[]): Matrix3 {
  return [
    [n[0]!, n[1]!, n[2]!],
    [n[3]!, n[4]!, n[5]!],
    [n[6]!, n[7]!, n[8]!],
  ];
}
