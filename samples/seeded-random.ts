/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { imul } = Math;

/** A stream of numbers that is the same on every machine and every run. */
export interface SeededRandom {
  /** Uniform, from `low` up to but not including `high`. */
  between(low: number, high: number): number;
  /** Normal with mean 0; cut off at three deviations, so that a sample never holds a wild value. */
  normal(deviation: number): number;
}

/**
 * A whole number mixed from up to three others: 0 to 2^32 - 1, evenly spread.
 *
 * Used where a value has to depend on a place and not on the order in which places are visited.
 */
export function mixedInteger(a: number, b: number, c: number): number {
  let h = imul(a | 0, 0x9e3779b1) ^ imul(b | 0, 0x85ebca6b) ^ imul(c | 0, 0xc2b2ae35);
  h = imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Starts a stream (mulberry32, by Tommy Ettinger). Equal seeds give equal streams. */
export function createRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = imul(state ^ (state >>> 15), state | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (deviation: number): number => {
    // 1 - next() is never 0, so the logarithm is finite.
    const z = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return deviation * Math.max(-3, Math.min(3, z));
  };
  return { between: (low, high) => low + (high - low) * next(), normal };
}
