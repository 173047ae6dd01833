import sharp, { type OverlayOptions } from 'sharp';
import { UnsupportedImage } from '../../contracts/failures.ts';

/**
 * Joins pictures at their own scale, each in the middle of the other axis.
 *
 * @returns PNG.
 * @throws {UnsupportedImage} when the whole would have too many pixels.
 */
export async function montage(
  parts: readonly Uint8Array[],
  { direction, gap, background }: { direction: 'across' | 'down'; gap: number; background: string },
  limitPixels: number,
): Promise<Buffer> {
  const sizes = await Promise.all(
    parts.map(async (part) => {
      const { width, height } = await sharp(part).metadata();
      return { width, height };
    }),
  );
  const along = direction === 'across' ? 'width' : 'height';
  const other = direction === 'across' ? 'height' : 'width';
  const length = sizes.reduce((sum, size) => sum + size[along], gap * (parts.length - 1));
  const breadth = Math.max(...sizes.map((size) => size[other]));
  if (length * breadth > limitPixels) {
    throw new UnsupportedImage(
      `Cannot join the images as that would make ${Math.round((length * breadth) / 1e6)} megapixels, and ${limitPixels / 1e6} are allowed: make them smaller first`,
    );
  }
  let place = 0;
  const layers = parts.map((part, index): OverlayOptions => {
    const size = sizes[index]!;
    const across = (breadth - size[other]) >> 1;
    const at = direction === 'across' ? { left: place, top: across } : { left: across, top: place };
    place += size[along] + gap;
    return { input: Buffer.from(part), ...at };
  });
  const [width, height] = direction === 'across' ? [length, breadth] : [breadth, length];
  return sharp({ create: { width, height, channels: 3, background } })
    .composite(layers)
    .removeAlpha()
    .png({ compressionLevel: 1 })
    .toBuffer();
}
