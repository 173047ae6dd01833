/** Pixels over which the weight of a pixel rises beside a mask. */
const TAPER = 8;

/**
 * Weights that rise from 0 at pixels without data to 1 some pixels away: a hard edge of a mask pulls a
 * shift to where the masks lie upon each other, far more than the soft one of a window does.
 *
 * @param valid row-major, 1 where a pixel holds data and 0 where not.
 */
export function taperBesideMask(valid: Uint8Array, width: number, height: number): Float64Array {
  if (!valid.includes(0)) return new Float64Array(valid);
  const weights = meansDown(meansAcross(valid, width, height), width, height);
  for (let pixel = 0; pixel < weights.length; pixel++) {
    const mean = weights[pixel]!;
    weights[pixel] = mean > 0.5 ? 2 * mean - 1 : 0;
  }
  return weights;
}

/** Means over 2 x TAPER + 1 pixels of a row; the outside counts as the border does. */
function meansAcross(values: Uint8Array, width: number, height: number): Float64Array {
  const out = new Float64Array(values.length);
  const padded = new Float64Array(width + 2 * TAPER + 1);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    padded.fill(values[start]!, 0, TAPER);
    padded.set(values.subarray(start, start + width), TAPER);
    padded.fill(values[start + width - 1]!, TAPER + width);
    let sum = 0;
    for (let x = 0; x <= 2 * TAPER; x++) sum += padded[x]!;
    for (let x = 0; x < width; x++) {
      out[start + x] = sum / (2 * TAPER + 1);
      sum += padded[x + 2 * TAPER + 1]! - padded[x]!;
    }
  }
  return out;
}

/** The same of a column; row by row, as a column's pixels lie far from each other. */
function meansDown(values: Float64Array, width: number, height: number): Float64Array {
  const out = new Float64Array(values.length);
  const sums = new Float64Array(width);
  const startOf = (y: number) => width * (y < 0 ? 0 : y < height ? y : height - 1);
  for (let y = -TAPER; y <= TAPER; y++) {
    for (let x = 0, from = startOf(y); x < width; x++, from++) sums[x]! += values[from]!;
  }
  for (let y = 0, to = 0; y < height; y++) {
    let [next, last] = [startOf(y + TAPER + 1), startOf(y - TAPER)];
    for (let x = 0; x < width; x++, to++, next++, last++) {
      out[to] = sums[x]! / (2 * TAPER + 1);
      sums[x]! += values[next]! - values[last]!;
    }
  }
  return out;
}
