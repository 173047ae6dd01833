import type {
  BundlePlan,
  BundleStatement,
  BundleView,
  MatchedTie,
} from '../../contracts/bundle.ts';
import type { FlightImage } from '../../contracts/flight.ts';
import type { Pose } from '../../maths/camera.ts';
import { connectedPart } from './block-connection.ts';
import { type AdjustedBlock, adjustBlock } from './bundle-adjustment.ts';
import type { BundleBlock } from './bundle-block.ts';
import { reportBundle } from './bundle-doubts.ts';
import { claimsOf } from './claims.ts';
import type { AssessmentPlan } from './assessment-plan.ts';
import { poseOf, isKnown } from './image-camera.ts';
import { isResidual, residualOf } from './observation-residual.ts';
import { viewOfImage } from './pair-views.ts';
import { residualFigures, sumResiduals } from './residual-sums.ts';
import type { Surroundings } from './image-accuracy.ts';
import { tieCandidates } from './tie-candidates.ts';

/** One sigma of a position whose receiver states none, meters: within a flight it drifts less than it errs. */
const ASSUMED_SD = 1.5;
/** Of a gimbal, degrees. */
const ATTITUDE_SD = 3;
const MOST_IMAGES = 200;

/** The images of a flight that can be adjusted, and the places that tie them; a reason for too many. */
export function planBundle(
  images: readonly FlightImage[],
  surroundings: Surroundings,
): BundlePlan | { reason: string } {
  const views = images.flatMap((image): BundleView[] => {
    const view = viewOfImage(image, surroundings);
    const pose = poseOf(image, surroundings.plan);
    if (view === null || !isKnown(pose) || image.file === null) return [];
    const { sdHorizontal, sdVertical } = image.description!.position!;
    const [a, b, c] = pose.rotation;
    const { preview: _preview, ...rest } = view;
    return [
      {
        view: rest,
        file: image.file,
        turnDegrees: surroundings.plan.turned[image.name] ?? 0,
        pose: { center: [...pose.center], rotation: [[...a], [...b], [...c]] },
        sdPosition: [
          sdHorizontal ?? ASSUMED_SD,
          sdHorizontal ?? ASSUMED_SD,
          sdVertical ?? ASSUMED_SD,
        ],
      },
    ];
  });
  if (views.length > MOST_IMAGES) {
    return { reason: `at most ${MOST_IMAGES} images can be adjusted: found ${views.length}` };
  }
  return { views, candidates: tieCandidates(views) };
}

/**
 * Adjusts the poses of a flight and its camera by matched ties, and weighs the outcome against the record.
 *
 * @param onStep told after each step of the adjustment.
 */
export function adjustFlight(
  { views }: Pick<BundlePlan, 'views'>,
  ties: readonly MatchedTie[],
  plan: AssessmentPlan,
  onStep: () => void = () => undefined,
): BundleStatement {
  const [first] = views;
  if (first === undefined) return { reason: 'no image has pose, camera and pixels' };
  const block: BundleBlock = {
    camera: first.view.camera,
    images: views.map(({ view, pose, sdPosition }) => ({
      name: view.name,
      pose,
      sdPosition,
      sdAttitudeDegrees: plan.camera.attitudeSigmaDegrees ?? ATTITUDE_SD,
    })),
    tiePoints: ties,
  };
  const part = connectedPart(block);
  if ('reason' in part) return part;
  const adjusted = adjustBlock(part.block, onStep);
  const { state } = adjusted;
  const report = reportBundle(part.block, adjusted);
  const poses = new Map(part.block.images.map(({ name }, index) => [name, state.poses[index]!]));
  const recorded = new Map(part.block.images.map(({ name, pose }) => [name, pose]));
  const isBelieved = report.doubts.length === 0;
  const points = new Set(plan.points.map(({ name }) => name)).size;
  return {
    images: part.block.images.length,
    leftOutImages: part.leftOut,
    tiePoints: part.block.tiePoints.length,
    observations: adjusted.observations,
    leftOutObservations: adjusted.leftOut,
    rmsPixels: adjusted.rmsPixels,
    iterations: adjusted.iterations,
    hasConverged: adjusted.hasConverged,
    focalPixels: state.camera.focalX,
    focalRatio: state.camera.focalX / Math.max(state.camera.columns, state.camera.rows),
    focalChange: report.focalChange,
    positionRms: report.positionRms,
    largestTurnDegrees: report.largestTurnDegrees,
    turnedImages: report.turnedImages,
    doubts: report.doubts,
    checkRmseBefore: checkRmse(recorded, part.block.camera, plan),
    // Of an adjustment that is not believed no accuracy is claimed.
    checkRmseAfter: isBelieved ? checkRmse(poses, state.camera, plan) : null,
    claims: isBelieved
      ? claimsOf({
          method: 'adjusted',
          points,
          surveyHorizontal: plan.gate.surveyHorizontalMeters ?? null,
          wereUsedInAdjustment: false,
          isDerived: plan.gate.isControlDerived ?? false,
        })
      : ['The bundle adjustment is not believed, so that nothing is claimed from it.'],
  };
}

function checkRmse(
  poses: ReadonlyMap<string, Pose>,
  camera: AdjustedBlock['state']['camera'],
  { points, observations }: AssessmentPlan,
): number | null {
  const byName = new Map(points.map((point) => [point.name, point]));
  const residuals = Object.entries(observations).flatMap(([image, seen]) => {
    const pose = poses.get(image);
    if (pose === undefined) return [];
    return seen.flatMap(({ point, pixel }) => {
      const residual = residualOf({ point, image, pixel }, byName.get(point)!, camera, pose);
      return isResidual(residual) && residual.isInImage ? [residual] : [];
    });
  });
  return residualFigures(sumResiduals(residuals))?.rmseRadial ?? null;
}
