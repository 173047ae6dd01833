import { projectWithSlope } from '../../maths/projection-slope.ts';
import { type Matrix3, multiply, transform, type Vector3 } from '../../maths/rotation.ts';
import { rotationFromVector } from '../../maths/rotation-vector.ts';
import { SymmetricSystem } from '../../maths/symmetric-system.ts';
import { add, invert } from '../../maths/vector.ts';
import type { BundleBlock, BundleState, TiePoint } from './bundle-block.ts';
import { cameraSlopes, changedCamera, PER_CAMERA } from './bundle-camera.ts';
import { cameraPriors, priorResiduals } from './bundle-priors.ts';

/** Unknowns of an image: its center and a small turn. */
const PER_IMAGE = 6;

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
interface Eliminated {
  index: number;
  /** Inverse of its own normal equations, and their right side. */
  inverse: Matrix3;
  right: Vector3;
  /** Unknowns that it depends on, and three slopes for each. */
  unknowns: Int32Array;
  coupling: Float64Array;
}

/**
 * One step of Levenberg and Marquardt for a whole block. Each tie point is eliminated as soon as its
 * observations are known, so that a system of images and camera only remains (Schur complement); the
 * points follow by substitution.
 *
 * Source: D. C. Brown, "The bundle adjustment - progress and prospects", 1976; B. Triggs et al., "Bundle
 * adjustment - a modern synthesis", 2000.
 *
 * @returns null when an unknown is not determined at this damping.
 */
export function bundleStep(
  block: BundleBlock,
  state: BundleState,
  weights: BundleWeights,
  damping: number,
): BundleState | null {
  const size = PER_IMAGE * block.images.length + PER_CAMERA;
  const system = new SymmetricSystem(size);
  const diagonal = new Float64Array(size);
  const addTo = (a: number, b: number, value: number) => {
    system.add(a, b, value);
    if (a === b) diagonal[a]! += value;
  };
  addPriors(block, state, weights, addTo, system.right);
  const eliminated = block.tiePoints.flatMap((tiePoint, index) => {
    const point = state.points[index]!;
    if (point === null) return [];
    return eliminate(block, state, weights, damping, index, tiePoint, point, addTo, system) ?? [];
  });
  diagonal.forEach((value, index) => system.add(index, index, damping * value));
  const solution = system.solve();
  return solution === null ? null : applyStep(state, solution, eliminated);
}

type AddTo = (a: number, b: number, value: number) => void;

/** How far the record is trusted pulls every image and the camera back to it. */
function addPriors(
  block: BundleBlock,
  state: BundleState,
  { isCameraHeld }: BundleWeights,
  addTo: AddTo,
  right: Float64Array,
): void {
  const pull = (unknown: number, value: number, sd: number) => {
    addTo(unknown, unknown, 1 / (sd * sd));
    right[unknown]! -= value / (sd * sd);
  };
  block.images.forEach((image, index) => {
    priorResiduals(image, state, index).forEach(([value, sd], axis) =>
      pull(PER_IMAGE * index + axis, value, sd),
    );
  });
  cameraPriors(block.camera, state.camera, isCameraHeld).forEach(([value, sd], k) =>
    pull(PER_IMAGE * block.images.length + k, value, sd),
  );
}

