import { ASPRS_LEAST_POINTS } from './gate.ts';

/** How the poses came about that a figure was computed with. */
export type Method = 'direct' | 'boresight' | 'adjusted';

/** What stands behind a figure that involves control. */
export interface ControlBehindFigure {
  method: Method;
  /** Distinct points. */
  points: number;
  /** RMSE of their survey, meters; null when it is not stated. */
  surveyHorizontal: number | null;
  /** Whether the points took part in the adjustment that they judge. */
  wereUsedInAdjustment: boolean;
  /** Whether they come from an adjustment of the same images instead of a survey. */
  isDerived: boolean;
}

/**
 * What a figure may honestly be taken for, in sentences for the report. Three statements are never mixed:
 * the accuracy of direct georeferencing, of one image to the next, and after an adjustment.
 */
export function claimsOf(control: ControlBehindFigure): string[] {
  const { method, points, surveyHorizontal, wereUsedInAdjustment, isDerived } = control;
  return [
    statements[method],
    `${points} distinct points stand behind it, ${
      surveyHorizontal === null
        ? 'whose survey accuracy is not stated'
        : `surveyed to ${surveyHorizontal} m`
    }.`,
    ...(points < ASPRS_LEAST_POINTS
      ? [
          `This does not meet the ASPRS Edition 2 minimum of ${ASPRS_LEAST_POINTS} check points; the figure is given all the same.`,
        ]
      : []),
    ...(wereUsedInAdjustment
      ? [
          'The points took part in the adjustment, so the figure shows its fit, not an independent accuracy.',
        ]
      : []),
    ...(isDerived
      ? [
          'The points were derived from the images themselves: the figure is no independent accuracy.',
        ]
      : []),
  ];
}

const statements: Record<Method, string> = {
  direct:
    'Accuracy of direct georeferencing: position and attitude as recorded, without adjustment. An error of 1 degree at 100 m is 1.75 m on the ground, so it tells whether the records can be trusted, not how accurate a map would be.',
  boresight:
    'Accuracy after a constant shift and turn of the recorded poses was estimated from control points.',
  adjusted:
    'Accuracy after a bundle adjustment of these images. It is an internal check and an improvement of the poses, not a replacement for a full production triangulation.',
};

/** What is said of the figure that needs no control. */
export const RELATIVE_CLAIM =
  'Relative accuracy: how far overlapping images put the same ground apart. It shows nothing about where that ground is.';
