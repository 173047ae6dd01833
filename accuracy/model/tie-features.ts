import type { BundleView } from '../../contracts/bundle.ts';
import { type Camera, project } from '../../maths/camera.ts';
import { findCorners } from '../../maths/corners.ts';
import { DESCRIPTOR_SIZE, describeSurroundings } from '../../maths/descriptor.ts';
import type { ImagePixels } from '../../maths/ground-patch.ts';
import { slopesOf, type SmoothImage, smoothImage } from '../../maths/smooth-image.ts';
import { cameraOfPicture } from './pair-displacement.ts';

/** An image that ties are looked for in. */
export interface TieImage {
  smooth: SmoothImage;
  /** With the pixels of the picture. */
  camera: Camera;
  /** Corners, whole pixels of the picture, from top to bottom. */
  corners: readonly (readonly [number, number])[];
  /** 128 numbers a corner. */
  descriptors: Uint8Array;
}

/** Pixels that a corner is the clearest within. */
const RADIUS = 6;
/** Cells on the shorter side of a picture, and corners in each: some 1,800 corners, spread evenly. */
const CELLS_A_SIDE = 11;
const MOST_PER_CELL = 8;
/** Pixels between samples of a descriptor, which spans sixteen of them. */
const STEP = 2;

/** Corners of an image, described as seen with north up, so that images of all headings can be compared. */
export function tieImage({ view }: BundleView, picture: ImagePixels): TieImage {
  const smooth = smoothImage(picture);
  const camera = cameraOfPicture(view.camera, picture);
  const slopes = slopesOf(smooth);
  const corners = findCorners(slopes, {
    radius: RADIUS,
    cell: Math.max(1, Math.floor(Math.min(picture.width, picture.height) / CELLS_A_SIDE)),
    mostPerCell: MOST_PER_CELL,
  });
  const axis = eastInImage(camera, view.pose);
  const descriptors = new Uint8Array(corners.length * DESCRIPTOR_SIZE);
  corners.forEach((corner, index) => {
    const out = descriptors.subarray(index * DESCRIPTOR_SIZE, (index + 1) * DESCRIPTOR_SIZE);
    describeSurroundings(slopes, corner, axis, STEP, out);
  });
  return { smooth, camera, corners, descriptors };
}

/** Unit vector along which east runs in an image that looks down, pixels right and down. */
function eastInImage(camera: Camera, pose: BundleView['view']['pose']): [number, number] {
  const [x, y, z] = pose.center;
  const [here, there] = [
    project(camera, pose, [x, y, 0]),
    project(camera, pose, [x + 0.01 * z, y, 0]),
  ];
  // Of a camera that does not see what is below it, the right of the picture stands for east.
  if (here === null || there === null) return [1, 0];
  const [right, down] = [there[0] - here[0], there[1] - here[1]];
  const size = Math.hypot(right, down);
  return [right / size, down / size];
}
