import { type Camera, isInImage, type Pose, project, rayThrough } from '../../maths/camera.ts';
import { meetPlane } from '../../maths/ground.ts';
import { transform, type Vector3 } from '../../maths/rotation.ts';
import { angleBetween } from '../../maths/vector.ts';
import type { ControlObservation, ControlPoint } from './control.ts';

/** How far an image puts a control point from its surveyed place: product minus reference. */
export interface ObservationResidual {
  point: string;
  image: string;
  /** In the image: observed minus projected, pixels. */
  du: number;
  dv: number;
  /** On the ground, meters. */
  east: number;
  north: number;
  radial: number;
  /** The same in the direction that the image looks or its top points to, and to the right of it. */
  along: number;
  across: number;
  /** Between the ray and the plumb line, degrees. */
  rayAngleDegrees: number;
  /** Whether the surveyed height was used; otherwise it was the ground model's. */
  isHeightSurveyed: boolean;
  /** An observation outside the image cannot be right: it is a suspect from the start. */
  isInImage: boolean;
}

/** An observation that gives no residual, and why. */
export interface UnusableObservation {
  point: string;
  image: string;
  reason: string;
}

/**
 * The residual of one observation in an image of known pose. On the ground, the observed pixel is cut
 * with the level plane at the point's own height, so that an error of the ground model plays no part.
 *
 * @param pose in the frame of the point's position: meters east, north, up.
 *
 * @returns a reason instead of a residual when the point lies behind the camera or outside the lens
 * model, or the observed ray looks at the horizon.
 */
export function residualOf(
  observation: ControlObservation,
  point: ControlPoint,
  camera: Camera,
  pose: Pose,
): ObservationResidual | UnusableObservation {
  const names = { point: observation.point, image: observation.image };
  const expected = project(camera, pose, point.position);
  if (expected === null) {
    return { ...names, reason: 'the point lies behind the camera or outside the lens model' };
  }
  const ray = rayThrough(camera, pose, observation.pixel);
  if (ray === null) return { ...names, reason: 'the pixel lies outside the lens model' };
  const seen = meetPlane(pose.center, ray, point.position[2]);
  if (seen === null) return { ...names, reason: 'the pixel looks at the horizon' };
  const [east, north] = [seen[0] - point.position[0], seen[1] - point.position[1]];
  const [sine, cosine] = headingOf(pose);
  return {
    ...names,
    du: observation.pixel[0] - expected[0],
    dv: observation.pixel[1] - expected[1],
    east,
    north,
    radial: Math.hypot(east, north),
    along: east * sine + north * cosine,
    across: east * cosine - north * sine,
    rayAngleDegrees: (angleBetween(ray, [0, 0, -1]) * 180) / Math.PI,
    isHeightSurveyed: point.isHeightKnown,
    isInImage: isInImage(camera, observation.pixel),
  };
}

/** Whether there is a residual. */
export function isResidual(
  result: ObservationResidual | UnusableObservation,
): result is ObservationResidual {
  return !('reason' in result);
}

/**
 * Sine and cosine of the azimuth that an image heads to: where its top points, the more it looks down,
 * and where it looks, the more it is level.
 */
export function headingOf({ rotation }: Pose): [number, number] {
  const [east, north]: Vector3 = transform(rotation, [0, -1, 1]);
  const reach = Math.hypot(east, north);
  return reach > 0 ? [east / reach, north / reach] : [0, 1];
}
