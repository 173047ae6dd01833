import type {
  BundlePlan,
  BundleStatement,
  BundleView,
  MatchedTie,
} from '../../contracts/bundle.ts';
import type { FlightImage } from '../../contracts/flight.ts';
import { connectedPart } from './block-connection.ts';
import { adjustBlock } from './bundle-adjustment.ts';
import type { BundleBlock } from './bundle-block.ts';
import { bundleControl, judgeByControl } from './bundle-control.ts';
import { reportBundle } from './bundle-doubts.ts';
import type { AssessmentPlan } from './assessment-plan.ts';
import { poseOf, isKnown } from './image-camera.ts';
import { viewOfImage } from './pair-views.ts';
import type { Surroundings } from './image-accuracy.ts';
import { oneTieACell } from './tie-thinning.ts';

/** One sigma of a position whose receiver states none, meters: within a flight it drifts less than it errs. */
const ASSUMED_SD = 1.5;
/** Of a gimbal, degrees. */
const ATTITUDE_SD = 3;
const MOST_IMAGES = 200;

/** The images of a flight that can be adjusted; a reason for too many. */
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
  return { views };
}

/**
 * Adjusts the poses of a flight and its camera by matched ties and surveyed points, and weighs the outcome
 * against the record.
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
  const control = bundleControl(plan, views);
  const block: BundleBlock = {
    camera: first.view.camera,
    images: views.map(({ view, pose, sdPosition }) => ({
      name: view.name,
      pose,
      sdPosition,
      sdAttitudeDegrees: plan.camera.attitudeSigmaDegrees ?? ATTITUDE_SD,
    })),
    tiePoints: [...oneTieACell(ties, views), ...control.points],
  };
  const part = connectedPart(block);
  if ('reason' in part) return part;
  const adjusted = adjustBlock(part.block, onStep);
  const { state } = adjusted;
  const report = reportBundle(part.block, adjusted);
  const namesOf = (poses: typeof state.poses) =>
    new Map(part.block.images.map(({ name }, index) => [name, poses[index]!]));
  const recorded = {
    camera: block.camera,
    poses: namesOf(part.block.images.map(({ pose }) => pose)),
  };
  const isBelieved = report.doubts.length === 0;
  const after = isBelieved ? { camera: state.camera, poses: namesOf(state.poses) } : null;
  return {
    images: part.block.images.length,
    leftOutImages: part.leftOut,
    tiePoints: part.block.tiePoints.filter(({ surveyed }) => surveyed === undefined).length,
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
    ...judgeByControl(plan, control, recorded, after),
  };
}