/** Adds the observations of one tie point to the system without it; null when it is not determined. */
function eliminate(
  block: BundleBlock,
  state: BundleState,
  weights: BundleWeights,
  damping: number,
  index: number,
  { observations, surveyed }: TiePoint,
  point: Vector3,
  addTo: AddTo,
  system: SymmetricSystem,
): Eliminated | null {
  const kept = observations.filter((_, at) => weights.isKept[index]![at]);
  const shown = kept.flatMap(({ image, pixel }) => {
    const slope = projectWithSlope(state.camera, state.poses[image]!, point);
    return slope === null ? [] : [{ image, pixel, slope }];
  });
  if (shown.length < 2 && surveyed === undefined) return null;
  const own = new Float64Array(9);
  const ownRight = new Float64Array(3);
  for (let axis = 0; surveyed !== undefined && axis < 3; axis++) {
    const weight = 1 / surveyed.sd[axis]! ** 2;
    own[4 * axis]! += weight;
    ownRight[axis]! += weight * (surveyed.position[axis]! - point[axis]!);
  }
  const cameraAt = PER_IMAGE * block.images.length;
  const unknowns = new Int32Array(PER_IMAGE * shown.length + PER_CAMERA);
  const coupling = new Float64Array(3 * unknowns.length);
  for (let k = 0; k < PER_CAMERA; k++) unknowns[PER_IMAGE * shown.length + k] = cameraAt + k;
  shown.forEach(({ image, pixel, slope }, at) => {
    for (let k = 0; k < PER_IMAGE; k++) unknowns[PER_IMAGE * at + k] = PER_IMAGE * image + k;
    const miss = [pixel[0] - slope.pixel[0], pixel[1] - slope.pixel[1]] as const;
    const soft = Math.sqrt(1 + (miss[0] ** 2 + miss[1] ** 2) / weights.softPixels ** 2);
    const weight = 1 / (soft * weights.pointingPixels ** 2);
    for (const axis of [0, 1] as const) {
      const byPoint = axis === 0 ? slope.uByPoint : slope.vByPoint;
      const byTurn = axis === 0 ? slope.uByRotation : slope.vByRotation;
      const [x, y, z] = byPoint;
      const row = [-x, -y, -z, ...byTurn, ...cameraSlopes(state.camera, slope, axis)];
      const places = row.map((_, k) =>
        k < PER_IMAGE ? PER_IMAGE * at + k : PER_IMAGE * (shown.length - 1) + k,
      );
      for (let a = 0; a < row.length; a++) {
        const weighted = weight * row[a]!;
        const unknown = unknowns[places[a]!]!;
        system.right[unknown]! += weighted * miss[axis];
        for (let b = 0; b <= a; b++) addTo(unknown, unknowns[places[b]!]!, weighted * row[b]!);
        for (let k = 0; k < 3; k++) coupling[3 * places[a]! + k]! += weighted * byPoint[k]!;
      }
      for (let a = 0; a < 3; a++) {
        ownRight[a]! += weight * byPoint[a]! * miss[axis];
        for (let b = 0; b < 3; b++) own[3 * a + b]! += weight * byPoint[a]! * byPoint[b]!;
      }
    }
  });
  const inverse = invert([
    [own[0]! * (1 + damping), own[1]!, own[2]!],
    [own[3]!, own[4]! * (1 + damping), own[5]!],
    [own[6]!, own[7]!, own[8]! * (1 + damping)],
  ]);
  if (inverse === null) return null;
  const right: Vector3 = [ownRight[0]!, ownRight[1]!, ownRight[2]!];
  const result = { index, inverse, right, unknowns, coupling };
  subtractCoupling(result, system);
  return result;
}

/** What the elimination of a point takes away from the system: W V^-1 W^t and W V^-1 g. */
function subtractCoupling(
  { inverse, right, unknowns, coupling }: Eliminated,
  system: SymmetricSystem,
): void {
  for (let a = 0; a < unknowns.length; a++) {
    const row: Vector3 = [coupling[3 * a]!, coupling[3 * a + 1]!, coupling[3 * a + 2]!];
    const [x, y, z] = transform(inverse, row);
    system.right[unknowns[a]!]! -= x * right[0] + y * right[1] + z * right[2];
    for (let b = 0; b < unknowns.length; b++) {
      // Each pair once; of an image that shows the point twice, both halves.
      if (unknowns[b]! > unknowns[a]!) continue;
      const share = x * coupling[3 * b]! + y * coupling[3 * b + 1]! + z * coupling[3 * b + 2]!;
      system.add(unknowns[a]!, unknowns[b]!, -share);
    }
  }
}

function applyStep(
  state: BundleState,
  solution: Float64Array,
  eliminated: readonly Eliminated[],
): BundleState {
  const at = (index: number): Vector3 => [
    solution[index]!,
    solution[index + 1]!,
    solution[index + 2]!,
  ];
  const poses = state.poses.map(({ center, rotation }, index) => ({
    center: add(center, at(PER_IMAGE * index)),
    rotation: multiply(rotation, rotationFromVector(at(PER_IMAGE * index + 3))),
  }));
  const points = [...state.points];
  for (const { index, inverse, right, unknowns, coupling } of eliminated) {
    const rest = [...right];
    unknowns.forEach((unknown, a) => {
      for (let k = 0; k < 3; k++) rest[k]! -= coupling[3 * a + k]! * solution[unknown]!;
    });
    points[index] = add(points[index]!, transform(inverse, [rest[0]!, rest[1]!, rest[2]!]));
  }
  return { camera: changedCamera(state.camera, solution), poses, points };
}
