import type { Samples } from '../model/apply-alpha.ts';
import type { OpenedImage } from './open-image.ts';
import { decoding } from './decoder-words.ts';

/** A decoded image, its own transparency apart. */
export interface DecodedImage {
  samples: Samples;
  ownAlpha: Uint8Array | Uint16Array | null;
}

/**
 * Decodes an opened image upright, in its depth, grey or in sRGB.
 *
 * @throws {UnsupportedImage} that names the image when its pixels are damaged.
 */
export async function decodeSamples(opened: OpenedImage, name: string): Promise<DecodedImage> {
  const { data: all, width, height, channels: count } = await decodeWhole(opened, name);
  const channels = count < 3 ? 1 : 3;
  if (count === channels) {
    return { samples: { data: all, width, height, channels }, ownAlpha: null };
  }
  const { colors, alpha } = apart(all, channels, width * height);
  return { samples: { data: colors, width, height, channels }, ownAlpha: alpha };
}

/** Samples of all channels, transparency among them, interleaved. */
export interface WholeSamples {
  data: Uint8Array | Uint16Array;
  width: number;
  height: number;
  channels: number;
}

/**
 * Decodes as `decodeSamples`, with the transparency of the image left where it is.
 *
 * @throws {UnsupportedImage} that names the image when its pixels are damaged.
 */
export async function decodeWhole(
  { pixels, space }: OpenedImage,
  name: string,
): Promise<WholeSamples> {
  const isDeep = space === 'grey16' || space === 'rgb16';
  const { data, info } = await decoding(name, () =>
    pixels
      .toColourspace(space)
      .raw({ depth: isDeep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  const all = isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const { width, height, channels } = info;
  return { data: all, width, height, channels };
}

function apart(all: Uint8Array | Uint16Array, channels: 1 | 3, pixels: number) {
  const Kind = all instanceof Uint16Array ? Uint16Array : Uint8Array;
  const colors = new Kind(pixels * channels);
  const alpha = new Kind(pixels);
  for (let i = 0, from = 0; i < pixels; i++) {
    for (let k = 0; k < channels; k++) colors[i * channels + k] = all[from++]!;
    alpha[i] = all[from++]!;
  }
  return { colors, alpha };
}
