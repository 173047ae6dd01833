import { median } from '../../../maths/robust.ts';
import { randomNumbers } from '../../../maths/seeded-random.ts';
import { agreeingWith, largestConsensus, lengthOf } from './consensus.ts';
import {
  type Displacement,
  fitShiftModel,
  residualOf,
  type ShiftModel,
  type ShiftModelKind,
  shiftModelKinds,
  UNKNOWNS,
} from './shift-model.ts';

/** Tukey's constant: 95 % of the efficiency of least squares on normal errors. */
const TUKEY = 4.685;
const SIGMA_FLOOR = 0.05;
const ITERATIONS = 12;
/** Pixels: what matching itself can tell; a better fit than this is no reason for a richer model. */
const RESOLUTION = 0.01;
/**
 * Share of a window's pixels on which its match rests: by the widest of the window functions in use, which rises
 * over a quarter of the side at either end, 0.74 of the side along each axis ((sum w^2)^2 / sum w^4).
 */
const RESTING_SHARE = 0.55;
/**
 * How often the regular grid sees a pixel: its windows hardly rest on the same ones, but what noise leaves
 * there, such as seasons, is alike over more than a window, and would be taken for a turn or a growth.
 */
const REGULAR_OVERLAP = (4 / 3) ** 2;
/** Matches that agree, and quadrants that hold one, which a kind needs. */
const NEEDED: Record<ShiftModelKind, { matches: number; quadrants: number }> = {
  translation: { matches: 1, quadrants: 1 },
  similarity: { matches: 4, quadrants: 2 },
  affine: { matches: 8, quadrants: 3 },
  polynomial: { matches: 18, quadrants: 4 },
};

export interface EstimatedShiftModel<Match extends Displacement> {
  model: ShiftModel;
  /** Matches within a pixel of the model. */
  agreeing: Match[];
  /** Robust standard deviation of what the model leaves along an axis, pixels. */
  sigma: number;
}

/**
 * The shift model that matches agree on: the largest consensus, each kind refined from it with Tukey's
 * weights, and of the kinds the one with the least corrected Akaike criterion.
 *
 * @param options.seed such as the hash of the content: the same seed gives the same model.
 * @param options.kinds to choose among; those that have too few matches are left out.
 * @param options.overlap how many windows see a pixel: neighbors that share pixels are no independent
 * witnesses when models are compared.
 * @returns null without matches.
 */
export function estimateShiftModel<Match extends Displacement>(
  matches: readonly Match[],
  {
    seed,
    kinds = ['translation', 'similarity', 'affine'],
    overlap = 1,
  }: { seed: string; kinds?: readonly ShiftModelKind[]; overlap?: number },
): EstimatedShiftModel<Match> | null {
  const start = largestConsensus(matches, randomNumbers(seed));
  if (start === null) return null;
  const agreeing = agreeingWith(start, matches);
  const candidates = shiftModelKinds
    .filter((kind) => kinds.includes(kind) && hasEnough(kind, agreeing))
    .map((kind) => refine(start, kind, matches))
    .filter((model) => model !== null);
  // What all kinds are compared on has to be the same.
  const common = candidates.length === 0 ? [] : agreeingWith(candidates.at(-1)!, matches);
  const scored = candidates.map((model) => ({ model, score: akaike(model, common, overlap) }));
  const best = scored.reduce(
    (least, next) => (next.score < least.score ? next : least),
    scored[0] ?? { model: start, score: 0 },
  );
  const inliers = agreeingWith(best.model, matches);
  return { model: best.model, agreeing: inliers, sigma: robustSigma(best.model, inliers) };
}

/** 1.4826 times the median size of the residuals along both axes, pixels; 0 without any. */
export function robustSigma(model: ShiftModel, matches: readonly Displacement[]): number {
  const sizes = matches.flatMap((match) => {
    const { x, y } = residualOf(model, match);
    return [Math.abs(x), Math.abs(y)];
  });
  return 1.4826 * (median(sizes) ?? 0);
}

function refine(
  start: ShiftModel,
  kind: ShiftModelKind,
  matches: readonly Displacement[],
): ShiftModel | null {
  let model: ShiftModel | null = fitShiftModel(agreeingWith(start, matches), kind);
  for (let turn = 0; turn < ITERATIONS && model !== null; turn++) {
    const current: ShiftModel = model;
    const sigma = Math.max(SIGMA_FLOOR, robustSigma(current, agreeingWith(current, matches)));
    const weights = matches.map((match) => {
      const share = lengthOf(residualOf(current, match)) / (TUKEY * sigma);
      return share < 1 ? (1 - share * share) ** 2 : 0;
    });
    const used = matches.filter((_, index) => weights[index]! > 0);
    model = fitShiftModel(
      used,
      kind,
      weights.filter((weight) => weight > 0),
    );
  }
  return model;
}

/** The criterion of Akaike, corrected for few observations (C. Hurvich and C.-L. Tsai, 1989). */
function akaike(model: ShiftModel, matches: readonly Displacement[], overlap: number): number {
  const shared = Math.max(Math.min(overlap, REGULAR_OVERLAP), RESTING_SHARE * overlap);
  const observations = (2 * matches.length) / shared;
  const parameters = UNKNOWNS[model.kind] + 1;
  const free = observations - parameters - 1;
  // Too few to tell: only the stiffest can be right.
  if (free <= 0) return model.kind === 'translation' ? Number.MAX_VALUE : Number.POSITIVE_INFINITY;
  const squares = matches.reduce((sum, match) => {
    const { x, y } = residualOf(model, match);
    return sum + x * x + y * y;
  }, 0);
  const variance = squares / (2 * matches.length) + RESOLUTION ** 2;
  return (
    observations * Math.log(variance) + 2 * parameters + (2 * parameters * (parameters + 1)) / free
  );
}

function hasEnough(kind: ShiftModelKind, matches: readonly Displacement[]): boolean {
  const { matches: needed, quadrants } = NEEDED[kind];
  if (matches.length < needed) return false;
  const [xs, ys] = [matches.map(({ at }) => at.x), matches.map(({ at }) => at.y)];
  const middleX = (Math.min(...xs) + Math.max(...xs)) / 2;
  const middleY = (Math.min(...ys) + Math.max(...ys)) / 2;
  const held = new Set(matches.map(({ at }) => `${at.x < middleX} ${at.y < middleY}`));
  return held.size >= quadrants;
}
