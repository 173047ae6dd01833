import { type Camera, type Pose, project } from './camera.ts';
import type { Place } from './polygon.ts';
import type { Raster } from './raster.ts';

/** What rounding may push over the edge of an image, pixels. */
const EDGE = 1e-6;

/** Grey pixels of an image: row-major, one value a pixel, any scale. */
export interface ImagePixels {
  width: number;
  height: number;
  samples: Uint8Array;
}

/** A square of level ground at height 0, cut into cells. */
export interface GroundSquare {
  /** Its middle, meters east and north. */
  center: Place;
  /** Side of a cell, meters. */
  cell: number;
  /** Cells a side. */
  cells: number;
}

/**
 * What an image shows of a square of level ground, north up: the value of each cell's center, bilinear
 * between pixels. Cells that the image does not see hold no data.
 *
 * @param camera with the pixels of the image.
 */
export function groundPatch(
  image: ImagePixels,
  camera: Camera,
  pose: Pose,
  { center, cell, cells }: GroundSquare,
): Raster {
  const values = new Float64Array(cells * cells);
  const valid = new Uint8Array(cells * cells);
  const middle = (cells - 1) / 2;
  for (let row = 0, at = 0; row < cells; row++) {
    const north = center[1] - (row - middle) * cell;
    for (let column = 0; column < cells; column++, at++) {
      const seen = project(camera, pose, [center[0] + (column - middle) * cell, north, 0]);
      const value = seen === null ? null : pixelAt(image, seen);
      if (value === null) continue;
      values[at] = value;
      valid[at] = 1;
    }
  }
  return { width: cells, height: cells, values, valid };
}

function pixelAt(
  { width, height, samples }: ImagePixels,
  [u, v]: readonly [number, number],
): number | null {
  const isSeen = u >= -EDGE && v >= -EDGE && u <= width - 1 + EDGE && v <= height - 1 + EDGE;
  if (!isSeen || width < 2 || height < 2) return null;
  const column = Math.max(0, Math.min(width - 2, Math.floor(u)));
  const row = Math.max(0, Math.min(height - 2, Math.floor(v)));
  const [right, down] = [u - column, v - row];
  const at = row * width + column;
  const above = samples[at]! * (1 - right) + samples[at + 1]! * right;
  const below = samples[at + width]! * (1 - right) + samples[at + width + 1]! * right;
  return above * (1 - down) + below * down;
}
