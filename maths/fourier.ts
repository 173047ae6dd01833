import FFT from 'fft.js';

/** A plane of complex numbers, row-major: real and imaginary part beside each other. */
export interface ComplexPlane {
  width: number;
  height: number;
  /** 2 x width x height numbers. */
  values: Float64Array;
}

/** What fft.js has; its own declarations leave the arrays open. */
interface Transform {
  transform: (out: Float64Array, data: Float64Array) => void;
  inverseTransform: (out: Float64Array, data: Float64Array) => void;
}

const plans = new Map<number, Transform>();

/** A plane of zeros. */
export function complexPlane(width: number, height: number): ComplexPlane {
  return { width, height, values: new Float64Array(2 * width * height) };
}

/** The smallest power of two that is not below `size`, and at least 2. */
export function powerOfTwoFrom(size: number): number {
  return 2 ** Math.max(1, Math.ceil(Math.log2(size)));
}

/**
 * The discrete Fourier transform in both directions of a plane, in place and without a factor:
 * F(u, v) = sum of f(x, y) exp(-2 pi i (u x / width + v y / height)).
 *
 * @param plane whose sides are powers of two, as fft.js needs them.
 * @throws {RangeError} for other sides.
 *
 * @example
 * fourier({ width: 2, height: 2, values: Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0) }); // all 1
 */
export function fourier(plane: ComplexPlane): ComplexPlane {
  return along(plane, forward);
}

/** The way back, in place, with the factor 1 / (width height). */
export function inverseFourier(plane: ComplexPlane): ComplexPlane {
  return along(plane, inverse);
}

/**
 * The real part of the way back, of places up to `radius` from the first along each axis, those before it
 * being the last of the plane: row-major, 2 radius + 1 wide and high. What lies farther is not worked out.
 *
 * @param radius whole pixels, below half of the plane's sides.
 */
export function inverseAround(
  { width, height, values }: ComplexPlane,
  radius: number,
): Float64Array {
  const rows = values.slice();
  transformRows(rows, width, height, inverse);
  const side = 2 * radius + 1;
  const out = new Float64Array(side * side);
  const columns = Array.from({ length: side }, (_, x) => (x - radius + width) % width);
  transformColumns({ width, height, values: rows }, columns, inverse, (column, x) => {
    for (let y = 0; y < side; y++) {
      out[y * side + x] = column[2 * ((y - radius + height) % height)]!;
    }
  });
  return out;
}

type Apply = (plan: Transform, out: Float64Array, data: Float64Array) => void;

const forward: Apply = (plan, out, data) => plan.transform(out, data);
const inverse: Apply = (plan, out, data) => plan.inverseTransform(out, data);

function along(plane: ComplexPlane, apply: Apply): ComplexPlane {
  const { width, height, values } = plane;
  transformRows(values, width, height, apply);
  const columns = Array.from({ length: width }, (_, x) => x);
  transformColumns(plane, columns, apply, (column, x) => {
    for (let y = 0, to = 2 * x; y < 2 * height; y += 2, to += 2 * width) {
      values[to] = column[y]!;
      values[to + 1] = column[y + 1]!;
    }
  });
  return plane;
}

function transformRows(values: Float64Array, width: number, height: number, apply: Apply): void {
  const plan = planOf(width);
  const out = new Float64Array(2 * width);
  for (let row = 0; row < height; row++) {
    const data = values.subarray(2 * width * row, 2 * width * (row + 1));
    apply(plan, out, data);
    data.set(out);
  }
}

function transformColumns(
  { width, height, values }: ComplexPlane,
  columns: readonly number[],
  apply: Apply,
  take: (column: Float64Array, index: number) => void,
): void {
  const plan = planOf(height);
  const [column, out] = [new Float64Array(2 * height), new Float64Array(2 * height)];
  for (let index = 0; index < columns.length; index++) {
    for (let y = 0, from = 2 * columns[index]!; y < 2 * height; y += 2, from += 2 * width) {
      column[y] = values[from]!;
      column[y + 1] = values[from + 1]!;
    }
    apply(plan, out, column);
    take(out, index);
  }
}

/** The tables of a length cost more than a transform, and few lengths are in use. */
function planOf(size: number): Transform {
  const known = plans.get(size);
  if (known !== undefined) return known;
  if (size < 2 || !Number.isInteger(Math.log2(size))) {
    throw new RangeError(
      `Cannot transform a plane as its sides have to be powers of two: found ${size}`,
    );
  }
  const plan: Transform = new FFT(size);
  plans.set(size, plan);
  return plan;
}
