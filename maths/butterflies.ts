/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { cos, sin, PI } = Math;

/** Of a third, a fifth and two fifths of a turn. */
const SIN_THIRD = sin((2 * PI) / 3);
const [COS_1, COS_2] = [cos((2 * PI) / 5), cos((4 * PI) / 5)];
const [SIN_1, SIN_2] = [sin((2 * PI) / 5), sin((4 * PI) / 5)];

/**
 * Joins the transforms of every second, third, fourth or fifth value of lines to those of the lines: complex
 * numbers, of `stride / 2` lines beside each other. What is joined lies place by place: at (k radix + j) stride
 * that of transform j at place k.
 */
export interface Join {
  from: Float64Array;
  to: Float64Array;
  /** Places of each transform that is joined. */
  length: number;
  stride: number;
  /** For each place k, exp(-2 pi i j k / (radix length)) for j from 1 up to the radix. */
  twiddles: Float64Array;
}

/** Of single values, as twos are joined first: nothing is turned. */
export function joinTwo({ from, to, stride }: Join): void {
  for (let a = 0; a < stride; a += 2) {
    const b = a + stride;
    to[a] = from[a]! + from[b]!;
    to[a + 1] = from[a + 1]! + from[b + 1]!;
    to[b] = from[a]! - from[b]!;
    to[b + 1] = from[a + 1]! - from[b + 1]!;
  }
}

export function joinThree({ from, to, length, stride, twiddles }: Join): void {
  const third = length * stride;
  for (let k = 0; k < length; k++) {
    const ur = twiddles[4 * k]!;
    const ui = twiddles[4 * k + 1]!;
    const vr = twiddles[4 * k + 2]!;
    const vi = twiddles[4 * k + 3]!;
    const end = (3 * k + 1) * stride;
    for (let a = end - stride, out = k * stride; a < end; a += 2, out += 2) {
      const b = a + stride;
      const c = b + stride;
      const ar = from[a]!;
      const ai = from[a + 1]!;
      const br = from[b]! * ur - from[b + 1]! * ui;
      const bi = from[b]! * ui + from[b + 1]! * ur;
      const cr = from[c]! * vr - from[c + 1]! * vi;
      const ci = from[c]! * vi + from[c + 1]! * vr;
      const sumR = br + cr;
      const sumI = bi + ci;
      const middleR = ar - 0.5 * sumR;
      const middleI = ai - 0.5 * sumI;
      const sideR = SIN_THIRD * (bi - ci);
      const sideI = SIN_THIRD * (br - cr);
      to[out] = ar + sumR;
      to[out + 1] = ai + sumI;
      to[out + third] = middleR + sideR;
      to[out + third + 1] = middleI - sideI;
      to[out + 2 * third] = middleR - sideR;
      to[out + 2 * third + 1] = middleI + sideI;
    }
  }
}

export function joinFour({ from, to, length, stride, twiddles }: Join): void {
  const quarter = length * stride;
  // At the first place nothing is turned, and short transforms have no other.
  for (let a = 0; a < stride; a += 2) {
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    const evenR = from[a]! + from[c]!;
    const evenI = from[a + 1]! + from[c + 1]!;
    const oddR = from[a]! - from[c]!;
    const oddI = from[a + 1]! - from[c + 1]!;
    const sumR = from[b]! + from[d]!;
    const sumI = from[b + 1]! + from[d + 1]!;
    const sideR = from[b + 1]! - from[d + 1]!;
    const sideI = from[b]! - from[d]!;
    to[a] = evenR + sumR;
    to[a + 1] = evenI + sumI;
    to[a + quarter] = oddR + sideR;
    to[a + quarter + 1] = oddI - sideI;
    to[a + 2 * quarter] = evenR - sumR;
    to[a + 2 * quarter + 1] = evenI - sumI;
    to[a + 3 * quarter] = oddR - sideR;
    to[a + 3 * quarter + 1] = oddI + sideI;
  }
  for (let k = 1; k < length; k++) {
    const ur = twiddles[6 * k]!;
    const ui = twiddles[6 * k + 1]!;
    const vr = twiddles[6 * k + 2]!;
    const vi = twiddles[6 * k + 3]!;
    const wr = twiddles[6 * k + 4]!;
    const wi = twiddles[6 * k + 5]!;
    const end = (4 * k + 1) * stride;
    for (let a = end - stride, out = k * stride; a < end; a += 2, out += 2) {
      const b = a + stride;
      const c = b + stride;
      const d = c + stride;
      const br = from[b]! * ur - from[b + 1]! * ui;
      const bi = from[b]! * ui + from[b + 1]! * ur;
      const cr = from[c]! * vr - from[c + 1]! * vi;
      const ci = from[c]! * vi + from[c + 1]! * vr;
      const dr = from[d]! * wr - from[d + 1]! * wi;
      const di = from[d]! * wi + from[d + 1]! * wr;
      const evenR = from[a]! + cr;
      const evenI = from[a + 1]! + ci;
      const oddR = from[a]! - cr;
      const oddI = from[a + 1]! - ci;
      const sumR = br + dr;
      const sumI = bi + di;
      const sideR = bi - di;
      const sideI = br - dr;
      to[out] = evenR + sumR;
      to[out + 1] = evenI + sumI;
      to[out + quarter] = oddR + sideR;
      to[out + quarter + 1] = oddI - sideI;
      to[out + 2 * quarter] = evenR - sumR;
      to[out + 2 * quarter + 1] = evenI - sumI;
      to[out + 3 * quarter] = oddR - sideR;
      to[out + 3 * quarter + 1] = oddI + sideI;
    }
  }
}

