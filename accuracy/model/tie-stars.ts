import type { BundleView, MatchedTie } from '../../contracts/bundle.ts';
import { footprintOf } from '../../maths/footprint.ts';
import { planeGround } from '../../maths/ground.ts';
import { fitPatch, type PatchPlace } from '../../maths/patch-fit.ts';
import { clip, convexHull, type Place, type Polygon, signedArea } from '../../maths/polygon.ts';
import type { TieImage } from './tie-features.ts';
import type { PairedCorner, TieView } from './tie-pairs.ts';
import { turnBack } from './turned-images.ts';

/** Share of the smaller footprint that two images have to share to be compared. */
const LEAST_SHARED = 0.2;
/** Images that one image is compared with. */
const MOST_NEIGHBORS = 10;
/** Of the gray values of a corner's surroundings in both images. */
const LEAST_CORRELATION = 0.9;
/** At most one tie of an image in each cell, of which so many lie on its shorter side. */
const CELLS_A_SIDE = 18;
/** Fractions of a pixel that are kept: finer than any fit, and short where they are stored. */
const FRACTIONS = 1e4;

/** An image and its number in the block. */
export interface NumberedView extends TieView {
  number: number;
}

/** What one image has in common with a later one. */
export interface TiePair {
  other: NumberedView;
  corners: readonly PairedCorner[];
}

/**
 * The later images of the flight that show the same ground as one image, those that share most first: two
 * images are compared once, in the work on the earlier.
 */
export function laterNeighbors(image: number, views: readonly BundleView[]): number[] {
  const own = outlineOf(views[image]!);
  const shareOf = (other: Polygon) => {
    const least = Math.min(Math.abs(signedArea(own)), Math.abs(signedArea(other)));
    return least > 0 ? Math.abs(signedArea(clip(own, other))) / least : 0;
  };
  return views
    .flatMap((view, other) => (other > image ? [{ other, share: shareOf(outlineOf(view)) }] : []))
    .filter(({ share }) => share >= LEAST_SHARED)
    .toSorted((a, b) => b.share - a.share || a.other - b.other)
    .slice(0, MOST_NEIGHBORS)
    .map(({ other }) => other);
}

function outlineOf({ view }: BundleView): Polygon {
  const outline = footprintOf(view.camera, view.pose, planeGround(0));
  return outline === null ? [] : convexHull(outline.map(([x, y]): Place => [x, y]));
}

/**
 * Ties of one image with its later neighbors: corners that are found again there and fit to some hundredths
 * of a pixel. All places of a tie are measured against the same patch, that of the first image.
 */
export function starOfTies(first: NumberedView, pairs: readonly TiePair[]): MatchedTie[] {
  const found = new Map<number, { other: NumberedView; place: PatchPlace }[]>();
  for (const { other, corners } of pairs) {
    for (const { corner, place } of corners) {
      found.set(corner, [...(found.get(corner) ?? []), { other, place }]);
    }
  }
  const most = (corner: number) => found.get(corner)!.length;
  return spread(first.tieImage, found.keys(), most).flatMap((corner) => {
    const at = first.tieImage.corners[corner]!;
    const observations = found.get(corner)!.flatMap(({ other, place }) => {
      const fit = fitPatch(first.tieImage.smooth, at, other.tieImage.smooth, place);
      const isFound = fit !== null && fit.correlation >= LEAST_CORRELATION;
      return isFound ? [{ image: other.number, pixel: storedPixel(fit.place, other) }] : [];
    });
    if (observations.length === 0) return [];
    const own = { image: first.number, pixel: storedPixel(at, first) };
    return [{ name: `${first.number}-${corner}`, observations: [own, ...observations] }];
  });
}

/** In every cell of the image the corner that most images show. */
function spread(
  { camera, corners }: TieImage,
  found: Iterable<number>,
  mostOf: (corner: number) => number,
): number[] {
  const cell = Math.min(camera.columns, camera.rows) / CELLS_A_SIDE;
  const best = new Map<string, number>();
  for (const corner of [...found].toSorted((a, b) => a - b)) {
    const [u, v] = corners[corner]!;
    const key = `${Math.floor(u / cell)} ${Math.floor(v / cell)}`;
    const known = best.get(key);
    if (known === undefined || mostOf(known) < mostOf(corner)) best.set(key, corner);
  }
  return [...best.values()].toSorted((a, b) => a - b);
}

/** In pixels of the stored image, upright as the camera took it. */
function storedPixel(
  [u, v]: readonly [number, number],
  { view: { view, turnDegrees }, tieImage: { camera } }: TieView,
): [number, number] {
  const [across, down] = [view.camera.columns / camera.columns, view.camera.rows / camera.rows];
  const stored = [(u + 0.5) * across - 0.5, (v + 0.5) * down - 0.5] as const;
  const [x, y] = turnBack(view.camera, stored, turnDegrees);
  return [Math.round(x * FRACTIONS) / FRACTIONS, Math.round(y * FRACTIONS) / FRACTIONS];
}
