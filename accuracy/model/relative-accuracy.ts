import { exactSum, valueOfSum } from '../../maths/exact-sum.ts';
import type { RelativeStatement, TieDisplacement } from '../../contracts/relative-pairs.ts';
import { median, nmad } from '../../maths/robust.ts';
import { RELATIVE_CLAIM } from './claims.ts';

/** Displacements of one kind of pairs, meters. */
export interface RelativeFigures {
  pairs: number;
  accepted: number;
  /** Share of pairs in which the ground could be found again, 0 to 1. */
  share: number;
  medianEast: number;
  medianNorth: number;
  nmadEast: number;
  nmadNorth: number;
  /** Length of the displacements, root mean square. */
  rms: number;
  /** What each of the two images contributes: rms over the root of 2. */
  perImage: number;
}

/** A kind of pairs of which too few could be measured is not called bad. */
export type RelativeAccuracy =
  | ({ measurable: true } & RelativeFigures)
  | { measurable: false; pairs: number; accepted: number; reason: string };

/** Below this, a correlation may be of unrelated ground. */
const LEAST_PSR = 7;
const LEAST_PAIRS = 3;

/**
 * Accuracy of images relative to each other, without any control: what pairs of one kind say.
 *
 * Trees and walls look different from two sides and do not correlate: where too few pairs are found
 * again, the answer is that nothing could be measured, not that the flight is bad.
 *
 * @example
 * relativeAccuracy(pairs, 'in strip'); // rms 0.71 m, so 0.5 m an image
 */
export function relativeAccuracy(
  pairs: readonly TieDisplacement[],
  kind: TieDisplacement['kind'],
): RelativeAccuracy {
  const ofKind = pairs.filter((pair) => pair.kind === kind);
  const accepted = ofKind.filter(({ psr }) => psr >= LEAST_PSR);
  const counts = { pairs: ofKind.length, accepted: accepted.length };
  if (accepted.length < LEAST_PAIRS) {
    const reason = `${LEAST_PAIRS} pairs must be found again: found ${accepted.length} of ${ofKind.length}`;
    return { measurable: false, ...counts, reason };
  }
  const east = accepted.map((pair) => pair.east);
  const north = accepted.map((pair) => pair.north);
  const squares = accepted.map((pair) => pair.east ** 2 + pair.north ** 2);
  const rms = Math.sqrt(valueOfSum(exactSum(squares)) / accepted.length);
  return {
    measurable: true,
    ...counts,
    share: accepted.length / ofKind.length,
    medianEast: median(east)!,
    medianNorth: median(north)!,
    nmadEast: nmad(east)!,
    nmadNorth: nmad(north)!,
    rms,
    perImage: rms / Math.SQRT2,
  };
}

/** Both kinds of pairs, and what may be claimed of them. */
export function relativeStatement(ties: readonly TieDisplacement[]): RelativeStatement {
  return {
    inStrip: relativeAccuracy(ties, 'in strip'),
    acrossStrips: relativeAccuracy(ties, 'across strips'),
    ties: [...ties],
    claim: RELATIVE_CLAIM,
  };
}
