import { type Pose, rayThrough } from '../../maths/camera.ts';
import { meetPlane } from '../../maths/ground.ts';
import { median } from '../../maths/robust.ts';
import type { Vector3 } from '../../maths/rotation.ts';
import { add, length, scale } from '../../maths/vector.ts';
import type { BundleBlock, TiePoint } from './bundle-block.ts';
import { nearestToRays } from './ray-intersection.ts';

/** Share of the flying height that the ground may rise or fall by at first. */
const USUAL_RELIEF = 0.3;

/**
 * First places of the tie points: where their rays come nearest. Rays of a wrong match may do so just
 * below a camera, where a point has great leverage: far off the usual height, the ground at that height is
 * the better guess.
 */
export function placeTiePoints(block: BundleBlock): (Vector3 | null)[] {
  const nearest = block.tiePoints.map((tiePoint) => {
    const rays = raysOf(block, tiePoint);
    return tiePoint.surveyed?.position ?? (rays.length < 2 ? null : nearestToRays(rays));
  });
  const usual = median(nearest.flatMap((point) => (point === null ? [] : [point[2]]))) ?? 0;
  const flying = median(block.images.map(({ pose }) => pose.center[2]))! - usual;
  return nearest.map((point, index) => {
    const tiePoint = block.tiePoints[index]!;
    if (tiePoint.surveyed !== undefined) return point;
    const isUsual = point !== null && Math.abs(point[2] - usual) < USUAL_RELIEF * flying;
    return isUsual ? point : meanOnPlane(raysOf(block, tiePoint), usual);
  });
}

function raysOf(
  { camera, images }: BundleBlock,
  { observations }: TiePoint,
): { center: Vector3; direction: Vector3 }[] {
  return observations.flatMap(({ image, pixel }) => {
    const pose: Pose = images[image]!.pose;
    const ray = rayThrough(camera, pose, pixel);
    return ray === null ? [] : [{ center: pose.center, direction: scale(ray, 1 / length(ray)) }];
  });
}

function meanOnPlane(
  rays: readonly { center: Vector3; direction: Vector3 }[],
  up: number,
): Vector3 | null {
  const met = rays.flatMap(({ center, direction }) => {
    const point = meetPlane(center, direction, up);
    return point === null ? [] : [point];
  });
  if (met.length < 2) return null;
  return scale(met.reduce(add, [0, 0, 0]), 1 / met.length);
}
