/**
 * Number of false alarms: how many models as good as this one are to be expected among matches that
 * agree by chance only. 1e-4 means one in ten thousand such scenes.
 *
 * With n matches, each within the radius of the model by chance with probability p, and k that are:
 * n P[Binomial(n, p) >= k]. A model that is drawn through m matches has as many more ways to be drawn,
 * and m - 1 of its matches agree by construction: C(n, m) P[Binomial(n - m + 1, p) >= k - m + 1].
 *
 * Source: L. Moisan and B. Stival, "A probabilistic criterion to detect rigid point matches between two
 * images", International Journal of Computer Vision 57, 2004.
 *
 * @param chance p, above 0 and below 1.
 * @param drawnThrough m: 1 for a translation, 2 for a similarity, 3 for an affine model.
 *
 * @example
 * falseAlarmNumber({ matches: 63, agreeing: 6, chance: 1 / 144 }); // 3.420e-4
 */
export function falseAlarmNumber({
  matches,
  agreeing,
  chance,
  drawnThrough = 1,
}: {
  matches: number;
  agreeing: number;
  chance: number;
  drawnThrough?: number;
}): number {
  if (!(chance > 0 && chance < 1)) {
    throw new RangeError(
      `Cannot count false alarms as a chance must be above 0 and below 1: found ${chance}`,
    );
  }
  if (matches < drawnThrough || agreeing < drawnThrough) return Math.max(1, matches);
  const free = matches - drawnThrough + 1;
  const logModels = logChoose(matches, drawnThrough);
  let tail = 0;
  // From the smallest term, so that none is lost.
  for (let hits = free; hits >= agreeing - drawnThrough + 1; hits--) {
    const logTerm =
      logChoose(free, hits) + hits * Math.log(chance) + (free - hits) * Math.log1p(-chance);
    tail += Math.exp(logModels + logTerm);
  }
  return tail;
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let index = 1; index <= Math.min(k, n - k); index++) {
    sum += Math.log((n - Math.min(k, n - k) + index) / index);
  }
  return sum;
}
