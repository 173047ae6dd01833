import type { ImageSlopes } from './smooth-image.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { ceil, floor, max, min, sqrt } = Math;

export interface CornerOptions {
  /** A corner is the clearest within so many pixels along each axis. */
  radius: number;
  /** Corners in a square of so many pixels a side; the clearest stay. */
  cell: number;
  mostPerCell: number;
}

/** Pixels around a corner whose gradients count, along each axis. */
const REACH = 2;
/** Pixels at the border whose surroundings are not whole. */
const BORDER = 8;

/**
 * Places in an image that can be told from all places around: where the weaker of both curvatures of the
 * self-similarity is greatest. As whole pixels [x, y], from top to bottom.
 *
 * Source: J. Shi and C. Tomasi, "Good features to track", IEEE Conference on Computer Vision and Pattern
 * Recognition, 1994.
 */
export function findCorners(slopes: ImageSlopes, options: CornerOptions): [number, number][] {
  const { width, height } = slopes;
  const clearness = clearnessOf(slopes);
  const columns = ceil(width / options.cell);
  const cells = new Map<number, { x: number; y: number; value: number }[]>();
  const highest = highestAround(clearness, width, height, options.radius);
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER; x < width - BORDER; x++) {
      const value = clearness[y * width + x]!;
      if (value === 0 || value < highest[y * width + x]!) continue;
      const cell = floor(y / options.cell) * columns + floor(x / options.cell);
      const members = cells.get(cell) ?? [];
      members.push({ x, y, value });
      cells.set(cell, members);
    }
  }
  return [...cells.values()]
    .flatMap((members) =>
      members.toSorted((a, b) => b.value - a.value).slice(0, options.mostPerCell),
    )
    .toSorted((a, b) => a.y - b.y || a.x - b.x)
    .map(({ x, y }) => [x, y]);
}

/** The smaller eigenvalue of the mean outer product of gradients around each pixel. */
function clearnessOf({ width, height, alongX, alongY }: ImageSlopes): Float32Array {
  const size = width * height;
  const xx = new Float32Array(size);
  const xy = new Float32Array(size);
  const yy = new Float32Array(size);
  for (let pixel = 0; pixel < size; pixel++) {
    const gx = alongX[pixel]!;
    const gy = alongY[pixel]!;
    xx[pixel] = gx * gx;
    xy[pixel] = gx * gy;
    yy[pixel] = gy * gy;
  }
  for (const plane of [xx, xy, yy]) sumAround(plane, width, height);
  const out = new Float32Array(size);
  for (let pixel = 0; pixel < size; pixel++) {
    const half = (xx[pixel]! - yy[pixel]!) / 2;
    const off = xy[pixel]!;
    out[pixel] = max(0, (xx[pixel]! + yy[pixel]!) / 2 - sqrt(half * half + off * off));
  }
  return out;
}

/** Sums over squares of 2 x REACH + 1 pixels a side, in place; zero where they reach over the border. */
function sumAround(plane: Float32Array, width: number, height: number): void {
  const line = new Float32Array(max(width, height));
  const along = (start: number, count: number, stride: number) => {
    for (let at = 0; at < count; at++) line[at] = plane[start + at * stride]!;
    for (let at = 0; at < count; at++) {
      const isWhole = at >= REACH && at < count - REACH;
      plane[start + at * stride] = isWhole
        ? line[at - 2]! + line[at - 1]! + line[at]! + line[at + 1]! + line[at + 2]!
        : 0;
    }
  };
  for (let y = 0; y < height; y++) along(y * width, width, 1);
  for (let x = 0; x < width; x++) along(x, height, width);
}

/** The highest value within `radius` pixels along each axis: along rows, then along columns. */
function highestAround(
  values: Float32Array,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  const rows = new Float32Array(values.length);
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) slideHighest(values, rows, y * width, width, 1, radius);
  for (let x = 0; x < width; x++) slideHighest(rows, out, x, height, width, radius);
  return out;
}

/** A window over one line, whose candidates wait in falling order. */
function slideHighest(
  values: Float32Array,
  out: Float32Array,
  start: number,
  count: number,
  stride: number,
  radius: number,
): void {
  const waiting = new Int32Array(count);
  let [head, tail] = [0, 0];
  for (let next = 0; next < count + radius; next++) {
    if (next < count) {
      const value = values[start + next * stride]!;
      while (tail > head && values[start + waiting[tail - 1]! * stride]! <= value) tail--;
      waiting[tail++] = next;
    }
    const at = next - radius;
    if (at < 0) continue;
    while (waiting[head]! < at - radius) head++;
    out[start + at * stride] = values[start + waiting[min(head, tail - 1)]! * stride]!;
  }
}
