import type { ComparedImage, OrientedView } from '../../contracts/orientation-plan.ts';
import type { Camera, Pose } from '../../maths/camera.ts';
import { footprintOf } from '../../maths/footprint.ts';
import { planeGround } from '../../maths/ground.ts';
import { groundPatch, type ImagePixels } from '../../maths/ground-patch.ts';
import { patchAgreement } from '../../maths/patch-agreement.ts';
import { centroid, clip, convexHull, type Place } from '../../maths/polygon.ts';
import { multiply, rotationZ } from '../../maths/rotation.ts';
import { subtract } from '../../maths/vector.ts';

/** Cells a side of the ground that two images are compared on: the size of a fast Fourier transform. */
const CELLS = 128;
/** Pixels of the picture in one cell: more ground is worth more than finer ground. */
const PIXELS_A_CELL = 3;
/** Cells by which two images may be laid wrong: a quarter of the side, and enough to tell a peak. */
const SEARCH = { most: CELLS / 4, least: 8 };
/** Peak to sidelobe ratio that unrelated ground does not reach. */
const FITS = 8;

/** A picture of an image, and how it was taken as recorded. */
export interface OrientedPicture {
  view: OrientedView;
  pixels: ImagePixels;
}

/**
 * Whether an image fits one of its neighbors as both are recorded; if none, how well each pair fits under
 * every assumption of how both are turned: as recorded, by 180 degrees, and by a quarter where the image is
 * square.
 *
 * Both images are laid onto level ground around the middle of what they share, and the ground is compared.
 */
export async function compareOrientations(
  image: OrientedPicture,
  neighbors: readonly (() => Promise<OrientedPicture>)[],
): Promise<ComparedImage> {
  const evidence: ComparedImage['evidence'] = [];
  const { name } = image.view;
  const note = (neighbor: OrientedPicture, firstTurn: number, secondTurn: number): number => {
    const psr = agreement(image, firstTurn, neighbor, secondTurn);
    // A pair that cannot be compared says nothing; below 1 nothing is said either.
    if (psr !== null && psr > 1) {
      evidence.push({ first: name, second: neighbor.view.name, firstTurn, secondTurn, psr });
    }
    return psr ?? 0;
  };
  const seen: OrientedPicture[] = [];
  for (const open of neighbors) {
    const neighbor = await open();
    if (note(neighbor, 0, 0) >= FITS) return { name, fits: true, evidence: [] };
    seen.push(neighbor);
  }
  for (const neighbor of seen) {
    for (const firstTurn of turnsOf(image.view)) {
      for (const secondTurn of turnsOf(neighbor.view)) {
        if (firstTurn !== 0 || secondTurn !== 0) note(neighbor, firstTurn, secondTurn);
      }
    }
  }
  return { name, fits: false, evidence };
}

/** Degrees added to the recorded yaw. A picture that is not square shows by its shape that it was turned by a quarter. */
function turnsOf({ camera }: OrientedView): number[] {
  return camera.columns === camera.rows ? [0, 180, 90, -90] : [0, 180];
}

function agreement(
  first: OrientedPicture,
  firstTurn: number,
  second: OrientedPicture,
  secondTurn: number,
): number | null {
  const [a, b] = [turnedView(first, firstTurn), turnedView(second, secondTurn)];
  const [outlineA, outlineB] = [outlineOf(a), outlineOf(b)];
  if (outlineA === null || outlineB === null) return null;
  const center = centroid(clip(outlineA, outlineB));
  if (center === null) return null;
  const height = Math.min(a.pose.center[2], b.pose.center[2]);
  const focal = Math.min(a.camera.focalX, b.camera.focalX);
  const square = { center, cell: (PIXELS_A_CELL * height) / focal, cells: CELLS };
  // Images that are turned alike still show the same, moved by twice the way between them: a fit must be nearer.
  const [east, north] = subtract(b.pose.center, a.pose.center);
  const searchRadius = Math.min(SEARCH.most, Math.floor(Math.hypot(east, north) / square.cell));
  if (searchRadius < SEARCH.least) return null;
  return patchAgreement(
    groundPatch(first.pixels, a.camera, a.pose, square),
    groundPatch(second.pixels, b.camera, b.pose, square),
    searchRadius,
  );
}

/** The camera in pixels of the picture, turned about its line of sight. */
function turnedView(
  { view, pixels }: OrientedPicture,
  turnDegrees: number,
): { camera: Camera; pose: Pose } {
  const { camera, pose } = view;
  const [across, down] = [pixels.width / camera.columns, pixels.height / camera.rows];
  return {
    camera: {
      columns: pixels.width,
      rows: pixels.height,
      focalX: camera.focalX * across,
      focalY: camera.focalY * down,
      centerX: (camera.centerX + 0.5) * across - 0.5,
      centerY: (camera.centerY + 0.5) * down - 0.5,
      distortion: camera.distortion,
    },
    pose: {
      center: pose.center,
      rotation: multiply(pose.rotation, rotationZ((turnDegrees * Math.PI) / 180)),
    },
  };
}

function outlineOf({ camera, pose }: { camera: Camera; pose: Pose }): readonly Place[] | null {
  const outline = footprintOf(camera, pose, planeGround(0));
  return outline === null ? null : convexHull(outline.map(([x, y]): Place => [x, y]));
}
