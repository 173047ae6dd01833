import { median } from '../../maths/robust.ts';

/** What the search for blunders looks at: the length of one residual, meters. */
export interface JudgedResidual {
  point: string;
  image: string;
  radial: number;
  /** An observation outside the image is a suspect whatever its residual. */
  isInImage: boolean;
}

/** A residual with the evidence against it. */
export interface Suspect {
  point: string;
  image: string;
  radial: number;
  /** 0.6745 (r - median) / MAD. */
  robustZ: number;
  because: 'large residual' | 'outside the image' | 'large residual, outside the image';
}

/** Robust z above which a residual is suspected. */
const MOST_Z = 3.5;
const NORMAL = 0.6745;

/**
 * Robust z-scores of lengths, in their order: 0.6745 (r - median) / MAD.
 *
 * Source: B. Iglewicz and D. Hoaglin, "How to detect and handle outliers", ASQC, 1993.
 *
 * @param leastDeviation the MAD is taken as at least this, meters: among residuals that are all but equal
 * the smallest difference would be a blunder.
 */
export function robustZ(lengths: readonly number[], leastDeviation = 0): number[] {
  const middle = median(lengths);
  if (middle === null) return [];
  const deviation = median(lengths.map((value) => Math.abs(value - middle)))!;
  const spread = Math.max(deviation, leastDeviation);
  return lengths.map((value) =>
    value === middle ? 0 : spread === 0 ? Infinity : (NORMAL * (value - middle)) / spread,
  );
}

/**
 * Residuals that do not go with the others. They are named, never deleted: figures are given with and
 * without them.
 *
 * @param leastDeviation what a pointing of half a pixel makes on the ground, meters.
 *
 * @example
 * // Ten residuals of centimeters and one of 0.35 m:
 * findSuspects(residuals, 0.001); // the last, with robust z 40.19
 */
export function findSuspects(
  residuals: readonly JudgedResidual[],
  leastDeviation: number,
): Suspect[] {
  const scores = robustZ(
    residuals.map(({ radial }) => radial),
    leastDeviation,
  );
  return residuals.flatMap(({ point, image, radial, isInImage }, index) => {
    const isLarge = scores[index]! > MOST_Z;
    if (!isLarge && isInImage) return [];
    const because = isInImage
      ? 'large residual'
      : isLarge
        ? 'large residual, outside the image'
        : 'outside the image';
    return [{ point, image, radial, robustZ: scores[index]!, because }];
  });
}

/** What the suspects have in common. */
export interface BlunderPattern {
  kind: 'pointing' | 'point' | 'pose';
  /** The point, the image, or both for a pointing. */
  point: string | null;
  image: string | null;
  words: string;
}

/**
 * Tells one bad pointing from a bad point and a bad pose: all observations of a point bad speak against
 * its survey or its name, all points in an image against its pose. A single observation proves neither.
 */
export function explainSuspects(
  residuals: readonly JudgedResidual[],
  suspects: readonly Suspect[],
): BlunderPattern[] {
  const badPoints = whollySuspected(residuals, suspects, 'point');
  const badImages = whollySuspected(residuals, suspects, 'image');
  const single = suspects.filter(
    ({ point, image }) => !badPoints.includes(point) && !badImages.includes(image),
  );
  return [
    ...badPoints.map((point): BlunderPattern => ({
      kind: 'point',
      point,
      image: null,
      words: `every observation of "${point}" is off: its survey or its name is wrong`,
    })),
    ...badImages.map((image): BlunderPattern => ({
      kind: 'pose',
      point: null,
      image,
      words: `every point in "${image}" is off: its position or attitude is wrong`,
    })),
    ...single.map(({ point, image }): BlunderPattern => ({
      kind: 'pointing',
      point,
      image,
      words: `"${point}" is off in "${image}" only: it was pointed at the wrong place`,
    })),
  ];
}

function whollySuspected(
  residuals: readonly JudgedResidual[],
  suspects: readonly Suspect[],
  by: 'point' | 'image',
): string[] {
  const countOf = (some: readonly { point: string; image: string }[], name: string) =>
    some.filter((one) => one[by] === name).length;
  return [...new Set(suspects.map((suspect) => suspect[by]))].filter((name) => {
    const bad = countOf(suspects, name);
    return bad >= 2 && bad === countOf(residuals, name);
  });
}
