import type { Pixel } from '../../maths/camera.ts';
import type { Vector3 } from '../../maths/rotation.ts';

/** A point on the ground whose place was surveyed. */
export interface ControlPoint {
  name: string;
  /** Meters east, north, up of the flight's origin. */
  position: Vector3;
  /** False when the list states none: `position` then has the height of the ground model. */
  isHeightKnown: boolean;
}

/** A control point as it was found in an image. */
export interface ControlObservation {
  point: string;
  image: string;
  /** In the stored raster, EXIF Orientation not applied. */
  pixel: Pixel;
}
