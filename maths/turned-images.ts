/** How well two images agree under one assumption about how each is turned. */
export interface TurnEvidence {
  first: string;
  second: string;
  /** Degrees added to the recorded yaw of each: 0 as recorded, 180, or +-90 for square images. */
  firstTurn: number;
  secondTurn: number;
  /** Peak to side lobe ratio of the correlation of the ground they share, above 0. */
  psr: number;
}

/** An image that its neighbors agree with only when it is turned. */
export interface TurnedImage {
  image: string;
  turnDegrees: number;
  /** Sum of log PSR over its pairs, turned minus as recorded. */
  margin: number;
  pairs: number;
}

/** Least advantage of a turn over the record, as a sum of natural logarithms of PSR. */
const LEAST_MARGIN = 5;

/**
 * Images whose yaw does not fit their pixels, as when a viewer turned and saved them. For every turn of
 * an image, each of its pairs takes the turn of the other image that suits it best; the sums of log PSR
 * over all pairs are compared.
 *
 * @param leastMargin advantage of a turn over the record that it takes.
 *
 * @example
 * // In a line of turned images, pairs have PSR 4 as recorded and 19 when both are turned: three such
 * // pairs give an image a margin of 3 log(19 / 4) = 4.7, a fourth decides.
 */
export function findTurnedImages(
  evidence: readonly TurnEvidence[],
  leastMargin = LEAST_MARGIN,
): TurnedImage[] {
  const scores = new Map<string, Map<number, Map<string, number>>>();
  for (const { first, second, firstTurn, secondTurn, psr } of evidence) {
    note(scores, first, firstTurn, second, Math.log(psr));
    note(scores, second, secondTurn, first, Math.log(psr));
  }
  return [...scores]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([image, turns]) => {
      const recorded = turns.get(0);
      if (recorded === undefined) return [];
      const rivals = [...turns].filter(([turn]) => turn !== 0);
      const best = rivals
        .map(([turnDegrees, partners]) => ({ turnDegrees, ...advantage(partners, recorded) }))
        .toSorted((a, b) => b.margin - a.margin)[0];
      return best === undefined || best.margin < leastMargin ? [] : [{ image, ...best }];
    });
}

/** Keeps the best score for an image, its turn and the partner, over the turns of the partner. */
function note(
  scores: Map<string, Map<number, Map<string, number>>>,
  image: string,
  turn: number,
  partner: string,
  score: number,
): void {
  const turns = scores.get(image) ?? new Map<number, Map<string, number>>();
  const partners = turns.get(turn) ?? new Map<string, number>();
  partners.set(partner, Math.max(score, partners.get(partner) ?? -Infinity));
  turns.set(turn, partners);
  scores.set(image, turns);
}

/** Over the partners that were tried both ways. */
function advantage(
  turned: ReadonlyMap<string, number>,
  recorded: ReadonlyMap<string, number>,
): { margin: number; pairs: number } {
  let [margin, pairs] = [0, 0];
  for (const [partner, score] of turned) {
    const before = recorded.get(partner);
    if (before === undefined) continue;
    margin += score - before;
    pairs++;
  }
  return { margin, pairs };
}
