import type { Camera, Pose } from '../../maths/camera.ts';
import type { ImagePixels } from '../../maths/ground-patch.ts';

/** Looked up once: in the sandbox of the tests a global costs more than the sum. */
const { floor, imul, round } = Math;

/** A number from 0 to below 1 for a cell of a lattice, the same each time. */
function valueAt(x: number, y: number): number {
  let hash = imul(x, 0x27d4eb2d) ^ imul(y, 0x165667b1);
  hash = imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** Smooth between the cells. */
function layer(x: number, y: number): number {
  const [column, row] = [floor(x), floor(y)];
  const smooth = (share: number) => share * share * (3 - 2 * share);
  const [right, up] = [smooth(x - column), smooth(y - row)];
  const below = valueAt(column, row) * (1 - right) + valueAt(column + 1, row) * right;
  const above = valueAt(column, row + 1) * (1 - right) + valueAt(column + 1, row + 1) * right;
  return below * (1 - up) + above * up;
}

/** How bright level ground is at a place, 0 to 255: patches of three meters, and of one. */
export function brightness(east: number, north: number): number {
  return 130 * layer(east / 3, north / 3) + 125 * layer(east + 0.37, north + 0.11);
}

/** What a camera with an ideal lens sees of the ground at height 0; `isTurned` stores the picture turned by half. */
export function seeGround(camera: Camera, pose: Pose, isTurned = false): ImagePixels {
  const { columns, rows } = camera;
  const samples = new Uint8Array(columns * rows);
  const {
    rotation: [first, second, lower],
    center,
  } = pose;
  for (let v = 0; v < rows; v++) {
    for (let u = 0; u < columns; u++) {
      const [x, y] = [(u - camera.centerX) / camera.focalX, (v - camera.centerY) / camera.focalY];
      const down = lower[0] * x + lower[1] * y + lower[2];
      const far = -center[2] / down;
      const east = center[0] + far * (first[0] * x + first[1] * y + first[2]);
      const north = center[1] + far * (second[0] * x + second[1] * y + second[2]);
      const at = v * columns + u;
      samples[isTurned ? samples.length - 1 - at : at] = round(brightness(east, north));
    }
  }
  return { width: columns, height: rows, samples };
}
