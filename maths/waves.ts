/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { cos, sin, PI } = Math;

/** exp(i k shift) for each frequency k of a side: real and imaginary part beside each other. */
export function waves(size: number, shift: number): Float64Array {
  const out = new Float64Array(2 * size);
  for (let index = 0; index < size; index++) {
    const phase = frequency(index, size) * shift;
    out[2 * index] = cos(phase);
    out[2 * index + 1] = sin(phase);
  }
  return out;
}

/** Radians a pixel of a place in a transform: the second half holds the negative ones. */
export function frequency(index: number, size: number): number {
  return (2 * PI * (index <= size / 2 ? index : index - size)) / size;
}
