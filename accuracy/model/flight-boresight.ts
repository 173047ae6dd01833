import type { GroundAccuracy } from '../../contracts/ground-accuracy.ts';
import { type BoresightEstimate, estimateBoresight, isEstimate } from './boresight.ts';
import type { BoresightObservation } from './boresight-equations.ts';
import { claimsOf } from './claims.ts';
import type { JudgedObservation } from './control-block.ts';
import { splitControl } from './control-split.ts';
import { snoopBoresight } from './data-snooping.ts';
import { assumed } from './expected-error.ts';
import { isResidual, residualOf } from './observation-residual.ts';
import { residualFigures, sumResiduals } from './residual-sums.ts';
import { correctCamera, correctPose, type SystematicError } from './systematic-error.ts';

const DEGREES = 180 / Math.PI;

/**
 * The constant turn and shift of the recorded poses, estimated from control points and judged on the
 * points that took no part: those declared as check points, else every second one.
 *
 * One sigma of an observation is first that of a pointing, then what is left over, as attitudes that are
 * unsteady from image to image make more than the pointing does.
 */
export function flightBoresight(
  observations: readonly JudgedObservation[],
  survey: { horizontal: number | null; isDerived: boolean },
): GroundAccuracy['boresight'] {
  const inImage = observations.filter(({ residual }) => residual.isInImage);
  const { used, held } = splitControl(inImage.map(({ point }) => point));
  const usable = inImage
    .filter(({ point }) => used.includes(point.name))
    .map((seen): BoresightObservation => ({
      point: seen.point.name,
      image: seen.residual.image,
      camera: seen.camera,
      pose: seen.pose,
      pixel: seen.pixel,
      position: seen.point.position,
    }));
  const first = estimateBoresight(usable);
  if (!isEstimate(first)) return first;
  const pointing = Math.max(assumed.pointingPixels, first.rmsPixelsAfter / Math.SQRT2);
  const { result, snooped } = first.isWorthwhile
    ? snoopBoresight(usable, pointing)
    : { result: first, snooped: [] };
  if (!isEstimate(result)) return result;
  const checks = inImage.filter(({ point }) => held.includes(point.name));
  const isWorthwhile = first.isWorthwhile && result.isWorthwhile;
  return {
    ...figuresOf(result),
    entangled: result.entangled,
    snooped,
    controlPoints: used,
    checkPoints: held,
    isWorthwhile,
    checkRmseBefore: rmseOf(checks, null),
    checkRmseAfter: isWorthwhile ? rmseOf(checks, result.error) : null,
    claims: isWorthwhile
      ? claimsOf({
          method: 'boresight',
          points: held.length === 0 ? used.length : held.length,
          surveyHorizontal: survey.horizontal,
          wereUsedInAdjustment: held.length === 0,
          isDerived: survey.isDerived,
        })
      : [
          'The records agree with the control as well as it can be pointed at: nothing was corrected.',
        ],
  };
}

function figuresOf({ error, sigmas, rmsPixelsBefore, rmsPixelsAfter }: BoresightEstimate) {
  const [x, y, z] = error.boresight;
  const angles = sigmas.slice(0, 3).map((sigma) => sigma * DEGREES);
  return {
    turnDegrees: [x * DEGREES, y * DEGREES, z * DEGREES] as const,
    bias: error.bias,
    focalScale: error.focalScale,
    sigmas: [...angles, ...sigmas.slice(3)],
    significant: significantWords(error, sigmas),
    rmsPixelsBefore,
    rmsPixelsAfter,
  };
}

/** More than three sigmas, and enough to matter. */
function significantWords(error: SystematicError, sigmas: readonly number[]): string[] {
  const isClear = (value: number, index: number, least: number) =>
    Math.abs(value) > Math.max(3 * sigmas[index]!, least);
  const axes = ['right', 'down', 'forward'];
  const directions = ['east', 'north', 'up'];
  return [
    ...error.boresight.flatMap((value, axis) =>
      isClear(value, axis, 0.05 / DEGREES)
        ? [
            `the camera sits turned by ${(value * DEGREES).toFixed(2)}° about its ${axes[axis]} axis`,
          ]
        : [],
    ),
    ...error.bias.flatMap((value, axis) =>
      isClear(value, 3 + axis, 0.02)
        ? [`positions are ${value.toFixed(2)} m too far ${directions[axis]}`]
        : [],
    ),
    ...(isClear(error.focalScale, 6, 0.002)
      ? [
          `the focal length is ${(100 * Math.abs(error.focalScale)).toFixed(1)} % ${error.focalScale > 0 ? 'longer' : 'shorter'} than assumed`,
        ]
      : []),
  ];
}

function rmseOf(
  observations: readonly JudgedObservation[],
  error: SystematicError | null,
): number | null {
  const residuals = observations.flatMap(({ residual, point, camera, pose, pixel }) => {
    if (error === null) return [residual];
    const seen = { point: point.name, image: residual.image, pixel };
    const corrected = residualOf(
      seen,
      point,
      correctCamera(camera, error),
      correctPose(pose, error),
    );
    return isResidual(corrected) ? [corrected] : [];
  });
  return residualFigures(sumResiduals(residuals))?.rmseRadial ?? null;
}
