/**
 * Means over squares of 2 x `radius` + 1 pixels; at the borders over the part that lies inside.
 *
 * Sums run along, so the cost does not depend on the radius.
 *
 * @param values row-major, one value a pixel.
 */
export function boxMean(
  values: Float32Array,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  return scaledBoxes(values, width, height, radius, (count) => 1 / count);
}

/** The same squares, added up. */
export function boxSum(
  values: Float32Array,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  return scaledBoxes(values, width, height, radius, () => 1);
}

function scaledBoxes(
  values: Float32Array,
  width: number,
  height: number,
  radius: number,
  scaleOf: (count: number) => number,
): Float32Array {
  const across = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    // Doubles, as what is added and taken away again must leave nothing behind.
    let sum = 0;
    for (let x = 0; x < Math.min(radius, width); x++) sum += values[row + x]!;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += values[row + x + radius]!;
      if (x - radius > 0) sum -= values[row + x - radius - 1]!;
      across[row + x] = sum * scaleOf(spanOf(x, width, radius));
    }
  }
  const sums = new Float64Array(width);
  const result = new Float32Array(values.length);
  for (let y = 0; y < Math.min(radius, height); y++) addRow(sums, across, y * width, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(sums, across, (y + radius) * width, 1);
    if (y - radius > 0) addRow(sums, across, (y - radius - 1) * width, -1);
    const scale = scaleOf(spanOf(y, height, radius));
    const row = y * width;
    for (let x = 0; x < width; x++) result[row + x] = sums[x]! * scale;
  }
  return result;
}

function spanOf(at: number, length: number, radius: number): number {
  return Math.min(length - 1, at + radius) - Math.max(0, at - radius) + 1;
}

function addRow(sums: Float64Array, rows: Float32Array, row: number, sign: 1 | -1): void {
  for (let x = 0; x < sums.length; x++) sums[x]! += sign * rows[row + x]!;
}
