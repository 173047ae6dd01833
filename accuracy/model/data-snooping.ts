import { type BoresightEstimate, estimateBoresight, isEstimate } from './boresight.ts';
import type { BoresightObservation } from './boresight-equations.ts';
import { assumed } from './expected-error.ts';

/** An observation that an estimate was made without. */
export interface SnoopedObservation {
  point: string;
  image: string;
  /** Its residual over its own sigma when it was still in. */
  standardized: number;
}

/** Standardized residual that one of a thousand observations without blunder exceeds. */
const MOST_STANDARDIZED = 3.29;

/**
 * `estimateBoresight` without blunders, which are taken out one at a time, the largest first: one hides
 * others, and makes good observations look bad. They are named, and figures are to be given with and
 * without them.
 *
 * Source: W. Baarda, "A testing procedure for use in geodetic networks", 1968 (data snooping).
 *
 * @returns what `estimateBoresight` gives at the end, and what was taken out on the way.
 */
export function snoopBoresight(
  observations: readonly BoresightObservation[],
  pointingPixels: number = assumed.pointingPixels,
): { result: BoresightEstimate | { reason: string }; snooped: SnoopedObservation[] } {
  const snooped: SnoopedObservation[] = [];
  let kept = [...observations];
  let result = estimateBoresight(kept, pointingPixels);
  // Were more than a quarter blunders, the rest would not be worth the name of control.
  while (isEstimate(result) && 4 * snooped.length < observations.length) {
    const standardized = Math.max(...result.standardized);
    if (standardized <= MOST_STANDARDIZED) break;
    const worst = result.standardized.indexOf(standardized);
    const { point, image } = kept[worst]!;
    const rest = kept.filter((_, index) => index !== worst);
    const next = estimateBoresight(rest, pointingPixels);
    if (!isEstimate(next)) break;
    snooped.push({ point, image, standardized });
    [kept, result] = [rest, next];
  }
  return { result, snooped };
}
