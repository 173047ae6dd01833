import { mean, rootMeanSquare } from '../../../maths/mean.ts';
import { lengthOf } from './consensus.ts';
import { estimateShiftModel } from './estimate-shift-model.ts';
import { judgeRegistration, type RegistrationVerdict } from './registration-verdict.ts';
import { displacementAt, residualOf, type ShiftModel, type ShiftModelKind } from './shift-model.ts';
import { isTiePoint, type SkippedWindow, type TiePoint } from './tie-points.ts';

/** Where a target lies against a reference, and how well that is known. */
export interface Registration extends RegistrationVerdict {
  /** Null unless LOCATED or WEAK. */
  model: ShiftModel | null;
  /** Pixels by which content is off by the target's georeference, at the middle of the matches. */
  shift: { x: number; y: number } | null;
  compared: number;
  skipped: number;
  accepted: number;
  agreeing: number;
  /** Standard error of the shift along an axis, pixels. */
  standardError: number | null;
  /** Root mean square of the agreeing matches before and after the correction, pixels. */
  rmsBefore: number | null;
  rmsAfter: number | null;
  /** Pixels: 90 % of the agreeing matches lie within this after the correction. */
  circularError90: number | null;
  tiePoints: (TiePoint & { isInlier: boolean })[];
}

/**
 * The place of the target from what its windows gave, in any order.
 *
 * @param options.overlap how many windows see a pixel; see `WindowGrid`.
 * @param options.seed such as the hash of both contents.
 */
export function concludeRegistration(
  measured: readonly (TiePoint | SkippedWindow)[],
  options: {
    seed: string;
    searchRadius: number;
    overlap: number;
    /** See `RegistrationEvidence`. */
    places?: number;
    kinds?: readonly ShiftModelKind[];
  },
): Registration {
  const points = measured.filter(isTiePoint).sort(byPlace);
  const accepted = points.filter(({ isAccepted }) => isAccepted);
  const estimate = estimateShiftModel(accepted, options);
  const agreeing = estimate?.agreeing ?? [];
  const center = {
    x: mean(agreeing.map(({ at }) => at.x)),
    y: mean(agreeing.map(({ at }) => at.y)),
  };
  const shift = agreeing.length === 0 ? null : displacementAt(estimate!.model, center);
  const apart = farApart(agreeing);
  const verdict = judgeRegistration({
    compared: points.length,
    skipped: measured.length - points.length,
    accepted: accepted.length,
    agreeing: agreeing.length,
    independentAccepted: farApart(accepted, apart).length,
    independentAgreeing: apart.length,
    searchRadius: options.searchRadius,
    places: options.places ?? 1,
    kind: estimate?.model.kind ?? 'translation',
    shift,
  });
  const counts = {
    ...verdict,
    compared: points.length,
    skipped: measured.length - points.length,
    accepted: accepted.length,
    agreeing: agreeing.length,
    tiePoints: points.map((point) => ({ ...point, isInlier: agreeing.includes(point) })),
  };
  if (estimate === null || (verdict.status !== 'LOCATED' && verdict.status !== 'WEAK')) {
    return { ...counts, ...nothing };
  }
  const left = agreeing.map((point) => lengthOf(residualOf(estimate.model, point)));
  return {
    ...counts,
    model: estimate.model,
    shift,
    standardError: estimate.sigma / Math.sqrt(Math.max(1, agreeing.length / options.overlap)),
    rmsBefore: rootMeanSquare(agreeing.map((point) => lengthOf(point.shift))),
    rmsAfter: rootMeanSquare(left),
    circularError90: left.sort((a, b) => a - b)[Math.ceil(0.9 * left.length - 1e-9) - 1] ?? null,
  };
}

const nothing = {
  model: null,
  shift: null,
  standardError: null,
  rmsBefore: null,
  rmsAfter: null,
  circularError90: null,
} as const;

/**
 * Windows whose middles lie half a window or more from each other, in order, after those that are chosen
 * already: under their window functions such windows see different ground.
 */
function farApart(points: readonly TiePoint[], chosen: readonly TiePoint[] = []): TiePoint[] {
  const kept = [...chosen];
  for (const point of points) {
    const half = point.window.width / 2;
    const isFree = kept.every(
      ({ at }) => Math.abs(at.x - point.at.x) >= half || Math.abs(at.y - point.at.y) >= half,
    );
    if (isFree) kept.push(point);
  }
  return kept;
}

/** Draws are taken by index, so that the order has to be the same however the work was spread. */
function byPlace({ at: a }: TiePoint, { at: b }: TiePoint): number {
  return a.y - b.y || a.x - b.x;
}
