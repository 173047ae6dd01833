import type { FlightImage } from '../../contracts/flight.ts';
import type { OrientedView } from '../../contracts/orientation-plan.ts';
import type { ImagePair } from '../../contracts/relative-pairs.ts';
import { multiply, rotationZ } from '../../maths/rotation.ts';
import { heightAboveGround, type Surroundings } from './image-accuracy.ts';
import { cameraOf, isKnown, poseOf } from './image-camera.ts';
import type { NamedPair } from './relative-pairs.ts';

/**
 * An image above level ground at height 0, turned as its pixels are; null without pose, camera, height above
 * ground or picture.
 */
export function viewOfImage(image: FlightImage, surroundings: Surroundings): OrientedView | null {
  const { name, description, usable } = image;
  if (!usable || description === null) return null;
  const { plan } = surroundings;
  const camera = cameraOf(description, plan.camera);
  const pose = poseOf(image, plan);
  const preview = description.preview ?? null;
  if (!isKnown(camera) || !isKnown(pose) || preview === null) return null;
  const height = heightAboveGround(description, pose, surroundings);
  if (height === null) return null;
  const turn = ((plan.turned[name] ?? 0) * Math.PI) / 180;
  const [a, b, c] = multiply(pose.rotation, rotationZ(turn));
  const [east, north] = pose.center;
  return {
    name,
    preview,
    camera,
    pose: { center: [east, north, height], rotation: [[...a], [...b], [...c]] },
  };
}

/** The pairs of which both images can be laid onto the ground. */
export function viewedPairs(
  pairs: readonly NamedPair[],
  views: ReadonlyMap<string, OrientedView>,
): ImagePair[] {
  return pairs.flatMap(({ first, second, kind }) => {
    const [a, b] = [views.get(first), views.get(second)];
    return a === undefined || b === undefined ? [] : [{ first: a, second: b, kind }];
  });
}
