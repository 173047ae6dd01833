import type { Finding } from '../../contracts/findings.ts';
import type { GroundAccuracy, PointAccuracy } from '../../contracts/ground-accuracy.ts';
import type { ImageControl } from '../../contracts/image-control.ts';
import type { AssessmentPlan } from './assessment-plan.ts';
import { explainSuspects, findSuspects } from './blunders.ts';
import { errorPercentiles } from './circular-error.ts';
import { claimsOf } from './claims.ts';
import { type JudgedObservation, observationsOf } from './control-block.ts';
import { evidenceOf } from './distinct-points.ts';
import { errorStatistics, withSurveyError } from './error-statistics.ts';
import { assumed } from './expected-error.ts';
import { flightBoresight } from './flight-boresight.ts';
import { type GateAnswer, askGate, ASPRS_LEAST_POINTS, suggestedClasses } from './gate.ts';
import { groundFindings } from './ground-findings.ts';
import { whyUnusable } from './missing-records.ts';
import { isResidual, residualOf } from './observation-residual.ts';
import { pointAccuracies } from './point-accuracy.ts';
import { residualFigures, sumResiduals, mergeResidualSums } from './residual-sums.ts';
import { type Interval, rmseInterval } from './rmse-interval.ts';
import { findSwappedNames } from './swapped-names.ts';
import { findTriggerDelay, movingImages } from './trigger-delay.ts';

/** What is known of a flight beside its control. */
export interface FlightSetting {
  flightId: string;
  /** Median ground sample distance, meters; null where none is known. */
  gsd: number | null;
  /** What no accuracy can make up for. */
  blocking: readonly string[];
}

/** Gathers what surveyed points say of a flight, with suspects and without them, and asks the gate. */
export function judgeGround(
  plan: AssessmentPlan,
  controls: readonly ImageControl[],
  setting: FlightSetting,
): { ground: GroundAccuracy; findings: Finding[] } {
  const observations = observationsOf(controls, plan);
  const residuals = observations.map(({ residual }) => residual);
  const leastDeviation = assumed.pointingPixels * (setting.gsd ?? 0);
  const suspects = findSuspects(residuals, leastDeviation);
  const isSuspect = ({ residual }: JudgedObservation) =>
    suspects.some(({ point, image }) => point === residual.point && image === residual.image);
  const trusted = observations.filter((seen) => !isSuspect(seen));
  const patterns = explainSuspects(residuals, suspects);
  const points = pointAccuracies(observations, plan.origin);
  const trustedPoints = pointAccuracies(trusted, plan.origin);
  const statistics = errorStatistics(points);
  const { gate: limits } = plan;
  const survey = {
    horizontal: limits.surveyHorizontalMeters ?? null,
    vertical: limits.surveyVerticalMeters ?? null,
  };
  const isDerived = limits.isControlDerived ?? false;
  const verticalNotAssessed = whyNotVertical(plan, points);
  const unusable = [...plan.unused, ...controls.flatMap((control) => control.unusable)];
  const gate = gateOf(plan, points, trustedPoints, verticalNotAssessed, setting.blocking, unusable);
  const ground: GroundAccuracy = {
    method: 'direct',
    observations: {
      all: residualFigures(mergeResidualSums(controls.map(({ sums }) => sums))),
      inImage: residualFigures(
        mergeResidualSums(controls.map(({ sumsWithoutSuspects }) => sumsWithoutSuspects)),
      ),
      withoutSuspects: residualFigures(sumResiduals(trusted.map(({ residual }) => residual))),
    },
    residuals: observations.map((seen) => ({ ...seen.residual, used: !isSuspect(seen) })),
    points,
    statistics,
    statisticsWithoutSuspects: errorStatistics(trustedPoints),
    percentiles: statistics === null ? null : errorPercentiles(points, statistics),
    intervals: {
      horizontal: intervalOf(statistics?.rmseHorizontal, statistics?.n, 2, survey.horizontal),
      vertical: intervalOf(statistics?.rmseVertical, statistics?.up?.n, 1, survey.vertical),
    },
    survey,
    suspects: suspects.map(({ robustZ, ...rest }) => ({
      ...rest,
      robustZ: Number.isFinite(robustZ) ? robustZ : null,
    })),
    patterns,
    swappedNames: swappedNames(plan, observations, patterns),
    unusable,
    heights: plan.heights,
    heightOffset: plan.heightOffset,
    turnedImages: plan.turned,
    verticalNotAssessed,
    gate,
    suggestedClasses: setting.gsd === null ? null : suggestedClasses(setting.gsd),
    triggerDelay: findTriggerDelay(movingImages(controls)),
    boresight: flightBoresight(observations, { horizontal: survey.horizontal, isDerived }),
    claims: claimsOf({
      method: 'direct',
      points: points.length,
      surveyHorizontal: survey.horizontal,
      wereUsedInAdjustment: false,
      isDerived,
    }),
  };
  return { ground, findings: groundFindings(ground, setting.flightId, plan.classHorizontal) };
}

