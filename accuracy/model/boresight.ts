import type { Camera, Pixel, Pose } from '../../maths/camera.ts';
import { NormalEquations } from '../../maths/normal-equations.ts';
import { projectWithSlope } from '../../maths/projection-slope.ts';
import { multiply, type Vector3 } from '../../maths/rotation.ts';
import { rotationFromVector, vectorOfRotation } from '../../maths/rotation-vector.ts';
import { add, subtract } from '../../maths/vector.ts';
import { assumed } from './expected-error.ts';

/** What is wrong alike with every recorded pose of a flight. */
export interface SystematicError {
  /**
   * How the camera sits turned in its mount: a rotation vector in camera axes (x right, y down, z
   * forward), radians. The true rotation is the recorded one times exp([boresight]x).
   */
  boresight: Vector3;
  /** Recorded minus true position, meters east, north, up. */
  bias: Vector3;
  /** True over assumed focal length, minus 1. */
  focalScale: number;
}

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

/** Two unknowns that the flight can't tell apart; the priors decide between them. */
export interface Entanglement {
  between: [string, string];
  correlation: number;
}

/** A systematic error as estimated from control points. */
export interface BoresightEstimate {
  error: SystematicError;
  /** One sigma of boresight (radians), bias (meters) and focal scale, in this order. */
  sigmas: number[];
  entangled: Entanglement[];
  rmsPixelsBefore: number;
  rmsPixelsAfter: number;
  /** False when the records agree with the control as well as it can be pointed at: nothing to correct. */
  isWorthwhile: boolean;
  iterations: number;
}

/** One sigma of each unknown before any observation. */
const PRIORS = [...Array<number>(3).fill((2 * Math.PI) / 180), 3, 3, 3, 0.02];
const NAMES = ['turn x', 'turn y', 'turn z', 'bias east', 'bias north', 'bias up', 'focal length'];

const LEAST_POINTS = 4;
const LEAST_IMAGES = 3;
const MOST_STEPS = 50;
const ENTANGLED = 0.95;
/** Share of the residuals that must go for a correction to be worth its risk. */
const WORTHWHILE = 0.9;

/**
 * Estimates a constant turn and shift of the recorded poses, and the focal length, from control points.
 * Judge the result on points that took no part in it.
 *
 * Levenberg-Marquardt on the image residuals with soft-L1 loss, so that a blunder pulls no harder than a
 * pixel or two, and priors of 2 degrees, 3 m and 2 %. What a flight does not determine, as shift and
 * pitch on a single heading, or height and focal length over flat ground, stays near the prior and is
 * named under `entangled`.
 *
 * An image that was turned by a viewer needs its pixels turned back, not its pose: the camera sat in its
 * mount as in the others.
 *
 * @param pointingPixels one sigma of what is not systematic, pixels; with unsteady attitudes more than
 * the pointing.
 * @returns a reason instead of an estimate with less than four points in three images.
 */
export function estimateBoresight(
  observations: readonly BoresightObservation[],
  pointingPixels: number = assumed.pointingPixels,
): BoresightEstimate | { reason: string } {
  const points = new Set(observations.map(({ point }) => point)).size;
  const images = new Set(observations.map(({ image }) => image)).size;
  if (points < LEAST_POINTS || images < LEAST_IMAGES) {
    return {
      reason: `${LEAST_POINTS} control points in ${LEAST_IMAGES} images are needed: found ${points} in ${images}`,
    };
  }
  let error: SystematicError = { boresight: [0, 0, 0], bias: [0, 0, 0], focalScale: 0 };
  const start = linearize(observations, error, pointingPixels);
  if (start === null) return { reason: 'a control point lies behind the camera that shows it' };
  let state: Linearized = start;
  let damping = 1e-4;
  let iterations = 0;
  while (iterations < MOST_STEPS && damping < 1e8) {
    iterations++;
    const step: number[] | null = state.equations.solve(damping);
    const next: SystematicError | null = step === null ? null : applyStep(error, step);
    const tried: Linearized | null =
      next === null ? null : linearize(observations, next, pointingPixels);
    if (next === null || tried === null || tried.cost > state.cost) {
      damping *= 10;
      continue;
    }
    const gain = state.cost - tried.cost;
    [error, state, damping] = [next, tried, damping / 10];
    if (gain <= 1e-12 * state.cost || gain < 1e-14) break;
  }
  // What is left may be more than pointing, as attitudes differ from image to image.
  const excess = Math.max(1, state.weighted / (2 * observations.length - NAMES.length));
  const { sigmas, entangled } = judge(state.equations.cofactors(), excess);
  return {
    error,
    sigmas,
    entangled,
    rmsPixelsBefore: start.rmsPixels,
    rmsPixelsAfter: state.rmsPixels,
    isWorthwhile:
      start.rmsPixels > pointingPixels && state.rmsPixels < WORTHWHILE * start.rmsPixels,
    iterations,
  };
}

/** Whether there is an estimate. */
export function isEstimate(
  result: BoresightEstimate | { reason: string },
): result is BoresightEstimate {
  return 'error' in result;
}

/** The pose without the systematic error. */
export function correctPose({ center, rotation }: Pose, error: SystematicError): Pose {
  return {
    center: subtract(center, error.bias),
    rotation: multiply(rotation, rotationFromVector(error.boresight)),
  };
}

/** The camera without the systematic error. */
export function correctCamera(camera: Camera, { focalScale }: SystematicError): Camera {
  return {
    ...camera,
    focalX: camera.focalX * (1 + focalScale),
    focalY: camera.focalY * (1 + focalScale),
  };
}

function applyStep(error: SystematicError, step: readonly number[]): SystematicError {
  const [rx, ry, rz, east, north, up, focal] = step as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const turned = multiply(rotationFromVector(error.boresight), rotationFromVector([rx, ry, rz]));
  return {
    boresight: vectorOfRotation(turned),
    bias: add(error.bias, [east, north, up]),
    focalScale: error.focalScale + focal,
  };
}

interface Linearized {
  equations: NormalEquations;
  cost: number;
  /** Sum of squared residuals over their variance, as weighted. */
  weighted: number;
  rmsPixels: number;
}

/** Normal equations, robust cost and residuals at an estimate; null when a point falls behind a camera. */
function linearize(
  observations: readonly BoresightObservation[],
  error: SystematicError,
  pointingPixels: number,
): Linearized | null {
  const equations = new NormalEquations(NAMES.length);
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
    equations.add([...shown.uByRotation, ...shown.uByPoint, uByFocal], du, weight);
    equations.add([...shown.vByRotation, ...shown.vByPoint, vByFocal], dv, weight);
  }
  return { equations, cost, weighted, rmsPixels: Math.sqrt(squares / observations.length) };
}

function judge(
  cofactors: readonly number[][],
  excess: number,
): { sigmas: number[]; entangled: Entanglement[] } {
  const sigmas = cofactors.map((row, index) => Math.sqrt(row[index]!));
  const entangled = cofactors.flatMap((row, a) =>
    row.slice(0, a).flatMap((covariance, b): Entanglement[] => {
      const correlation = covariance / (sigmas[a]! * sigmas[b]!);
      if (Math.abs(correlation) <= ENTANGLED) return [];
      return [{ between: [NAMES[b]!, NAMES[a]!], correlation }];
    }),
  );
  return { sigmas: sigmas.map((sigma) => sigma * Math.sqrt(excess)), entangled };
}
