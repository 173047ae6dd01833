import { type LinePlan, planLines, radicesOf, transformLines } from './line-transform.ts';

/** A plane of complex numbers, row-major: real and imaginary part beside each other. */
export interface ComplexPlane {
  width: number;
  height: number;
  /** 2 x width x height numbers. */
  values: Float64Array;
}

/** Rows or columns that are transformed at once: they stay in the processor's cache. */
const LINES = 16;

const plans = new Map<number, LinePlan>();

/** A plane of zeros. */
export function complexPlane(width: number, height: number): ComplexPlane {
  return { width, height, values: new Float64Array(2 * width * height) };
}

/** The smallest even product of twos, threes and fives that is not below `size`: such sides are fast. */
export function fastSideFrom(size: number): number {
  let side = Math.max(2, size + (size % 2));
  while (radicesOf(side) === null) side += 2;
  return side;
}

/**
 * The discrete Fourier transform in both directions of a plane, in place and without a factor:
 * F(u, v) = sum of f(x, y) exp(-2 pi i (u x / width + v y / height)).
 *
 * @param plane whose sides have no other prime factors than 2, 3 and 5.
 * @throws {RangeError} for other sides.
 *
 * @example
 * fourier({ width: 2, height: 2, values: Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0) }); // all 1
 */
export function fourier(plane: ComplexPlane): ComplexPlane {
  const { width, height, values } = plane;
  eachRows(plane, 0, (rows, lines, top) => {
    for (let line = 0; line < lines; line++) {
      let to = 2 * width * (top + line);
      for (let from = 2 * line; from < 2 * lines * width; from += 2 * lines) {
        values[to++] = rows[from]!;
        values[to++] = rows[from + 1]!;
      }
    }
  });
  transformColumns(values, width, height);
  return plane;
}

/** The way back, in place, with the factor 1 / (width height). */
export function inverseFourier(plane: ComplexPlane): ComplexPlane {
  const { width, height, values } = plane;
  const factor = 1 / (width * height);
  swapParts(values, 1);
  fourier(plane);
  swapParts(values, factor);
  return plane;
}

/**
 * The real part of the way back, of places up to `radius` from the first along each axis, those before it
 * being the last of the plane: row-major, 2 radius + 1 wide and high. What lies farther is not worked out.
 *
 * @param radius whole pixels, below half of the plane's sides.
 */
export function inverseAround(plane: ComplexPlane, radius: number): Float64Array {
  const { width, height } = plane;
  const side = 2 * radius + 1;
  const near = new Float64Array(2 * side * height);
  eachRows(plane, 1, (rows, lines, top) => {
    for (let x = 0; x < side; x++) {
      let from = 2 * lines * ((x - radius + width) % width);
      let to = 2 * (top * side + x);
      for (let line = 0; line < lines; line++, from += 2, to += 2 * side) {
        near[to] = rows[from]!;
        near[to + 1] = rows[from + 1]!;
      }
    }
  });
  transformColumns(near, side, height);
  const factor = 1 / (width * height);
  const out = new Float64Array(side * side);
  for (let y = 0; y < side; y++) {
    const from = side * ((y - radius + height) % height);
    for (let x = 0; x < side; x++) out[y * side + x] = factor * near[2 * (from + x) + 1]!;
  }
  return out;
}

/** With both parts swapped before and after, the transform is the way back. */
function swapParts(values: Float64Array, factor: number): void {
  for (let index = 0; index < values.length; index += 2) {
    const real = values[index]!;
    values[index] = factor * values[index + 1]!;
    values[index + 1] = factor * real;
  }
}

/**
 * The transforms of some rows at a time: the number at place x of the row `top + line` is at
 * 2 (x lines + line).
 *
 * @param first 0 where the real part of a number comes first, 1 where both are taken as swapped.
 */
function eachRows(
  { width, height, values }: ComplexPlane,
  first: 0 | 1,
  visit: (rows: Float64Array, lines: number, top: number) => void,
): void {
  const plan = planOf(width);
  const into = plan.lines;
  for (let top = 0; top < height; top += LINES) {
    const lines = Math.min(LINES, height - top);
    for (let line = 0; line < lines; line++) {
      let from = 2 * width * (top + line);
      for (let to = 2 * line; to < 2 * lines * width; to += 2 * lines, from += 2) {
        into[to] = values[from + first]!;
        into[to + 1] = values[from + 1 - first]!;
      }
    }
    visit(transformLines(plan, lines), lines, top);
  }
}

function transformColumns(values: Float64Array, width: number, height: number): void {
  const plan = planOf(height);
  const into = plan.lines;
  for (let left = 0; left < width; left += LINES) {
    const numbers = 2 * Math.min(LINES, width - left);
    for (let y = 0, to = 0, from = 2 * left; y < height; y++, from += 2 * width - numbers) {
      for (const end = to + numbers; to < end; to++, from++) into[to] = values[from]!;
    }
    const columns = transformLines(plan, numbers / 2);
    for (let y = 0, from = 0, to = 2 * left; y < height; y++, to += 2 * width - numbers) {
      for (const end = from + numbers; from < end; from++, to++) values[to] = columns[from]!;
    }
  }
}

/** The tables of a length cost more than a transform, and few lengths are in use. */
function planOf(size: number): LinePlan {
  const known = plans.get(size);
  if (known !== undefined) return known;
  const plan = planLines(size, LINES);
  if (plan === null) {
    throw new RangeError(
      `Cannot transform a plane as its sides may have no prime factors but 2, 3 and 5: found ${size}`,
    );
  }
  plans.set(size, plan);
  return plan;
}
