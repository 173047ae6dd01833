import { resampleFinely } from './fine-resample.ts';
import type { Raster } from './raster.ts';
import { cubicConvolution } from './resample.ts';
import { firstWeight, REACH, sincWeights, TAPS } from './sinc-weights.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { floor, max, min } = Math;

/**
 * The raster moved by the same amount everywhere: pixel (x, y) of the result is (x + shift.x, y + shift.y) of
 * the raster. The values of `resampleFinely`, in a fraction of the time: along rows first, then along columns.
 */
export function shiftFinely(
  raster: Raster,
  size: { width: number; height: number },
  shift: { x: number; y: number },
): Raster {
  if (raster.valid?.includes(0) === true) {
    return resampleFinely(raster, size, (x, y) => ({ x: x + shift.x, y: y + shift.y }));
  }
  const inside = {
    ...whereTapsLie(floor(shift.x), raster.width, size.width),
    top: whereTapsLie(floor(shift.y), raster.height, size.height),
  };
  const moved = { ...size, values: new Float64Array(size.width * size.height) };
  const valid = new Uint8Array(size.width * size.height);
  sumTaps(raster, moved, shift, inside);
  for (let y = 0, pixel = 0; y < size.height; y++) {
    const isRow = y >= inside.top.from && y < inside.top.end;
    for (let x = 0; x < size.width; x++, pixel++) {
      if (isRow && x >= inside.from && x < inside.end) {
        valid[pixel] = 1;
        continue;
      }
      const value = cubicConvolution(raster, x + shift.x, y + shift.y);
      if (value === null) continue;
      moved.values[pixel] = value;
      valid[pixel] = 1;
    }
  }
  return { ...moved, valid };
}

/** Places along an axis whose eight pixels all lie in the raster. */
interface Inside {
  from: number;
  end: number;
}

function whereTapsLie(whole: number, length: number, count: number): Inside {
  const first = whole - REACH + 1;
  return { from: max(0, -first), end: min(count, length - TAPS - first + 1) };
}

/** The weighted sums where all taps lie inside; each row of the raster is one of eight of eight rows. */
function sumTaps(
  raster: Raster,
  moved: { width: number; values: Float64Array },
  shift: { x: number; y: number },
  { from, end, top }: Inside & { top: Inside },
): void {
  if (from >= end || top.from >= top.end) return;
  const source = raster.values;
  const weights = sincWeights();
  const across = firstWeight(shift.x - floor(shift.x));
  const down = firstWeight(shift.y - floor(shift.y));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = weights.subarray(across);
  const row = new Float64Array(moved.width);
  for (let y = top.from; y < top.end + TAPS - 1; y++) {
    const start = (y + floor(shift.y) - REACH + 1) * raster.width + floor(shift.x) - REACH + 1;
    for (let x = from, at = start + from; x < end; x++, at++) {
      row[x] =
        a * source[at]! +
        b * source[at + 1]! +
        c * source[at + 2]! +
        d * source[at + 3]! +
        e * source[at + 4]! +
        f * source[at + 5]! +
        g * source[at + 6]! +
        h * source[at + 7]!;
    }
    for (let tap = 0; tap < TAPS; tap++) {
      const to = y - tap;
      if (to < top.from || to >= top.end) continue;
      const weight = weights[down + tap]!;
      for (let x = from, at = to * moved.width + from; x < end; x++, at++) {
        moved.values[at]! += weight * row[x]!;
      }
    }
  }
}
