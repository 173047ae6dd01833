import sharp from 'sharp';
import type { ImagePixels } from '../../maths/ground-patch.ts';

/** Previews are much smaller. */
const MAX_PIXELS = 2e6;

/** Grey pixels of a preview, as stored. */
export async function decodePreview(file: Uint8Array): Promise<ImagePixels> {
  const { data, info } = await sharp(file, { limitInputPixels: MAX_PIXELS })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, samples: new Uint8Array(data) };
}
