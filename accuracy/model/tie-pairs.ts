import type { BundleView } from '../../contracts/bundle.ts';
import { directionInCamera, type Pixel, project } from '../../maths/camera.ts';
import { meetGround } from '../../maths/footprint.ts';
import { planeGround } from '../../maths/ground.ts';
import type { PatchPlace } from '../../maths/patch-fit.ts';
import { multiply, rotationZ, type Vector3 } from '../../maths/rotation.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';
import { length, scale, subtract, transformBack, transpose } from '../../maths/vector.ts';
import { type FeatureMatch, matchFeatures } from './feature-matching.ts';
import { agreeingPairs, type RelativePose } from './relative-orientation.ts';
import type { TieImage } from './tie-features.ts';

/** Share of the wider side of a picture that records, and relief, put a corner off by. */
const REACH = 0.2;
/** Pixels from the epipolar line. */
const TOLERANCE = 1;
const LEAST_AGREEING = 15;
/** Of matches that are mostly wrong, some agree with any pose. */
const LEAST_SHARE = 0.3;

/** An image of the block with what was found in it. */
export interface TieView {
  view: BundleView;
  tieImage: TieImage;
}

/** A corner of the first image, and where the second shows it: to a pixel, and as its surroundings lie. */
export interface PairedCorner {
  corner: number;
  place: PatchPlace;
}

/**
 * Corners that two images have in common: they look alike, and agree with one pose of both cameras near the
 * recorded one.
 *
 * Where none are found, the images are compared as if one had been turned by half, wherever its corners then
 * lie. Such ties contradict the record, and the adjustment will say so; without them, a turned line would
 * only look untied.
 */
export function pairCorners(first: TieView, second: TieView): PairedCorner[] {
  for (const isTurned of [false, true]) {
    const transfer = transferOf(first, second);
    const { columns, rows } = second.tieImage.camera;
    const matches = matchFeatures(first.tieImage, second.tieImage, {
      near: isTurned ? null : { expected: transfer, reach: REACH * Math.max(columns, rows) },
      isTurned,
    });
    const agreeing = agreeingMatches(matches, first, second, isTurned);
    if (agreeing.length < Math.max(LEAST_AGREEING, LEAST_SHARE * matches.length)) continue;
    return agreeing.flatMap((match) => {
      const shape = shapeAt(transfer, first.tieImage.corners[match.first]!, isTurned ? -1 : 1);
      const place = second.tieImage.corners[match.second]!;
      return shape === null ? [] : [{ corner: match.first, place: { place, shape } }];
    });
  }
  return [];
}

type Transfer = (pixel: Pixel) => readonly [number, number] | null;

/** Where an image shows the level ground that a pixel of another shows. */
function transferOf(first: TieView, second: TieView): Transfer {
  const ground = planeGround(0);
  return (pixel) => {
    const met = meetGround(first.tieImage.camera, first.view.view.pose, pixel, ground);
    return met === null ? null : project(second.tieImage.camera, second.view.view.pose, met.point);
  };
}

function shapeAt(
  transfer: Transfer,
  [u, v]: readonly [number, number],
  sign: 1 | -1,
): PatchPlace['shape'] | null {
  const [here, right, below] = [transfer([u, v]), transfer([u + 1, v]), transfer([u, v + 1])];
  if (here === null || right === null || below === null) return null;
  return [
    sign * (right[0] - here[0]),
    sign * (below[0] - here[0]),
    sign * (right[1] - here[1]),
    sign * (below[1] - here[1]),
  ];
}

function agreeingMatches(
  matches: readonly FeatureMatch[],
  first: TieView,
  second: TieView,
  isTurned: boolean,
): FeatureMatch[] {
  const recorded = recordedPose(first, second, isTurned);
  if (recorded === null) return [];
  const usable = matches.flatMap((match) => {
    const from = directionOf(first.tieImage, match.first);
    const to = directionOf(second.tieImage, match.second);
    return from === null || to === null ? [] : [{ match, pair: { first: from, second: to } }];
  });
  const agreeing = agreeingPairs(
    usable.map(({ pair }) => pair),
    recorded,
    TOLERANCE / first.tieImage.camera.focalX,
    randomNumbers(`${first.view.file.sha256} ${second.view.file.sha256}`),
  );
  return agreeing.map((index) => usable[index]!.match);
}

/** Null for two images that were taken from one place. */
function recordedPose(first: TieView, second: TieView, isTurned: boolean): RelativePose | null {
  const [a, b] = [first.view.view.pose, second.view.view.pose];
  const apart = transformBack(a.rotation, subtract(b.center, a.center));
  const distance = length(apart);
  if (distance === 0) return null;
  const between = multiply(transpose(a.rotation), b.rotation);
  return {
    rotation: isTurned ? multiply(between, rotationZ(Math.PI)) : between,
    baseline: scale(apart, 1 / distance),
  };
}

function directionOf({ camera, corners }: TieImage, corner: number): Vector3 | null {
  const direction = directionInCamera(camera, corners[corner]!);
  return direction === null ? null : [direction[0], direction[1], 1];
}
