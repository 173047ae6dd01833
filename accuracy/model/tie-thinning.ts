import type { BundleView, MatchedTie } from '../../contracts/bundle.ts';
import { meetGround } from '../../maths/footprint.ts';
import { planeGround } from '../../maths/ground.ts';

/** Cells of ground across the shorter side of an image. */
const CELLS_A_SIDE = 18;

/**
 * In every cell of ground one tie, that of the image which looks at it most steeply: corners of several
 * images are often the same place, and errors that they share would count as often as it was found.
 */
export function oneTieACell(
  ties: readonly MatchedTie[],
  views: readonly BundleView[],
): MatchedTie[] {
  const cell = cellOf(views);
  const best = new Map<string, { tie: MatchedTie; off: number }>();
  for (const tie of ties) {
    const place = placeOf(tie, views);
    if (place === null) continue;
    const key = `${Math.floor(place.east / cell)} ${Math.floor(place.north / cell)}`;
    const known = best.get(key);
    if (known === undefined || place.off < known.off) best.set(key, { tie, off: place.off });
  }
  return [...best.values()].map(({ tie }) => tie);
}

/** Of the image with the finest cells, meters. */
function cellOf(views: readonly BundleView[]): number {
  const sides = views.map(
    ({ view: { camera, pose } }) =>
      (Math.min(camera.columns, camera.rows) * pose.center[2]) / camera.focalX,
  );
  return Math.min(...sides) / CELLS_A_SIDE;
}

/** Where the first image of a tie sees it on level ground, and how far from below itself, meters. */
function placeOf(
  { observations: [first] }: MatchedTie,
  views: readonly BundleView[],
): { east: number; north: number; off: number } | null {
  const { view, pose } = views[first!.image]!;
  // The recorded pose goes with upright pixels; its height is counted from elsewhere.
  const ground = planeGround(pose.center[2] - view.pose.center[2]);
  const met = meetGround(view.camera, pose, first!.pixel, ground);
  if (met === null) return null;
  const [east, north] = met.point;
  return { east, north, off: Math.hypot(east - pose.center[0], north - pose.center[1]) };
}
