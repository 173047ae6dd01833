import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { stretchToBytes } from '../model/contrast-stretch.ts';

const SIDE = 512;
const QUALITY = 80;
/** Below the heartbeat timeout of the activity. */
const TIMEOUT_SECONDS = 25;
/** Deep scenes with a fourth band are decoded whole up to this size; see `decodeSmall`. */
const WHOLE_BYTES = 500e6;

/**
 * A small picture of a scene: its first three bands, or its only one, each stretched so that 16-bit and
 * dark scenes are seen. Pixels without data are black.
 *
 * @throws when the pixels cannot be decoded, or none holds data.
 */
export async function previewOf(
  path: string,
  { limitPixels, nodata }: { limitPixels: number; nodata: number | null },
): Promise<Buffer> {
  const input = {
    limitInputPixels: limitPixels,
    failOn: 'truncated',
    sequentialRead: true,
  } as const;
  const metadata = await sharp(path, input).metadata();
  const { data, info } = await decodeSmall(path, input, metadata);
  const pixels = info.width * info.height;
  const values = isDeep(metadata)
    ? new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))
    : data;
  const stretched = stretchToBytes({
    values,
    channels: values.length / pixels,
    bands: bandsOf(metadata, info.channels),
    nodata,
  });
  if (stretched === null) throw new Error('Cannot picture the scene as no pixel holds data');
  const channels = stretched.length === pixels ? 1 : 3;
  return sharp(stretched, { raw: { width: info.width, height: info.height, channels } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/**
 * Shrinks while decoding. Values of deep scenes are sampled, not averaged, so that no average is taken
 * over pixels without data.
 *
 * A fourth band is taken for transparency, and multiplying dark 16-bit values by it leaves nothing of
 * them: only an affine transform does not multiply, and it needs the whole image in memory.
 */
function decodeSmall(path: string, input: SharpOptions, metadata: Metadata) {
  const { width, height, channels, depth, space, hasAlpha } = metadata;
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const isWhole = hasAlpha && isDeep(metadata) && width * height * channels * 4 <= WHOLE_BYTES;
  const image = sharp(path, input).timeout({ seconds: TIMEOUT_SECONDS });
  // Without a 16-bit color space sharp brings 16-bit values down to 8.
  if (depth !== 'uchar' && (space === 'grey16' || space === 'rgb16')) {
    image.pipelineColourspace(space).toColourspace(space);
  }
  if (isWhole) {
    const steps = [Math.max(scale, 1 / width), Math.max(scale, 1 / height)];
    image.affine([steps[0]!, 0, 0, steps[1]!], { interpolator: 'nearest' });
  } else {
    image.resize(SIDE, SIDE, {
      fit: 'inside',
      withoutEnlargement: true,
      kernel: isDeep(metadata) ? 'nearest' : 'lanczos3',
    });
  }
  return image
    .raw({ depth: isDeep(metadata) ? 'float' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
}

function isDeep({ depth }: Metadata): boolean {
  return depth !== 'uchar';
}

/** Where the bands to show lie among the decoded channels: of a grey first band sharp makes three. */
function bandsOf({ channels }: Metadata, decoded: number): number[] {
  const isTripled = decoded === channels + 2;
  if (channels < 3) return [0];
  return isTripled ? [0, 3, 4] : [0, 1, 2].filter((band) => band < decoded);
}
