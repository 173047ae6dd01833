import { createRandom } from './seeded-random.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { floor } = Math;

/** Smooth noise over the plane: 0 to 1, one bump about every unit of length. */
export type Noise = (x: number, y: number) => number;

const SIDE = 256;
const MASK = SIDE - 1;

/**
 * Value noise: random values on whole coordinates, blended smoothly between them.
 *
 * Repeats every 256 units. A table and no hash, because an image asks for it a hundred million times.
 */
export function createNoise(seed: number): Noise {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: SIDE * SIDE }, () => random.between(0, 1));
  return (x, y) => {
    const left = floor(x);
    const top = floor(y);
    const fx = x - left;
    const fy = y - top;
    const sx = fx * fx * (3 - 2 * fx);
    const sy = fy * fy * (3 - 2 * fy);
    const upper = (top & MASK) * SIDE;
    const lower = ((top + 1) & MASK) * SIDE;
    const c0 = left & MASK;
    const c1 = (left + 1) & MASK;
    const above = values[upper + c0]! + (values[upper + c1]! - values[upper + c0]!) * sx;
    const below = values[lower + c0]! + (values[lower + c1]! - values[lower + c0]!) * sx;
    return above + (below - above) * sy;
  };
}
