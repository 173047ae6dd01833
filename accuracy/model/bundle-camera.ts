import type { Camera } from '../../maths/camera.ts';
import type { ProjectionSlope } from '../../maths/projection-slope.ts';

/** Unknowns of the camera that all images share: see `cameraValues`. */
export const PER_CAMERA = 8;

/** Focal length, principal point, k1, k2, k3, p1, p2. */
export function cameraValues({ focalX, centerX, centerY, distortion }: Camera): number[] {
  const { k1, k2, k3, p1, p2 } = distortion;
  return [focalX, centerX, centerY, k1, k2, k3, p1, p2];
}

/**
 * Derivatives of u (axis 0) or v by the unknowns of the camera, in the order of `cameraValues`.
 *
 * @param out where they are written to, from `at` on.
 */
export function writeCameraSlopes(
  { focalX, focalY }: Camera,
  { ideal, seen }: ProjectionSlope,
  axis: 0 | 1,
  out: Float64Array,
  at: number,
): void {
  const [x, y] = ideal;
  const r2 = x * x + y * y;
  const focal = axis === 0 ? focalX : focalY;
  const radial = focal * ideal[axis] * r2;
  out[at] = (seen[axis] * focal) / focalX;
  out[at + 1] = axis === 0 ? 1 : 0;
  out[at + 2] = axis === 1 ? 1 : 0;
  out[at + 3] = radial;
  out[at + 4] = radial * r2;
  out[at + 5] = radial * r2 * r2;
  out[at + 6] = focal * (axis === 0 ? 2 * x * y : r2 + 2 * y * y);
  out[at + 7] = focal * (axis === 0 ? r2 + 2 * x * x : 2 * x * y);
}

/** The camera after a step, whose last unknowns are its own. */
export function changedCamera(camera: Camera, solution: Float64Array): Camera {
  const step = (k: number) => solution[solution.length - PER_CAMERA + k]!;
  const focal = step(0);
  const { distortion: lens } = camera;
  return {
    ...camera,
    focalX: camera.focalX + focal,
    // The pixels keep their shape.
    focalY: camera.focalY * (1 + focal / camera.focalX),
    centerX: camera.centerX + step(1),
    centerY: camera.centerY + step(2),
    distortion: {
      k1: lens.k1 + step(3),
      k2: lens.k2 + step(4),
      k3: lens.k3 + step(5),
      p1: lens.p1 + step(6),
      p2: lens.p2 + step(7),
    },
  };
}
