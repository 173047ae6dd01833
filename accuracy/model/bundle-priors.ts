import type { Camera } from '../../maths/camera.ts';
import { multiply } from '../../maths/rotation.ts';
import { vectorOfRotation } from '../../maths/rotation-vector.ts';
import { subtract, transpose } from '../../maths/vector.ts';
import type { BundleImage, BundleState } from './bundle-block.ts';
import { cameraValues } from './bundle-camera.ts';

/** Share of its sigmas that a camera that is held may move. */
const HOLD = 1e-3;

/** What an image was moved (meters) and turned (radians) from its record, each with its sigma. */
export function priorResiduals(
  { pose, sdPosition, sdAttitudeDegrees }: BundleImage,
  state: BundleState,
  index: number,
): [value: number, sd: number][] {
  const { center, rotation } = state.poses[index]!;
  const turn = vectorOfRotation(multiply(transpose(pose.rotation), rotation));
  const sdTurn = (sdAttitudeDegrees * Math.PI) / 180;
  return [
    ...subtract(center, pose.center).map((value, axis): [number, number] => [
      value,
      sdPosition[axis]!,
    ]),
    ...turn.map((value): [number, number] => [value, sdTurn]),
  ];
}

/** What the camera was changed from its assumption, each with its sigma. */
export function cameraPriors(
  assumedCamera: Camera,
  camera: Camera,
  isHeld: boolean,
): [value: number, sd: number][] {
  const [before, after] = [cameraValues(assumedCamera), cameraValues(camera)];
  const { columns } = assumedCamera;
  const sds = [0.05 * assumedCamera.focalX, 0.01 * columns, 0.01 * columns];
  // Radial and tangential distortion of common lenses; weak enough to follow what the images show.
  const lens = [0.2, 0.2, 0.2, 0.01, 0.01];
  return [...sds, ...lens].map((sd, k) => [after[k]! - before[k]!, isHeld ? sd * HOLD : sd]);
}
