import sharp, { type Sharp } from 'sharp';

/** Of the grain, levels of 255: what a camera leaves in a picture that was taken by day. */
const GRAIN = 5;

/**
 * A picture brought to the size of a camera's, with grain of its own: enlarged alone it would be smoother
 * than any photo, and quicker to decode and to write than those that people have.
 *
 * @param seed of the grain; the same gives the same picture.
 */
export async function grainyPhoto(
  source: string,
  megapixels: number,
  seed: number,
): Promise<Sharp> {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const height = Math.round((width * 3) / 4);
  const pixels = await sharp(source)
    .removeAlpha()
    .toColourspace('srgb')
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer();
  // A linear congruential generator: its upper bits are random enough for grain.
  let state = seed + 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1597334677) + 1) >>> 0;
    const grain = ((state >>> 16) / 65536 - 0.5) * 2 * GRAIN;
    pixels[i] = Math.min(255, Math.max(0, pixels[i]! + grain));
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