export function joinFive({ from, to, length, stride, twiddles }: Join): void {
  const fifth = length * stride;
  for (let k = 0; k < length; k++) {
    const tr = twiddles[8 * k]!;
    const ti = twiddles[8 * k + 1]!;
    const ur = twiddles[8 * k + 2]!;
    const ui = twiddles[8 * k + 3]!;
    const vr = twiddles[8 * k + 4]!;
    const vi = twiddles[8 * k + 5]!;
    const wr = twiddles[8 * k + 6]!;
    const wi = twiddles[8 * k + 7]!;
    const end = (5 * k + 1) * stride;
    for (let a = end - stride, out = k * stride; a < end; a += 2, out += 2) {
      const b = a + stride;
      const c = b + stride;
      const d = c + stride;
      const e = d + stride;
      const br = from[b]! * tr - from[b + 1]! * ti;
      const bi = from[b]! * ti + from[b + 1]! * tr;
      const cr = from[c]! * ur - from[c + 1]! * ui;
      const ci = from[c]! * ui + from[c + 1]! * ur;
      const dr = from[d]! * vr - from[d + 1]! * vi;
      const di = from[d]! * vi + from[d + 1]! * vr;
      const er = from[e]! * wr - from[e + 1]! * wi;
      const ei = from[e]! * wi + from[e + 1]! * wr;
      const outerR = br + er;
      const outerI = bi + ei;
      const innerR = cr + dr;
      const innerI = ci + di;
      const turnR = br - er;
      const turnI = bi - ei;
      const bendR = cr - dr;
      const bendI = ci - di;
      const nearR = from[a]! + COS_1 * outerR + COS_2 * innerR;
      const nearI = from[a + 1]! + COS_1 * outerI + COS_2 * innerI;
      const farR = from[a]! + COS_2 * outerR + COS_1 * innerR;
      const farI = from[a + 1]! + COS_2 * outerI + COS_1 * innerI;
      const nearSideR = SIN_1 * turnI + SIN_2 * bendI;
      const nearSideI = SIN_1 * turnR + SIN_2 * bendR;
      const farSideR = SIN_2 * turnI - SIN_1 * bendI;
      const farSideI = SIN_2 * turnR - SIN_1 * bendR;
      to[out] = from[a]! + outerR + innerR;
      to[out + 1] = from[a + 1]! + outerI + innerI;
      to[out + fifth] = nearR + nearSideR;
      to[out + fifth + 1] = nearI - nearSideI;
      to[out + 2 * fifth] = farR + farSideR;
      to[out + 2 * fifth + 1] = farI - farSideI;
      to[out + 3 * fifth] = farR - farSideR;
      to[out + 3 * fifth + 1] = farI + farSideI;
      to[out + 4 * fifth] = nearR - nearSideR;
      to[out + 4 * fifth + 1] = nearI + nearSideI;
    }
  }
}
