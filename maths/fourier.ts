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
  return along(plane, (plan, out, data) => plan.transform(out, data));
}

/** The way back, in place, with the factor 1 / (width height). */
export function inverseFourier(plane: ComplexPlane): ComplexPlane {
  return along(plane, (plan, out, data) => plan.inverseTransform(out, data));
}

function along(
  plane: ComplexPlane,
  apply: (plan: Transform, out: Float64Array, data: Float64Array) => void,
): ComplexPlane {
  const { width, height, values } = plane;
  const rowPlan = planOf(width);
  const columnPlan = planOf(height);
  const rowOut = new Float64Array(2 * width);
  for (let row = 0; row < height; row++) {
    const data = values.subarray(2 * width * row, 2 * width * (row + 1));
    apply(rowPlan, rowOut, data);
    data.set(rowOut);
  }
  const column = new Float64Array(2 * height);
  const columnOut = new Float64Array(2 * height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const from = 2 * (y * width + x);
      column[2 * y] = values[from]!;
      column[2 * y + 1] = values[from + 1]!;
    }
    apply(columnPlan, columnOut, column);
    for (let y = 0; y < height; y++) {
      const to = 2 * (y * width + x);
      values[to] = columnOut[2 * y]!;
      values[to + 1] = columnOut[2 * y + 1]!;
    }
  }
  return plane;
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
