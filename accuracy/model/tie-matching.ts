import type { BundleView, MatchedTie, TieCandidate } from '../../contracts/bundle.ts';
import { type Camera, project } from '../../maths/camera.ts';
import { groundPatch, type ImagePixels } from '../../maths/ground-patch.ts';
import { matchWindow, type WindowMatch } from '../../maths/match-window.ts';
import { cameraOfPicture } from './pair-displacement.ts';
import { turnBack } from './turned-images.ts';

/** Cells a side, reach, and pixels of the picture in a cell. */
interface Look {
  cells: number;
  reach: number;
  pixelsACell: number;
}

const FINE: Look = { cells: 64, reach: 8, pixelsACell: 1 };
/** First far and coarse, then near and fine. */
const LOOKS: readonly Look[] = [{ cells: 128, reach: 32, pixelsACell: 2 }, FINE];
/** Unrelated ground does not reach these. */
const LEAST_PSR = 7;
const LEAST_RATIO = 1.5;
/** Pixels of the picture that the way there and the way back may differ by. */
const MOST_DIFFERENCE = 0.3;

/**
 * Looks for one place on the ground in all images that should show it: the ground around it, as the first
 * image shows it, is found again in each other image laid onto level ground.
 *
 * @param pictureOf grey pixels of an image, in its own size or smaller.
 * @returns null when no other image shows it clearly.
 */
export function matchTie(
  { east, north, images }: TieCandidate,
  views: readonly BundleView[],
  pictureOf: (image: number) => ImagePixels,
): MatchedTie | null {
  const [first, ...others] = images as [number, ...number[]];
  const observations = others.flatMap((other): MatchedTie['observations'] => {
    const moved = findAgain([east, north], first, other, views, pictureOf);
    if (moved === null) return [];
    const pixel = pixelOf(views[other]!, [east + moved[0], north + moved[1]]);
    return pixel === null ? [] : [{ image: other, pixel }];
  });
  const own = pixelOf(views[first]!, [east, north]);
  if (own === null || observations.length === 0) return null;
  return {
    name: `${east.toFixed(2)},${north.toFixed(2)}`,
    observations: [{ image: first, pixel: own }, ...observations],
  };
}

function findAgain(
  center: [number, number],
  first: number,
  other: number,
  views: readonly BundleView[],
  pictureOf: (image: number) => ImagePixels,
): [number, number] | null {
  const pictures = [pictureOf(first), pictureOf(other)] as const;
  const cameras = [first, other].map((image, index) =>
    cameraOfPicture(views[image]!.view.camera, pictures[index]!),
  ) as [Camera, Camera];
  const cell = views[first]!.view.pose.center[2] / cameras[0].focalX;
  let moved: [number, number] | null = [0, 0];
  for (const look of LOOKS) moved = moved === null ? null : lookAt(moved, look, 0);
  const back = moved === null ? null : lookAt(moved, FINE, 1);
  if (moved === null || back === null) return null;
  const difference = Math.hypot(back[0] - moved[0], back[1] - moved[1]);
  return difference <= MOST_DIFFERENCE * cell ? moved : null;

  /** @param from which of the two is looked for in the other: where the ground goes is the same. */
  function lookAt(
    [guessEast, guessNorth]: readonly [number, number],
    look: Look,
    from: 0 | 1,
  ): [number, number] | null {
    const { cells, reach, pixelsACell } = look;
    const size = cells + 2 * reach;
    // The second square lies where the content is expected, so that the search starts at nothing.
    const centers: [number, number][] = [center, [center[0] + guessEast, center[1] + guessNorth]];
    const patches = ([0, 1] as const).map((index) => {
      const { pose } = views[index === 0 ? first : other]!.view;
      const square = { center: centers[index]!, cell: pixelsACell * cell, cells: size };
      return groundPatch(pictures[index], cameras[index], pose, square);
    });
    const window = { x: reach, y: reach, width: cells, height: cells };
    const options = { guess: { x: 0, y: 0 }, searchRadius: reach };
    const match = matchWindow(patches[from]!, patches[1 - from]!, window, options);
    if (typeof match === 'string' || !isClear(match)) return null;
    const way = (from === 0 ? 1 : -1) * pixelsACell * cell;
    return [guessEast + match.shift.x * way, guessNorth - match.shift.y * way];
  }
}

function isClear({ ratio, peakToSidelobe, isAtEdge }: WindowMatch): boolean {
  return !isAtEdge && peakToSidelobe >= LEAST_PSR && ratio >= LEAST_RATIO;
}

/** Upright, as the camera took it. */
function pixelOf(
  { view, turnDegrees }: BundleView,
  [east, north]: readonly [number, number],
): [number, number] | null {
  const pixel = project(view.camera, view.pose, [east, north, 0]);
  if (pixel === null) return null;
  const [u, v] = turnBack(view.camera, pixel, turnDegrees);
  return [u, v];
}
