/** Pixels over which the weight of a pixel rises beside a mask. */
const TAPER = 8;

/**
 * Weights that rise from 0 at pixels without data to 1 some pixels away: a hard edge of a mask pulls a
 * shift to where the masks lie upon each other, far more than the soft one of a window does.
 *
 * @param valid row-major, 1 where a pixel holds data and 0 where not.
 */
export function taperBesideMask(
  valid: Uint8Array,
  width: number,
  height: number,
): ArrayLike<number> {
  if (!valid.includes(0)) return valid;
  const rows = boxMeans(new Float64Array(valid), [width, 1], [height, width]);
  const means = boxMeans(rows, [height, width], [width, 1]);
  return means.map((mean) => (mean > 0.5 ? 2 * mean - 1 : 0));
}

/** Means over 2 x TAPER + 1 pixels along one axis; the outside counts as the border does. */
function boxMeans(
  values: Float64Array,
  [count, stride]: [number, number],
  [lines, lineStride]: [number, number],
): Float64Array {
  const out = new Float64Array(values.length);
  const at = (line: number, index: number) =>
    values[line * lineStride + (index < 0 ? 0 : index < count ? index : count - 1) * stride]!;
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    for (let index = -TAPER; index <= TAPER; index++) sum += at(line, index);
    for (let index = 0; index < count; index++) {
      out[line * lineStride + index * stride] = sum / (2 * TAPER + 1);
      sum += at(line, index + TAPER + 1) - at(line, index - TAPER);
    }
  }
  return out;
}
