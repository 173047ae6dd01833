import { multiply, type Vector3 } from '../../maths/rotation.ts';
import { rotationFromVector } from '../../maths/rotation-vector.ts';
import { SymmetricSystem } from '../../maths/symmetric-system.ts';
import { add } from '../../maths/vector.ts';
import type { BundleBlock, BundleState } from './bundle-block.ts';
import { changedCamera, PER_CAMERA } from './bundle-camera.ts';
import {
  type BundleWeights,
  type Couplings,
  couplingsFor,
  type EliminatedPoint,
  eliminatePoint,
  PER_IMAGE,
  substituted,
  subtractCoupling,
} from './bundle-elimination.ts';
import { cameraPriors, priorResiduals } from './bundle-priors.ts';

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
  const system = new SymmetricSystem(PER_IMAGE * block.images.length + PER_CAMERA);
  addPriors(block, state, weights, system);
  const couplings = couplingsFor(block);
  const eliminated = block.tiePoints.flatMap((_, index) => {
    const waiting = eliminatePoint(block, state, weights, damping, index, system, couplings);
    return waiting === null ? [] : [waiting];
  });
  // Before the points are taken away, as if they were held.
  const diagonal = system.diagonal();
  for (const point of eliminated) subtractCoupling(point, couplings, system);
  diagonal.forEach((value, index) => system.add(index, index, damping * value));
  const solution = system.solve();
  return solution === null ? null : applyStep(state, solution, eliminated, couplings);
}

/** How far the record is trusted pulls every image and the camera back to it. */
function addPriors(
  block: BundleBlock,
  state: BundleState,
  { isCameraHeld }: BundleWeights,
  system: SymmetricSystem,
): void {
  const pull = (unknown: number, value: number, sd: number) => {
    system.add(unknown, unknown, 1 / (sd * sd));
    system.right[unknown]! -= value / (sd * sd);
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

function applyStep(
  state: BundleState,
  solution: Float64Array,
  eliminated: readonly EliminatedPoint[],
  couplings: Couplings,
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
  for (const point of eliminated) {
    points[point.index] = add(points[point.index]!, substituted(point, couplings, solution));
  }
  return { camera: changedCamera(state.camera, solution), poses, points };
}