function whyNotVertical(plan: AssessmentPlan, points: readonly PointAccuracy[]): string | null {
  if (plan.heights === null && plan.gate.geoidSeparationMeters === undefined) {
    return 'the datum of the heights is not known: say --heights';
  }
  if (points.every(({ up }) => up === null)) return 'no two rays meet in a point of known height';
  return null;
}

function gateOf(
  plan: AssessmentPlan,
  all: readonly PointAccuracy[],
  trusted: readonly PointAccuracy[],
  verticalNotAssessed: string | null,
  blocking: readonly string[],
  unusable: readonly { reason: string }[],
): GateAnswer {
  const { gate, classHorizontal, classVertical } = plan;
  const evidence = evidenceOf(all, trusted);
  const answer = askGate({
    classHorizontal,
    classVertical,
    horizontal: evidence.horizontal,
    vertical: verticalNotAssessed === null ? evidence.vertical : null,
    verticalNotAssessed,
    surveyHorizontal: gate.surveyHorizontalMeters ?? 0,
    surveyVertical: gate.surveyVerticalMeters ?? 0,
    requiredPoints: gate.requiredPoints ?? ASPRS_LEAST_POINTS,
    areSuspectsConfirmed: gate.areSuspectsConfirmed ?? false,
    blocking,
    whyNone: plan.noControl === null ? whyUnusable(unusable) : null,
  });
  if (answer.verdict === 'pass' && gate.isControlDerived === true) {
    const reasons = ['the points were derived from the images: they show no independent accuracy'];
    return { ...answer, verdict: 'review', reasons };
  }
  if (answer.verdict !== 'review' || plan.noControl === null) return answer;
  return { ...answer, reasons: [...answer.reasons, plan.noControl] };
}

function intervalOf(
  rmse: number | null | undefined,
  points: number | undefined,
  components: 1 | 2,
  survey: number | null,
): Interval | null {
  if (rmse === null || rmse === undefined || points === undefined || points === 0) return null;
  const { lower, upper } = rmseInterval(rmse, points, components);
  return {
    lower: withSurveyError(lower, survey ?? 0),
    upper: withSurveyError(upper, survey ?? 0),
  };
}

function swappedNames(
  plan: AssessmentPlan,
  observations: readonly JudgedObservation[],
  patterns: GroundAccuracy['patterns'],
): GroundAccuracy['swappedNames'] {
  const bad = patterns.flatMap(({ kind, point }) =>
    kind === 'point' && point !== null ? [point] : [],
  );
  const seen = observations.map(({ residual, pixel }) => ({
    point: residual.point,
    image: residual.image,
    pixel,
  }));
  const points = new Map(plan.points.map((point) => [point.name, point]));
  return findSwappedNames(bad, points, seen, (observation, point) => {
    const judged = observations.find(
      ({ residual }) =>
        residual.point === observation.point && residual.image === observation.image,
    )!;
    const residual = residualOf(observation, point, judged.camera, judged.pose);
    return isResidual(residual) ? residual.radial : null;
  });
}
