import { mean, rootMeanSquare } from '../../../maths/mean.ts';
import type { GeodeticPosition } from '../../../maths/geodesy.ts';
import { solveLeastSquares } from '../../../maths/least-squares.ts';
import { median } from '../../../maths/robust.ts';
import { type ImagePoint, projectGround } from './project-ground.ts';
import type { RationalPolynomials } from './rational-polynomials.ts';

/** A surveyed place and where it was seen in the image. */
export interface GroundObservation {
  ground: GeodeticPosition;
  observed: ImagePoint;
}

/**
 * What has to be added to a projected point so that it lies where it is seen, pixels:
 * constant + perSample * sample + perLine * line.
 */
export interface ImageBias {
  sample: readonly [constant: number, perSample: number, perLine: number];
  line: readonly [constant: number, perSample: number, perLine: number];
}

/** Where a place lies in the image by the sensor model, and where it is seen. */
export interface ProjectedPair {
  projected: ImagePoint;
  observed: ImagePoint;
}

export type BiasModel = 'mean' | 'median' | 'affine';

/** Points that a model of the bias needs at least. */
const NEEDED = { mean: 1, median: 3, affine: 6 } as const satisfies Record<BiasModel, number>;

export interface BiasEstimate {
  model: BiasModel;
  bias: ImageBias;
  points: number;
  /** Root mean square of the distance between observed and projected, pixels. */
  rmsBefore: number;
  rmsAfter: number;
  /** The same, each point against the bias of the others: what a new point may expect; null when there are too few others. */
  rmsLeaveOneOut: number | null;
}

/**
 * The bias of a sensor model in its image, from ground points. A shift takes the error of attitude and
 * position, which over a scene is nearly constant in the image; an affine model also takes its drift.
 *
 * Source: C. S. Fraser and H. B. Hanley, "Bias compensation in rational functions for Ikonos satellite
 * imagery", Photogrammetric Engineering and Remote Sensing 69, 2003.
 *
 * @param model `mean`; `median` from 3 points on, which one blunder does not move; `affine` from 6.
 * @throws {RangeError} with fewer points than the model needs, or points on a line for `affine`.
 */
export function estimateBias(
  rpc: RationalPolynomials,
  observations: readonly GroundObservation[],
  model: BiasModel = 'mean',
): BiasEstimate {
  const pairs = observations.map(({ ground, observed }) => ({
    projected: projectGround(rpc, ground),
    observed,
  }));
  return biasOfPairs(pairs, model);
}

/** As `estimateBias`, of points whose places in the image by the sensor model are known already. */
export function biasOfPairs(pairs: readonly ProjectedPair[], model: BiasModel): BiasEstimate {
  if (pairs.length < NEEDED[model]) {
    throw new RangeError(
      `Cannot estimate a bias by ${model} as ${NEEDED[model]} ground points are needed: found ${pairs.length}`,
    );
  }
  const bias = fit(pairs, model);
  if (bias === null) {
    throw new RangeError(
      'Cannot estimate an affine bias as the ground points have to span an area: found them on one line',
    );
  }
  return {
    model,
    bias,
    points: pairs.length,
    rmsBefore: rootMeanSquare(pairs.map((pair) => distance(pair, NONE))),
    rmsAfter: rootMeanSquare(pairs.map((pair) => distance(pair, bias))),
    rmsLeaveOneOut: leaveOneOut(pairs, model),
  };
}

/** Where a projected point is to be seen. */
export function applyBias({ sample, line }: ImageBias, projected: ImagePoint): ImagePoint {
  const add = ([constant, perSample, perLine]: ImageBias['sample']) =>
    constant + perSample * projected.sample + perLine * projected.line;
  return { sample: projected.sample + add(sample), line: projected.line + add(line) };
}

/** The projected point of one that is seen: the way back. */
export function removeBias({ sample, line }: ImageBias, observed: ImagePoint): ImagePoint {
  const [a, b, c, d] = [1 + sample[1], sample[2], line[1], 1 + line[2]];
  const [x, y] = [observed.sample - sample[0], observed.line - line[0]];
  const determinant = a * d - b * c;
  return { sample: (d * x - b * y) / determinant, line: (a * y - c * x) / determinant };
}

const NONE: ImageBias = { sample: [0, 0, 0], line: [0, 0, 0] };

function fit(pairs: readonly ProjectedPair[], model: BiasModel): ImageBias | null {
  const samples = pairs.map(({ projected, observed }) => observed.sample - projected.sample);
  const lines = pairs.map(({ projected, observed }) => observed.line - projected.line);
  if (model === 'affine') {
    const rows = pairs.map(({ projected: { sample, line } }) => [1, sample, line]);
    const sample = solveLeastSquares(rows, samples);
    const line = solveLeastSquares(rows, lines);
    if (sample === null || line === null) return null;
    return { sample: asTriple(sample), line: asTriple(line) };
  }
  const center = model === 'mean' ? mean : (values: readonly number[]) => median(values) ?? 0;
  return { sample: [center(samples), 0, 0], line: [center(lines), 0, 0] };
}

function leaveOneOut(pairs: readonly ProjectedPair[], model: BiasModel): number | null {
  if (pairs.length <= NEEDED[model]) return null;
  const distances: number[] = [];
  for (const pair of pairs) {
    const bias = fit(
      pairs.filter((other) => other !== pair),
      model,
    );
    if (bias === null) return null;
    distances.push(distance(pair, bias));
  }
  return rootMeanSquare(distances);
}

function distance({ projected, observed }: ProjectedPair, bias: ImageBias): number {
  const expected = applyBias(bias, projected);
  return Math.hypot(observed.sample - expected.sample, observed.line - expected.line);
}

function asTriple([constant, perSample, perLine]: readonly number[]): ImageBias['sample'] {
  return [constant!, perSample!, perLine!];
}
