import type { Camera, Pixel, Pose } from '../../maths/camera.ts';
import { NormalEquations } from '../../maths/normal-equations.ts';
import { projectWithSlope } from '../../maths/projection-slope.ts';
import type { Vector3 } from '../../maths/rotation.ts';
import { correctCamera, correctPose, type SystematicError } from './systematic-error.ts';

/** One control point in one image of recorded pose. */
export interface BoresightObservation {
  point: string;
  image: string;
  camera: Camera;
  pose: Pose;
  pixel: Pixel;
  /** Surveyed, in the frame of the poses. */
  position: Vector3;
}

/** The unknowns, in the order of the equations. */
export const UNKNOWNS = [
  'turn x',
  'turn y',
  'turn z',
  'bias east',
  'bias north',
  'bias up',
  'focal length',
];

/** One sigma of each unknown before any observation. */
const PRIORS = [...Array<number>(3).fill((2 * Math.PI) / 180), 3, 3, 3, 0.02];

/** A problem made linear about an estimate. */
export interface Linearized {
  equations: NormalEquations;
  cost: number;
  /** Sum of squared residuals over their variance, as weighted. */
  weighted: number;
  rmsPixels: number;
  /** Per observation: its residual, pixels, and how u and v change with the unknowns. */
  rows: { du: number; dv: number; uSlopes: number[]; vSlopes: number[] }[];
}

/** Normal equations, robust cost and residuals at an estimate; null when a point falls behind a camera. */
export function linearize(
  observations: readonly BoresightObservation[],
  error: SystematicError,
  pointingPixels: number,
): Linearized | null {
  const equations = new NormalEquations(UNKNOWNS.length);
  const rows: Linearized['rows'] = [];
  let [cost, weighted, squares] = [0, 0, 0];
  [...error.boresight, ...error.bias, error.focalScale].forEach((value, index) => {
    const weight = 1 / PRIORS[index]! ** 2;
    equations.addToUnknown(index, -value, weight);
    cost += weight * value * value;
  });
  for (const { camera, pose, pixel, position } of observations) {
    const corrected = correctCamera(camera, error);
    const shown = projectWithSlope(corrected, correctPose(pose, error), position);
    if (shown === null) return null;
    const [du, dv] = [pixel[0] - shown.pixel[0], pixel[1] - shown.pixel[1]];
    const square = (du * du + dv * dv) / pointingPixels ** 2;
    // Soft-L1: the loss is 2 (sqrt(1 + e2) - 1), the weight its slope.
    const soft = Math.sqrt(1 + square);
    cost += 2 * (soft - 1);
    squares += du * du + dv * dv;
    weighted += square / soft;
    const weight = 1 / (soft * pointingPixels ** 2);
    // By the bias as by the point: a camera that stands further west sees it further east.
    const [uByFocal, vByFocal] = [camera.focalX * shown.seen[0], camera.focalY * shown.seen[1]];
    const uSlopes = [...shown.uByRotation, ...shown.uByPoint, uByFocal];
    const vSlopes = [...shown.vByRotation, ...shown.vByPoint, vByFocal];
    rows.push({ du, dv, uSlopes, vSlopes });
    equations.add(uSlopes, du, weight);
    equations.add(vSlopes, dv, weight);
  }
  return { equations, cost, weighted, rmsPixels: Math.sqrt(squares / observations.length), rows };
}
