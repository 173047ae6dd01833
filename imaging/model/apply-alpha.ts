import type { ColorLines } from './color-lines.ts';
import type { Plane } from './lanczos.ts';

/** Samples as decoded: interleaved, one (grey) or three (red, green, blue) channels. */
export interface Samples {
  data: Uint8Array | Uint16Array;
  width: number;
  height: number;
  channels: 1 | 3;
}

/** Alpha nearer to its ends than this is the end: what nobody sees would keep the background in the file. */
const CLEAR_BELOW = 2 / 255;
const SOLID_FROM = 253 / 255;

/** Alpha of each pixel, 0 to 255, from a mask of the size of the picture. */
export function alphaOfMask({ values }: Plane): Uint8Array {
  const alpha = new Uint8Array(values.length);
  for (let i = 0; i < alpha.length; i++) {
    const value = values[i]!;
    alpha[i] = value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5;
  }
  return alpha;
}

/**
 * Alpha of each pixel from functions of color that were fitted on a smaller picture.
 *
 * The functions are interpolated between the centers of the small pixels, with the ends held.
 *
 * @param lines of the small picture, `size` large.
 */
export function alphaOfLines(
  { data, width, height, channels }: Samples,
  lines: ColorLines,
  size: { width: number; height: number },
): Uint8Array {
  const alpha = new Uint8Array(width * height);
  const full = data instanceof Uint16Array ? 65535 : 255;
  const across = placesOf(width, size.width);
  const down = placesOf(height, size.height);
  const count = size.width;
  const [a, b, c, d] = [0, 1, 2, 3].map(() => new Float32Array(count)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  const isFlat = (x: number) => a[x] === 0 && b[x] === 0 && c[x] === 0;
  for (let y = 0; y < height; y++) {
    const upper = down.before[y]! * count;
    const lower = down.after[y]! * count;
    const share = down.share[y]!;
    for (let x = 0; x < count; x++) {
      // Divided here by the range of the samples, once per column of the small picture.
      a[x] = mix(lines.red[upper + x]!, lines.red[lower + x]!, share) / full;
      b[x] = mix(lines.green[upper + x]!, lines.green[lower + x]!, share) / full;
      c[x] = mix(lines.blue[upper + x]!, lines.blue[lower + x]!, share) / full;
      d[x] = mix(lines.constant[upper + x]!, lines.constant[lower + x]!, share);
    }
    for (let cell = 0; cell < count; cell++) {
      const [from, to] = [across.cellStart[cell]!, across.cellStart[cell + 1]!];
      const next = Math.min(count - 1, cell + 1);
      // Most of a picture lies far from any edge: there nothing depends on its colors.
      if (isFlat(cell) && isFlat(next) && d[cell] === d[next] && (d[cell] === 0 || d[cell] === 1)) {
        if (d[cell] === 1) alpha.fill(255, y * width + from, y * width + to);
        continue;
      }
      let at = (y * width + from) * channels;
      for (let x = from; x < to; x++, at += channels) {
        const part = across.share[x]!;
        const value =
          (a[cell]! + part * (a[next]! - a[cell]!)) * data[at]! +
          (b[cell]! + part * (b[next]! - b[cell]!)) * data[at + green]! +
          (c[cell]! + part * (c[next]! - c[cell]!)) * data[at + blue]! +
          d[cell]! +
          part * (d[next]! - d[cell]!);
        alpha[y * width + x] =
          value < CLEAR_BELOW ? 0 : value > SOLID_FROM ? 255 : value * 255 + 0.5;
      }
    }
  }
  return alpha;
}

function mix(from: number, to: number, share: number): number {
  return from + share * (to - from);
}

/** Between which two small pixels each large one lies, and how far. */
function placesOf(large: number, small: number) {
  const before = new Int32Array(large);
  const after = new Int32Array(large);
  const share = new Float32Array(large);
  // Where the large pixels begin that lie between a small one and the next.
  const cellStart = new Int32Array(small + 1).fill(large);
  for (let i = 0; i < large; i++) {
    const place = Math.min(small - 1, Math.max(0, ((i + 0.5) * small) / large - 0.5));
    before[i] = Math.floor(place);
    after[i] = Math.min(small - 1, before[i]! + 1);
    share[i] = place - before[i]!;
  }
  for (let i = large - 1; i >= 0; i--) cellStart[before[i]!] = i;
  for (let cell = small - 1; cell >= 0; cell--) {
    cellStart[cell] = Math.min(cellStart[cell]!, cellStart[cell + 1]!);
  }
  return { before, after, share, cellStart };
}

/**
 * Puts alpha beside the colors. Colors stay as they are, not multiplied by alpha, so that soft edges do
 * not turn dark; where alpha is 0 they are 0, so that nothing of what was removed stays in the file.
 *
 * @param own alpha that the picture had already, of the depth of its samples; the two are multiplied.
 */
export function withAlpha(
  { data, width, height, channels }: Samples,
  alpha: Uint8Array,
  own: Uint8Array | Uint16Array | null,
): Uint8Array | Uint16Array {
  const isDeep = data instanceof Uint16Array;
  const result = isDeep
    ? new Uint16Array(width * height * (channels + 1))
    : new Uint8Array(width * height * (channels + 1));
  const full = isDeep ? 65535 : 255;
  const step = channels + 1;
  for (let i = 0; i < alpha.length; i++) {
    // 65535 is 257 x 255, so both depths meet the same levels.
    let seen = isDeep ? alpha[i]! * 257 : alpha[i]!;
    if (own !== null) seen = Math.round((seen * own[i]!) / full);
    if (seen === 0) continue;
    const [from, to] = [i * channels, i * step];
    result[to] = data[from]!;
    if (channels === 3) {
      result[to + 1] = data[from + 1]!;
      result[to + 2] = data[from + 2]!;
    }
    result[to + channels] = seen;
  }
  return result;
}
