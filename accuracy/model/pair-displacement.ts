import type { OrientedView } from '../../contracts/orientation-plan.ts';
import type { ImagePair, TieDisplacement } from '../../contracts/relative-pairs.ts';
import type { Camera, Pose } from '../../maths/camera.ts';
import { footprintOf } from '../../maths/footprint.ts';
import { planeGround } from '../../maths/ground.ts';
import { groundPatch, type ImagePixels } from '../../maths/ground-patch.ts';
import { matchWindow } from '../../maths/match-window.ts';
import { centroid, clip, convexHull, type Place, type Polygon } from '../../maths/polygon.ts';

/** Cells a side of the ground that is compared, and by how many it may be laid wrong. */
const CELLS = 128;
const REACH = CELLS / 4;
/** Pixels of the stored image in one cell. */
const PIXELS_A_CELL = 2.5;

/** A camera as its small picture has it. */
export function cameraOfPicture(camera: Camera, { width, height }: ImagePixels): Camera {
  const [across, down] = [width / camera.columns, height / camera.rows];
  return {
    columns: width,
    rows: height,
    focalX: camera.focalX * across,
    focalY: camera.focalY * down,
    centerX: (camera.centerX + 0.5) * across - 0.5,
    centerY: (camera.centerY + 0.5) * down - 0.5,
    distortion: camera.distortion,
  };
}

/**
 * How far apart two images put the ground in the middle of what they share: both are laid onto level ground
 * and compared. Zero PSR where they share none, or where it is level.
 */
export function measureDisplacement(
  { first, second, kind }: ImagePair,
  pictures: { first: ImagePixels; second: ImagePixels },
): TieDisplacement {
  const nothing = { first: first.name, second: second.name, kind, east: 0, north: 0, psr: 0 };
  const [a, b] = [viewOf(first, pictures.first), viewOf(second, pictures.second)];
  const [outlineA, outlineB] = [outlineOf(a), outlineOf(b)];
  const center = outlineA === null || outlineB === null ? null : centroid(clip(outlineA, outlineB));
  if (center === null) return nothing;
  const cell = Math.max(
    PIXELS_A_CELL * (first.pose.center[2] / first.camera.focalX),
    a.pose.center[2] / a.camera.focalX,
  );
  const square = { center, cell, cells: CELLS + 2 * REACH };
  const match = matchWindow(
    groundPatch(pictures.first, a.camera, a.pose, square),
    groundPatch(pictures.second, b.camera, b.pose, square),
    { x: REACH, y: REACH, width: CELLS, height: CELLS },
    { guess: { x: 0, y: 0 }, searchRadius: REACH },
  );
  if (typeof match === 'string') return nothing;
  return {
    ...nothing,
    east: match.shift.x * cell,
    // Rows run south.
    north: -match.shift.y * cell,
    psr: match.isAtEdge ? 0 : match.peakToSidelobe,
  };
}

function viewOf(
  { camera, pose }: OrientedView,
  picture: ImagePixels,
): { camera: Camera; pose: Pose } {
  return { camera: cameraOfPicture(camera, picture), pose };
}

function outlineOf({ camera, pose }: { camera: Camera; pose: Pose }): Polygon | null {
  const outline = footprintOf(camera, pose, planeGround(0));
  return outline === null ? null : convexHull(outline.map(([x, y]): Place => [x, y]));
}
