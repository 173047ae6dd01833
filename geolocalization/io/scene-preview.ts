import sharp from 'sharp';

const SIDE = 512;
const QUALITY = 80;
/** Below the heartbeat timeout of the activity. */
const TIMEOUT_SECONDS = 25;

/**
 * A small picture of a scene, contrast stretched so that 16-bit and dark scenes are seen.
 *
 * @throws when the pixels cannot be decoded.
 */
export function previewOf(path: string, limitInputPixels: number): Promise<Buffer> {
  return sharp(path, { limitInputPixels, failOn: 'truncated', sequentialRead: true })
    .timeout({ seconds: TIMEOUT_SECONDS })
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .normalise({ lower: 1, upper: 99 })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
