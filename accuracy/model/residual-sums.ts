import { type ExactSum, exactSum, valueOfSum } from '../../maths/exact-sum.ts';

/** What the sums are made of: a residual on the ground, meters, and in the image, pixels. */
export interface SummedResidual {
  east: number;
  north: number;
  du: number;
  dv: number;
}

/**
 * Sums over residuals of an image, a page or a flight. They are exact, so that merging them in any order
 * and grouping gives the same figures and the same digest.
 */
export interface ResidualSums {
  n: number;
  east: ExactSum;
  north: ExactSum;
  eastEast: ExactSum;
  northNorth: ExactSum;
  eastNorth: ExactSum;
  pixelsSquared: ExactSum;
  /** Greatest length on the ground, meters. */
  greatest: number;
}

/** Figures of one or many images, meters and pixels. */
export interface ResidualFigures {
  n: number;
  meanEast: number;
  meanNorth: number;
  rmseEast: number;
  rmseNorth: number;
  /** Root of the sum of the squares east and north. */
  rmseRadial: number;
  /** Length of the image residual, root mean square. */
  rmsePixels: number;
  greatest: number;
}

/** The sums of one image's residuals, or of any others. */
export function sumResiduals(residuals: readonly SummedResidual[]): ResidualSums {
  const sum = (part: (residual: SummedResidual) => number) => exactSum(residuals.map(part));
  return {
    n: residuals.length,
    east: sum(({ east }) => east),
    north: sum(({ north }) => north),
    eastEast: sum(({ east }) => east * east),
    northNorth: sum(({ north }) => north * north),
    eastNorth: sum(({ east, north }) => east * north),
    pixelsSquared: sum(({ du, dv }) => du * du + dv * dv),
    greatest: residuals.reduce(
      (most, { east, north }) => Math.max(most, Math.hypot(east, north)),
      0,
    ),
  };
}

/** The sums of all, whatever their order and however they were grouped before. */
export function mergeResidualSums(parts: readonly ResidualSums[]): ResidualSums {
  const merge = (part: (sums: ResidualSums) => ExactSum) => exactSum(parts.flatMap(part));
  return {
    n: parts.reduce((total, { n }) => total + n, 0),
    east: merge(({ east }) => east),
    north: merge(({ north }) => north),
    eastEast: merge(({ eastEast }) => eastEast),
    northNorth: merge(({ northNorth }) => northNorth),
    eastNorth: merge(({ eastNorth }) => eastNorth),
    pixelsSquared: merge(({ pixelsSquared }) => pixelsSquared),
    greatest: parts.reduce((most, { greatest }) => Math.max(most, greatest), 0),
  };
}

/** The figures that the sums stand for; null of no residual. */
export function residualFigures(sums: ResidualSums): ResidualFigures | null {
  const { n } = sums;
  if (n === 0) return null;
  const mean = (sum: ExactSum) => valueOfSum(sum) / n;
  return {
    n,
    meanEast: mean(sums.east),
    meanNorth: mean(sums.north),
    rmseEast: Math.sqrt(mean(sums.eastEast)),
    rmseNorth: Math.sqrt(mean(sums.northNorth)),
    rmseRadial: Math.sqrt(mean(exactSum([...sums.eastEast, ...sums.northNorth]))),
    rmsePixels: Math.sqrt(mean(sums.pixelsSquared)),
    greatest: sums.greatest,
  };
}
