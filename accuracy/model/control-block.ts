import type { ImageControl } from '../../contracts/image-control.ts';
import type { Camera, Pixel, Pose } from '../../maths/camera.ts';
import type { AssessmentPlan, PlannedPoint } from './assessment-plan.ts';
import type { ObservationResidual } from './observation-residual.ts';

/** One observation with everything that it can be judged by. */
export interface JudgedObservation {
  residual: ObservationResidual;
  point: PlannedPoint;
  camera: Camera;
  pose: Pose;
  pixel: Pixel;
}

/** The observations of all images of a flight, in order of image and point. */
export function observationsOf(
  controls: readonly ImageControl[],
  plan: Pick<AssessmentPlan, 'points'>,
): JudgedObservation[] {
  const points = new Map(plan.points.map((point) => [point.name, point]));
  const observations = controls.flatMap(({ residuals, geometry }) =>
    geometry === null
      ? []
      : residuals.map((residual): JudgedObservation => ({
          residual,
          point: points.get(residual.point)!,
          ...geometry,
          pixel: residual.pixel,
        })),
  );
  return observations.toSorted((a, b) => {
    const [first, second] = [a.residual, b.residual];
    if (first.image !== second.image) return first.image < second.image ? -1 : 1;
    return first.point < second.point ? -1 : 1;
  });
}
