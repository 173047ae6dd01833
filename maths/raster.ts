/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the loop around it. */
const { isFinite } = Number;

/** One band of an image, or a part of it: row-major, one value a pixel. */
export interface Raster {
  width: number;
  height: number;
  values: Float32Array | Float64Array;
  /** 1 where the pixel holds data, 0 where it does not; null when all do. */
  valid: Uint8Array | null;
}

/** A rectangle of whole pixels; it may reach outside of the raster that it is cut from. */
export interface PixelWindow {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Columns and rows of the outer corners, around the raster from the first pixel. */
export function cornersOf({ width, height }: { width: number; height: number }) {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ] as const;
}

/** A copy of a part. What lies outside of the raster holds no data, and neither does what is not finite. */
export function cutRaster(raster: Raster, { x, y, width, height }: PixelWindow): Raster {
  const values = new Float64Array(width * height);
  const valid = new Uint8Array(width * height);
  const [from, to] = [Math.max(0, -x), Math.min(width, raster.width - x)];
  if (to <= from) return { width, height, values, valid };
  for (let row = Math.max(0, -y); row < Math.min(height, raster.height - y); row++) {
    const source = (y + row) * raster.width + x + from;
    const [start, end] = [row * width + from, row * width + to];
    values.set(raster.values.subarray(source, source + to - from), start);
    if (raster.valid === null) valid.fill(1, start, end);
    else valid.set(raster.valid.subarray(source, source + to - from), start);
    leaveOutGaps(values, valid, start, end);
  }
  return { width, height, values, valid };
}

/** Whatever a pixel without data holds, it is 0 in a copy. */
function leaveOutGaps(values: Float64Array, valid: Uint8Array, start: number, end: number): void {
  for (let pixel = start; pixel < end; pixel++) {
    if (valid[pixel] !== 0 && isFinite(values[pixel]!)) continue;
    values[pixel] = 0;
    valid[pixel] = 0;
  }
}

/** Share of the pixels that hold data, 0 to 1. */
export function validShare({ width, height, valid }: Raster): number {
  if (valid === null || !valid.includes(0)) return 1;
  let count = 0;
  for (let pixel = 0; pixel < valid.length; pixel++) count += valid[pixel]!;
  return count / (width * height);
}
