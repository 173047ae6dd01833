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
    let at = y * width * channels;
    for (let x = 0; x < width; x++, at += channels) {
      const before = across.before[x]!;
      const after = across.after[x]!;
      const part = across.share[x]!;
      const value =
        (a[before]! + part * (a[after]! - a[before]!)) * data[at]! +
        (b[before]! + part * (b[after]! - b[before]!)) * data[at + green]! +
        (c[before]! + part * (c[after]! - c[before]!)) * data[at + blue]! +
        d[before]! +
        part * (d[after]! - d[before]!);
      alpha[y * width + x] = value < CLEAR_BELOW ? 0 : value > SOLID_FROM ? 255 : value * 255 + 0.5;
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
  for (let i = 0; i < large; i++) {
    const place = Math.min(small - 1, Math.max(0, ((i + 0.5) * small) / large - 0.5));
    before[i] = Math.floor(place);
    after[i] = Math.min(small - 1, before[i]! + 1);
    share[i] = place - before[i]!;
  }
  return { before, after, share };
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
  let to = 0;
  for (let i = 0, from = 0; i < alpha.length; i++, from += channels) {
    // 65535 is 257 x 255, so both depths meet the same levels.
    let seen = isDeep ? alpha[i]! * 257 : alpha[i]!;
    if (own !== null) seen = Math.round((seen * own[i]!) / full);
    if (seen > 0) for (let k = 0; k < channels; k++) result[to + k] = data[from + k]!;
    result[to + channels] = seen;
    to += channels + 1;
  }
  return result;
}
