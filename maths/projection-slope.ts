import type { Camera, Pose } from './camera.ts';
import { distort, distortionSlope, isInValidField } from './lens-distortion.ts';
import { transform, type Vector3 } from './rotation.ts';
import { cross, subtract, transformBack } from './vector.ts';

/** Where a camera shows a point, and how that changes with everything it depends on. */
export interface ProjectionSlope {
  pixel: [u: number, v: number];
  /** Direction to the point in the camera over its depth, without distortion. */
  ideal: [x: number, y: number];
  /** The same with distortion. */
  seen: [x: number, y: number];
  /** Derivatives of u and v by the point, pixels per meter; by the camera's center they are the opposite. */
  uByPoint: Vector3;
  vByPoint: Vector3;
  /** By a small rotation w, radians, of the camera in its own axes: R exp([w]x). */
  uByRotation: Vector3;
  vByRotation: Vector3;
}

/**
 * `project` with its derivatives, by the chain rule: with Y = R^t (X - C), a = Y_x / Y_z and
 * b = Y_y / Y_z, d(a,b)/dY = [[1/Y_z, 0, -a/Y_z], [0, 1/Y_z, -b/Y_z]], dY/dX = R^t, dY/dw = [Y]x.
 *
 * Source: B. Triggs et al., "Bundle adjustment - a modern synthesis", 2000.
 *
 * @returns null where `project` does.
 */
export function projectWithSlope(
  camera: Camera,
  { center, rotation }: Pose,
  point: Vector3,
): ProjectionSlope | null {
  const inCamera = transformBack(rotation, subtract(point, center));
  const depth = inCamera[2];
  if (!(depth > 0)) return null;
  const ideal: [number, number] = [inCamera[0] / depth, inCamera[1] / depth];
  if (!isInValidField(camera.distortion, ideal)) return null;
  const seen = distort(camera.distortion, ideal);
  const [xx, xy, yx, yy] = distortionSlope(camera.distortion, ideal);
  // By the point in camera axes.
  const uInCamera = rowOf(camera.focalX, xx, xy, ideal, depth);
  const vInCamera = rowOf(camera.focalY, yx, yy, ideal, depth);
  return {
    pixel: [camera.centerX + camera.focalX * seen[0], camera.centerY + camera.focalY * seen[1]],
    ideal,
    seen,
    // The row g^t R^t is (R g)^t.
    uByPoint: transform(rotation, uInCamera),
    vByPoint: transform(rotation, vInCamera),
    // The row g^t [Y]x is (g x Y)^t.
    uByRotation: cross(uInCamera, inCamera),
    vByRotation: cross(vInCamera, inCamera),
  };
}

function rowOf(
  focal: number,
  byX: number,
  byY: number,
  [x, y]: readonly [number, number],
  depth: number,
): Vector3 {
  const factor = focal / depth;
  return [factor * byX, factor * byY, -factor * (byX * x + byY * y)];
}
