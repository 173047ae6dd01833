import { type Join, joinFive, joinFour, joinThree, joinTwo } from './butterflies.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { cos, sin, PI } = Math;

const joins = { 2: joinTwo, 3: joinThree, 4: joinFour, 5: joinFive } as const;
type Radix = keyof typeof joins;

/** How lines of one length are transformed, several at once. */
export interface LinePlan {
  size: number;
  stages: { join: (join: Join) => void; radix: Radix; length: number; twiddles: Float64Array }[];
  /** Where the lines go: number `line` of place k at 2 (k lines + line), its imaginary part beside it. */
  lines: Float64Array;
  between: Float64Array;
}

/**
 * What transforms of a length need: stages from short to long.
 *
 * @param lines at most as many are transformed at once.
 * @returns null when the length has another prime factor than 2, 3 and 5.
 */
export function planLines(size: number, lines: number): LinePlan | null {
  const radices = radicesOf(size);
  if (radices === null) return null;
  let length = 1;
  const stages = radices.map((radix) => {
    const stage = { join: joins[radix], radix, length, twiddles: twiddlesOf(size, radix, length) };
    length *= radix;
    return stage;
  });
  const room = 2 * size * lines;
  return { size, stages, lines: new Float64Array(room), between: new Float64Array(room) };
}

/** Fours are cheapest; what they leave of the twos comes first, where nothing is turned. */
export function radicesOf(size: number): Radix[] | null {
  const radices: Radix[] = [];
  let rest = size;
  for (const radix of [4, 2, 3, 5] as const) {
    for (; rest % radix === 0; rest /= radix) {
      if (radix === 2) radices.unshift(radix);
      else radices.push(radix);
    }
  }
  return rest === 1 ? radices : null;
}

function twiddlesOf(size: number, radix: number, length: number): Float64Array {
  const twiddles = new Float64Array(2 * (radix - 1) * length);
  for (let k = 0, to = 0; k < length; k++) {
    for (let j = 1; j < radix; j++) {
      const angle = (2 * PI * j * k * (size / length / radix)) / size;
      twiddles[to++] = cos(angle);
      twiddles[to++] = -sin(angle);
    }
  }
  return twiddles;
}

/**
 * Transforms the lines that lie in a plan, without a factor; the innermost loops run over them.
 *
 * Source: the self-sorting algorithm of T. Stockham, "High-speed convolution and correlation", AFIPS Spring
 * Joint Computer Conference, 1966.
 *
 * @returns one of the plan's arrays: it holds the result, ordered alike, until the next call.
 */
export function transformLines({ size, stages, lines, between }: LinePlan, count: number) {
  let [from, to] = [lines, between];
  for (const { join, radix, length, twiddles } of stages) {
    join({ from, to, length, stride: (2 * count * size) / (length * radix), twiddles });
    [from, to] = [to, from];
  }
  return from;
}
