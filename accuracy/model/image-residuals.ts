import type { Camera, Pose } from '../../maths/camera.ts';
import type { ControlObservation, ControlPoint } from './control.ts';
import { MOST_NORMALIZED, normalizedError } from './expected-error.ts';
import {
  isResidual,
  type ObservationResidual,
  residualOf,
  type UnusableObservation,
} from './observation-residual.ts';
import {
  type ResidualFigures,
  residualFigures,
  type ResidualSums,
  sumResiduals,
} from './residual-sums.ts';

/** What the control says about one image. Without control there are no figures, which is not an error. */
export interface ImageResiduals {
  residuals: ObservationResidual[];
  unusable: UnusableObservation[];
  /** Of all residuals, and without those that lie outside the image. */
  sums: ResidualSums;
  sumsWithoutSuspects: ResidualSums;
  figures: ResidualFigures | null;
  /** Residual over expectation; null without either. */
  normalized: number | null;
  isOutlier: boolean;
}

/**
 * Compares one image with the control points observed in it.
 *
 * @param expectedSigma of its georeferencing, one sigma per axis, meters; null when it is not known.
 */
export function compareWithControl(image: {
  camera: Camera;
  pose: Pose;
  observations: readonly ControlObservation[];
  points: ReadonlyMap<string, ControlPoint>;
  expectedSigma: number | null;
}): ImageResiduals {
  const residuals: ObservationResidual[] = [];
  const unusable: UnusableObservation[] = [];
  for (const observation of image.observations) {
    const point = image.points.get(observation.point);
    const result =
      point === undefined
        ? { ...observation, reason: 'the control list has no such point' }
        : residualOf(observation, point, image.camera, image.pose);
    if (isResidual(result)) residuals.push(result);
    else unusable.push({ point: result.point, image: result.image, reason: result.reason });
  }
  const sums = sumResiduals(residuals);
  const figures = residualFigures(sums);
  const normalized =
    figures === null || image.expectedSigma === null
      ? null
      : normalizedError(figures.rmseRadial, image.expectedSigma);
  return {
    residuals,
    unusable,
    sums,
    sumsWithoutSuspects: sumResiduals(residuals.filter(({ isInImage }) => isInImage)),
    figures,
    normalized,
    isOutlier: normalized !== null && normalized > MOST_NORMALIZED,
  };
}
