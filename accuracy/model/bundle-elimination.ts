import { projectWithSlope } from '../../maths/projection-slope.ts';
import { type Matrix3, transform, type Vector3 } from '../../maths/rotation.ts';
import type { SymmetricSystem } from '../../maths/symmetric-system.ts';
import { invert } from '../../maths/vector.ts';
import type { BundleBlock, BundleState } from './bundle-block.ts';
import { PER_CAMERA, writeCameraSlopes } from './bundle-camera.ts';

/** Unknowns of an image: its center and a small turn. */
export const PER_IMAGE = 6;

/** Which observations take part, and how hard each pulls. */
export interface BundleWeights {
  /** Per tie point and observation. */
  isKept: readonly (readonly boolean[])[];
  /** One sigma of an observation, pixels. */
  pointingPixels: number;
  /** Residuals beyond this pull like their length, not its square, pixels. */
  softPixels: number;
  /** Whether the camera stays as it was assumed, as long as the poses are poor. */
  isCameraHeld: boolean;
}

/** A tie point that waits for the step of images and camera. */
export interface EliminatedPoint {
  index: number;
  /** Inverse of its own normal equations, and their right side. */
  inverse: Matrix3;
  right: Vector3;
  /** Where its part of the couplings begins, and how many unknowns it has. */
  from: number;
  count: number;
}

/**
 * What all points of a step are coupled with: unknowns in ascending order for each point, and three values for
 * each unknown. In two arrays for all, as thousands of small ones cost more than what is done with them.
 */
export interface Couplings {
  unknowns: Int32Array;
  values: Float64Array;
  used: number;
}

export function couplingsFor({ tiePoints }: BundleBlock): Couplings {
  const size = tiePoints.reduce(
    (sum, { observations }) => sum + PER_IMAGE * observations.length + PER_CAMERA,
    0,
  );
  return { unknowns: new Int32Array(size), values: new Float64Array(3 * size), used: 0 };
}

/** Of one observation: those of its image, then those of the camera. */
const slopes = new Float64Array(PER_IMAGE + PER_CAMERA);
const places = new Int32Array(PER_IMAGE + PER_CAMERA);
/** Of one point, row by row. */
const own = new Float64Array(9);
const ownRight = new Float64Array(3);

/**
 * Adds the observations of one tie point to the equations of images and camera, and gives what has to be
 * taken away again as the point itself moves; null when its place is not determined.
 */
