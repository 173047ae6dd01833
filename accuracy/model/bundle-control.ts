import type { BundleStatement, BundleView } from '../../contracts/bundle.ts';
import type { Camera, Pose } from '../../maths/camera.ts';
import type { Vector3 } from '../../maths/rotation.ts';
import type { AssessmentPlan } from './assessment-plan.ts';
import type { TiePoint } from './bundle-block.ts';
import { claimsOf } from './claims.ts';
import { splitControl } from './control-split.ts';
import { isResidual, residualOf } from './observation-residual.ts';
import { residualFigures, sumResiduals } from './residual-sums.ts';

/** One sigma of a survey that states none, meters. */
const ASSUMED_SURVEY = 0.05;
/** Of a height that nobody measured: the rays alone decide it. */
const UNKNOWN_HEIGHT = 1000;

/** The surveyed points of a flight in its adjustment. */
export interface BundleControl {
  /** Held to their place by the survey, with their observations. */
  points: TiePoint[];
  used: string[];
  /** Take no part, and judge the outcome. */
  held: string[];
}

/** Points that are marked in images of the block; half of them, or the declared check points, are held back. */
export function bundleControl(
  { points, observations, gate }: AssessmentPlan,
  views: readonly BundleView[],
): BundleControl {
  const horizontal = gate.surveyHorizontalMeters ?? ASSUMED_SURVEY;
  const vertical = gate.surveyVerticalMeters ?? horizontal;
  const seenOf = (name: string) =>
    views.flatMap(({ view }, image) =>
      (observations[view.name] ?? []).flatMap(({ point, pixel }) =>
        point === name ? [{ image, pixel }] : [],
      ),
    );
  const seen = points
    .map((point) => ({ point, observations: seenOf(point.name) }))
    .filter((entry) => entry.observations.length > 0);
  const { used, held } = splitControl(seen.map(({ point }) => point));
  return {
    points: seen
      .filter(({ point }) => used.includes(point.name))
      .map(({ point: { position, isHeightKnown }, ...rest }): TiePoint => {
        const sd: Vector3 = [horizontal, horizontal, isHeightKnown ? vertical : UNKNOWN_HEIGHT];
        return { ...rest, surveyed: { position, sd } };
      }),
    used,
    held,
  };
}

type Judgement = Pick<
  Exclude<BundleStatement, { reason: string }>,
  'controlPoints' | 'checkPoints' | 'checkRmseBefore' | 'checkRmseAfter' | 'claims'
>;

/** Poses and camera of the images of a block, by name. */
export interface BlockPoses {
  camera: Camera;
  poses: ReadonlyMap<string, Pose>;
}

/** What the points that were held back say; of an adjustment that is not believed, no accuracy is claimed. */
export function judgeByControl(
  plan: AssessmentPlan,
  { used, held }: BundleControl,
  recorded: BlockPoses,
  adjusted: BlockPoses | null,
): Judgement {
  return {
    controlPoints: used,
    checkPoints: held,
    checkRmseBefore: rmseOf(held, recorded, plan),
    checkRmseAfter: adjusted === null ? null : rmseOf(held, adjusted, plan),
    claims:
      adjusted === null
        ? ['The bundle adjustment is not believed, so that nothing is claimed from it.']
        : claimsOf({
            method: 'adjusted',
            points: held.length === 0 ? used.length : held.length,
            surveyHorizontal: plan.gate.surveyHorizontalMeters ?? null,
            wereUsedInAdjustment: held.length === 0 && used.length > 0,
            isDerived: plan.gate.isControlDerived ?? false,
          }),
  };
}

function rmseOf(
  names: readonly string[],
  { camera, poses }: BlockPoses,
  { points, observations }: AssessmentPlan,
): number | null {
  const byName = new Map(points.map((point) => [point.name, point]));
  const residuals = Object.entries(observations).flatMap(([image, seen]) => {
    const pose = poses.get(image);
    if (pose === undefined) return [];
    return seen.flatMap(({ point, pixel }) => {
      if (!names.includes(point)) return [];
      const residual = residualOf({ point, image, pixel }, byName.get(point)!, camera, pose);
      return isResidual(residual) && residual.isInImage ? [residual] : [];
    });
  });
  return residualFigures(sumResiduals(residuals))?.rmseRadial ?? null;
}
