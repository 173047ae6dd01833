import type { MeasuredWindow } from '../../../contracts/scene-registration-plan.ts';
import type { SceneRegistration } from '../../../contracts/scene-registration.ts';
import { concludeRegistration } from './conclude-registration.ts';
import { SEARCH_RADIUS } from './places-to-look.ts';
import { someAgreeing } from './some-agreeing.ts';

/** Pixels that may be left when the correction is applied and the pair is compared again. */
const MAX_REMAINING = 0.1;

type Checked = Pick<
  SceneRegistration,
  'status' | 'reason' | 'remainingPixels' | 'similarityBefore' | 'similarityAfter'
>;

/**
 * A located scene after its correction was applied and its windows were compared again: a place that does
 * not hold is WEAK.
 */
export function checkedVerdict(
  found: Pick<SceneRegistration, 'status' | 'reason'>,
  again: readonly MeasuredWindow[],
  seed: string,
): Checked {
  const { shift } = concludeRegistration([...again], {
    seed,
    searchRadius: SEARCH_RADIUS,
    overlap: 1,
    kinds: ['translation'],
  });
  const remainingPixels = shift === null ? null : Math.hypot(shift.x, shift.y);
  const checked = {
    status: found.status,
    reason: found.reason,
    remainingPixels,
    similarityBefore: meanOf(again, 'similarityBefore'),
    similarityAfter: meanOf(again, 'similarityAfter'),
  };
  if (remainingPixels !== null && remainingPixels <= MAX_REMAINING) return checked;
  const fault =
    remainingPixels === null
      ? 'it matches no more'
      : `it still lies ${remainingPixels.toFixed(2)} px off`;
  return {
    ...checked,
    status: 'WEAK',
    reason: `${found.reason}; but corrected by that, ${fault}`,
  };
}

/** Windows that are compared again: what a shift of all is told by, to some hundredths of a pixel. */
const CHECKED_WINDOWS = 24;

/** Windows to compare again: all that agree, or some of them in even steps. */
export function windowsToCheck<Point extends { isInlier: boolean }>(
  tiePoints: readonly Point[],
): Point[] {
  return someAgreeing(tiePoints, CHECKED_WINDOWS);
}

function meanOf(
  windows: readonly MeasuredWindow[],
  field: 'similarityBefore' | 'similarityAfter',
): number | null {
  const values = windows.flatMap((window) =>
    'shift' in window && typeof window[field] === 'number' ? [window[field]] : [],
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
