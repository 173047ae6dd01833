import { type Camera, type Pixel, type Pose, project } from '../../maths/camera.ts';
import type { Vector3 } from '../../maths/rotation.ts';

/** An image of a block as it was recorded, and how far the record is trusted. */
export interface BundleImage {
  name: string;
  pose: Pose;
  /** One sigma of the position east, north and up, meters. */
  sdPosition: Vector3;
  /** One sigma of the attitude about each axis, degrees: 2 to 5 for a gimbal. */
  sdAttitudeDegrees: number;
}

/** A point on the ground that several images show. */
export interface TiePoint {
  /** `image` counts the images of the block from 0. */
  observations: readonly { image: number; pixel: Pixel }[];
  /** Of a control point: its place and one sigma of the survey, meters east, north, up. */
  surveyed?: { position: Vector3; sd: Vector3 };
}

/** Images of one camera and the points that tie them together. */
export interface BundleBlock {
  camera: Camera;
  images: readonly BundleImage[];
  tiePoints: readonly TiePoint[];
}

/** What an adjustment changes. */
export interface BundleState {
  camera: Camera;
  poses: readonly Pose[];
  /** Null for a tie point that could not be placed. */
  points: readonly (Vector3 | null)[];
}

/** An observation that a state can't show at all counts as this far off, pixels. */
const NOT_SHOWN = 1000;

/** Where a state shows a point minus where it was observed, turned: observed minus projected, pixels. */
export function missOf(
  state: BundleState,
  point: Vector3,
  { image, pixel }: TiePoint['observations'][number],
): readonly [number, number] {
  const shown = project(state.camera, state.poses[image]!, point);
  return shown === null ? [NOT_SHOWN, 0] : [pixel[0] - shown[0], pixel[1] - shown[1]];
}