export function eliminatePoint(
  block: BundleBlock,
  state: BundleState,
  weights: BundleWeights,
  damping: number,
  index: number,
  system: SymmetricSystem,
  couplings: Couplings,
): EliminatedPoint | null {
  const { observations, surveyed } = block.tiePoints[index]!;
  const point = state.points[index]!;
  if (point === null) return null;
  const shown = observations.flatMap(({ image, pixel }, at) => {
    if (!weights.isKept[index]![at]) return [];
    const slope = projectWithSlope(state.camera, state.poses[image]!, point);
    return slope === null ? [] : [{ image, pixel, slope }];
  });
  if (shown.length < 2 && surveyed === undefined) return null;
  const images = [...new Set(shown.map(({ image }) => image))].toSorted((a, b) => a - b);
  const from = couplings.used;
  const count = addUnknowns(couplings, images, PER_IMAGE * block.images.length);
  const { unknowns, values: coupling } = couplings;
  own.fill(0);
  ownRight.fill(0);
  for (let axis = 0; surveyed !== undefined && axis < 3; axis++) {
    const weight = 1 / surveyed.sd[axis]! ** 2;
    own[4 * axis]! += weight;
    ownRight[axis]! += weight * (surveyed.position[axis]! - point[axis]!);
  }
  const cameraAt = from + PER_IMAGE * images.length;
  for (let k = 0; k < PER_CAMERA; k++) places[PER_IMAGE + k] = unknowns[cameraAt + k]!;
  for (const { image, pixel, slope } of shown) {
    const imageAt = from + PER_IMAGE * images.indexOf(image);
    for (let k = 0; k < PER_IMAGE; k++) places[k] = unknowns[imageAt + k]!;
    const missU = pixel[0] - slope.pixel[0];
    const missV = pixel[1] - slope.pixel[1];
    const soft = Math.sqrt(1 + (missU * missU + missV * missV) / weights.softPixels ** 2);
    const weight = 1 / (soft * weights.pointingPixels ** 2);
    for (const axis of [0, 1] as const) {
      const byPoint = axis === 0 ? slope.uByPoint : slope.vByPoint;
      const byTurn = axis === 0 ? slope.uByRotation : slope.vByRotation;
      const miss = axis === 0 ? missU : missV;
      for (let k = 0; k < 3; k++) {
        slopes[k] = -byPoint[k]!;
        slopes[3 + k] = byTurn[k]!;
      }
      writeCameraSlopes(state.camera, slope, axis, slopes, PER_IMAGE);
      system.addEquation(places, slopes, miss, weight);
      for (let a = 0; a < 3; a++) {
        const weighted = weight * byPoint[a]!;
        ownRight[a]! += weighted * miss;
        for (let b = 0; b < 3; b++) own[3 * a + b]! += weighted * byPoint[b]!;
        for (let k = 0; k < PER_IMAGE; k++)
          coupling[3 * (imageAt + k) + a]! += weighted * slopes[k]!;
        for (let k = 0; k < PER_CAMERA; k++) {
          coupling[3 * (cameraAt + k) + a]! += weighted * slopes[PER_IMAGE + k]!;
        }
      }
    }
  }
  const inverse = invert([
    [own[0]! * (1 + damping), own[1]!, own[2]!],
    [own[3]!, own[4]! * (1 + damping), own[5]!],
    [own[6]!, own[7]!, own[8]! * (1 + damping)],
  ]);
  if (inverse === null) return null;
  const right: Vector3 = [ownRight[0]!, ownRight[1]!, ownRight[2]!];
  return { index, inverse, right, from, count };
}

/** Those of some images and of the camera, which comes last. */
function addUnknowns(couplings: Couplings, images: readonly number[], cameraAt: number): number {
  const { unknowns, used } = couplings;
  let to = used;
  for (const image of images) {
    for (let k = 0; k < PER_IMAGE; k++) unknowns[to++] = PER_IMAGE * image + k;
  }
  for (let k = 0; k < PER_CAMERA; k++) unknowns[to++] = cameraAt + k;
  couplings.used = to;
  return to - used;
}

/** Of one point: its couplings times the inverse. */
let moved = new Float64Array(0);

/** What the elimination of a point takes away from the system: W V^-1 W^t and W V^-1 g. */
export function subtractCoupling(
  { inverse, right, from, count }: EliminatedPoint,
  { unknowns, values }: Couplings,
  system: SymmetricSystem,
): void {
  const [first, second, third] = inverse;
  if (moved.length < 3 * count) moved = new Float64Array(3 * count);
  for (let a = 0, to = 0, at = 3 * from; a < count; a++, to += 3, at += 3) {
    const x = values[at]!;
    const y = values[at + 1]!;
    const z = values[at + 2]!;
    const p = first[0] * x + first[1] * y + first[2] * z;
    const q = second[0] * x + second[1] * y + second[2] * z;
    const r = third[0] * x + third[1] * y + third[2] * z;
    moved[to] = p;
    moved[to + 1] = q;
    moved[to + 2] = r;
    system.right[unknowns[from + a]!]! -= p * right[0] + q * right[1] + r * right[2];
  }
  system.subtractProduct(unknowns, from, count, moved, values);
}

/** How a point moves once the step of images and camera is known. */
export function substituted(
  { inverse, right, from, count }: EliminatedPoint,
  { unknowns, values }: Couplings,
  solution: Float64Array,
): Vector3 {
  let [x, y, z] = right;
  for (let a = from; a < from + count; a++) {
    const value = solution[unknowns[a]!]!;
    x -= values[3 * a]! * value;
    y -= values[3 * a + 1]! * value;
    z -= values[3 * a + 2]! * value;
  }
  return transform(inverse, [x, y, z]);
}
