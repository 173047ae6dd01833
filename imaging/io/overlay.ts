import sharp, { type Sharp } from 'sharp';
import { decoding } from './decoder-words.ts';

/**
 * An opened image as a layer: in sRGB of 8 bits with transparency, no larger than its place.
 *
 * @param place null to keep its size.
 * @param width undefined to keep its size, as long as that fits.
 * @param opacity 1 leaves it as it is, 0 makes it invisible.
 * @throws {UnsupportedImage} that names it, when its pixels are damaged.
 */
export async function faded(
  pixels: Sharp,
  name: string,
  place: { width: number; height: number } | null,
  width: number | undefined,
  opacity: number,
): Promise<Buffer> {
  let layer = pixels;
  if (place !== null) {
    const box = { width: width ?? place.width, height: place.height };
    const withoutEnlargement = width === undefined;
    layer = layer.resize({ ...box, fit: 'inside', withoutEnlargement });
  }
  return decoding(name, async () => {
    // The next step works in 8 bits and sRGB: all layers meet there.
    const made = await layer
      .toColourspace('srgb')
      .ensureAlpha()
      .png({ compressionLevel: 1 })
      .toBuffer();
    if (opacity === 1) return made;
    // Of one pass the order is fixed, and transparency comes last in it.
    return sharp(made)
      .linear([1, 1, 1, opacity], [0, 0, 0, 0])
      .png({ compressionLevel: 1 })
      .toBuffer();
  });
}
