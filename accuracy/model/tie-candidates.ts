import type { BundleView, TieCandidate } from '../../contracts/bundle.ts';
import { footprintOf } from '../../maths/footprint.ts';
import { planeGround } from '../../maths/ground.ts';
import { convexHull, isInside, type Place, type Polygon } from '../../maths/polygon.ts';

/** Places on the shorter side of an image; twelve by twelve give each image a hundred ties and more. */
const PLACES_A_SIDE = 12;
/** Images that one place is looked for in, beside the first. */
const MOST_OTHERS = 5;
const MOST_CANDIDATES = 6000;

/** Places of a lattice on level ground that at least two images show, in order from the south-west. */
export function tieCandidates(views: readonly BundleView[]): TieCandidate[] {
  const outlines = views.map(outlineOf);
  const places = outlines.flat();
  if (places.length === 0) return [];
  const bounds = boundsOf(places);
  const step = Math.max(
    stepOf(views),
    Math.sqrt(((bounds.east - bounds.west) * (bounds.north - bounds.south)) / MOST_CANDIDATES),
  );
  const candidates: TieCandidate[] = [];
  for (let north = bounds.south + step / 2; north < bounds.north; north += step) {
    for (let east = bounds.west + step / 2; east < bounds.east; east += step) {
      const images = outlines
        .flatMap((outline, image) => (isInside(outline, [east, north]) ? [image] : []))
        .map((image) => ({ image, distance: distanceTo(views[image]!, east, north) }))
        .toSorted((a, b) => a.distance - b.distance || a.image - b.image)
        .map(({ image }) => image);
      if (images.length < 2) continue;
      candidates.push({ east, north, images: images.slice(0, 1 + MOST_OTHERS) });
    }
  }
  return candidates;
}

function distanceTo({ view }: BundleView, east: number, north: number): number {
  return Math.hypot(view.pose.center[0] - east, view.pose.center[1] - north);
}

/** Of the image with the finest lattice. */
function stepOf(views: readonly BundleView[]): number {
  return views.reduce((least, { view: { camera, pose } }) => {
    const side = (Math.min(camera.columns, camera.rows) * pose.center[2]) / camera.focalX;
    return Math.min(least, side / PLACES_A_SIDE);
  }, Infinity);
}

function outlineOf({ view }: BundleView): Polygon {
  const outline = footprintOf(view.camera, view.pose, planeGround(0));
  return outline === null ? [] : convexHull(outline.map(([x, y]): Place => [x, y]));
}

function boundsOf(places: Polygon) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of places) {
    [west, east] = [Math.min(west, x), Math.max(east, x)];
    [south, north] = [Math.min(south, y), Math.max(north, y)];
  }
  return { west, south, east, north };
}
