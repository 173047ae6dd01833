import type { CameraOverride } from '../../contracts/assessment.ts';
import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import { type Camera, type Pose, simpleCamera } from '../../maths/camera.ts';
import { geodeticToEnu } from '../../maths/geodesy.ts';
import { frameTurn } from '../../maths/local-frames.ts';
import { gimbalRotation, multiply } from '../../maths/rotation.ts';
import { statedFocal } from '../../maths/stated-focal.ts';
import type { AssessmentPlan } from './assessment-plan.ts';
import { missing } from './missing-records.ts';

/** Whether something could be made out; otherwise why not. */
export function isKnown<Value extends object>(value: Value | { reason: string }): value is Value {
  return !('reason' in value);
}

/**
 * The camera of an image: what the client says of it, else its calibration, else its focal length alone.
 *
 * @returns a reason without a focal length, and for a fisheye lens, which Brown's model does not hold for.
 */
export function cameraOf(
  description: ImageDescription,
  override: CameraOverride,
): Camera | { reason: string } {
  const { width, height, focalPixels, focalMillimeters = null, lens } = description;
  const { calibration = null } = description;
  const model = override.model ?? lens ?? 'perspective';
  if (model === 'fisheye') return { reason: missing.fisheye };
  if (width === 0 || height === 0) return { reason: missing.size };
  const stated = statedFocal(override, description, focalMillimeters);
  const focal = stated ?? focalPixels;
  if (focal === null) return { reason: missing.focal };
  const plain = simpleCamera({ columns: width, rows: height, focalPixels: focal });
  const { k1, k2, k3, p1, p2, centerXPixels, centerYPixels } = override;
  const known = calibration ?? { k1: 0, k2: 0, k3: 0, p1: 0, p2: 0 };
  return {
    ...plain,
    // Pixels keep the shape that the calibration gives them.
    focalY: calibration === null ? focal : (focal * calibration.focalY) / calibration.focalX,
    centerX: centerXPixels ?? calibration?.centerX ?? plain.centerX,
    centerY: centerYPixels ?? calibration?.centerY ?? plain.centerY,
    distortion: {
      k1: k1 ?? known.k1,
      k2: k2 ?? known.k2,
      k3: k3 ?? known.k3,
      p1: p1 ?? known.p1,
      p2: p2 ?? known.p2,
    },
  };
}

/** Height of the camera in the datum of the flight, meters; null when the record does not say. */
export function heightOf(
  { position, relativeAltitude }: ImageDescription,
  heights: AssessmentPlan['heights'],
): number | null {
  if (heights === 'takeoff') return relativeAltitude;
  // Of an unknown datum anything will do that is alike for all images: the offset is estimated.
  return position?.altitude ?? (heights === null ? relativeAltitude : null);
}

/** Where the camera stood and how it was turned, in the frame of the flight; or why that is not known. */
export function poseOf(
  { description }: FlightImage,
  plan: Pick<AssessmentPlan, 'origin' | 'heights' | 'takenOffHeights'>,
): Pose | { reason: string } {
  if (description === null || description.position === null) return { reason: missing.position };
  if (description.attitude === null) return { reason: missing.attitude };
  const height = heightOf(description, plan.heights);
  if (height === null) {
    return { reason: plan.heights === 'takeoff' ? missing.heightAboveTakeoff : missing.altitude };
  }
  const place = {
    latitudeDegrees: description.position.latitude,
    longitudeDegrees: description.position.longitude,
    heightMeters: height - plan.takenOffHeights,
  };
  // The record stands in the level plane at the camera.
  const rotation = multiply(frameTurn(place, plan.origin), gimbalRotation(description.attitude));
  return { center: geodeticToEnu(place, plan.origin), rotation };
}
