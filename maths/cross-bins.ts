import type { ComplexPlane } from './fourier.ts';
import { frequency } from './waves.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { round, sqrt, PI } = Math;

/** 0.35 cycles a pixel: above, what pixels alias outweighs what they show, and pulls shifts to whole pixels. */
const MAX_FREQUENCY = 0.35 * 2 * PI;

/** Which frequencies of a plane are looked at: one half, as the other holds the same. */
interface Frequencies {
  count: number;
  /** Of a bin, and of the one with the opposite frequency, in the plane's values. */
  here: Uint32Array;
  mirror: Uint32Array;
  column: Uint16Array;
  row: Uint16Array;
  /** Radians a pixel. */
  alongX: Float64Array;
  alongY: Float64Array;
  ring: Uint16Array;
  rings: number;
}

const known = new Map<string, Frequencies>();

/** Few sizes of windows are in use. */
function frequenciesOf(width: number, height: number): Frequencies {
  const key = `${width} ${height}`;
  const found = known.get(key) ?? listFrequencies(width, height);
  known.set(key, found);
  return found;
}

function listFrequencies(width: number, height: number): Frequencies {
  const rings = Math.max(width, height) / 2 + 1;
  const most = height * (width / 2 + 1);
  const [here, mirror] = [new Uint32Array(most), new Uint32Array(most)];
  const [column, row] = [new Uint16Array(most), new Uint16Array(most)];
  const [alongX, alongY] = [new Float64Array(most), new Float64Array(most)];
  const ring = new Uint16Array(most);
  let count = 0;
  for (let v = 0; v < height; v++) {
    const fv = frequency(v, height);
    for (let u = 0; u <= width / 2; u++) {
      const fu = frequency(u, width);
      const square = fu * fu + fv * fv;
      const isDouble = u === 0 && fv < 0;
      if (!(square > 0 && square <= MAX_FREQUENCY ** 2) || isDouble) continue;
      here[count] = 2 * (v * width + u);
      mirror[count] = 2 * (((height - v) % height) * width + ((width - u) % width));
      [column[count], row[count]] = [u, v];
      [alongX[count], alongY[count]] = [fu, fv];
      ring[count] = round((sqrt(square) / (2 * PI)) * (rings - 1));
      count++;
    }
  }
  return {
    count,
    here: here.slice(0, count),
    mirror: mirror.slice(0, count),
    column: column.slice(0, count),
    row: row.slice(0, count),
    alongX: alongX.slice(0, count),
    alongY: alongY.slice(0, count),
    ring: ring.slice(0, count),
    rings,
  };
}

/** Target times the conjugate of reference at each frequency, and what each ring holds. */
export interface CrossBins {
  frequencies: Frequencies;
  width: number;
  height: number;
  real: Float64Array;
  imaginary: Float64Array;
  /** Bins of a ring, and the root of the product of both powers in it. */
  bins: Float64Array;
  level: Float64Array;
  /** Independent samples a bin, as the window is smaller than the plane. */
  share: number;
}

/**
 * What two real images have in common at each frequency.
 *
 * @param plane the transform of one as the real and the other as the imaginary part.
 */
export function crossBins({ width, height, values }: ComplexPlane, share: number): CrossBins {
  const frequencies = frequenciesOf(width, height);
  const { count, here, mirror, ring, rings } = frequencies;
  const [real, imaginary] = [new Float64Array(count), new Float64Array(count)];
  const [bins, powerA, powerB] = [
    new Float64Array(rings),
    new Float64Array(rings),
    new Float64Array(rings),
  ];
  for (let bin = 0; bin < count; bin++) {
    const [from, to] = [here[bin]!, mirror[bin]!];
    const ar = values[from]! + values[to]!;
    const ai = values[from + 1]! - values[to + 1]!;
    const br = values[from + 1]! + values[to + 1]!;
    const bi = values[to]! - values[from]!;
    real[bin] = br * ar + bi * ai;
    imaginary[bin] = bi * ar - br * ai;
    const index = ring[bin]!;
    bins[index]! += 1;
    powerA[index]! += ar * ar + ai * ai;
    powerB[index]! += br * br + bi * bi;
  }
  const level = powerA.map((power, index) => sqrt(power * powerB[index]!));
  return { frequencies, width, height, real, imaginary, bins, level, share };
}
