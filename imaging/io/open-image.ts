import sharp, { type Metadata, type Sharp } from 'sharp';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { decoderWords } from './decoder-words.ts';

// Images in work side by side use the cores better than threads inside one image.
sharp.concurrency(1);
// A file is decoded once, so that a cache of what was decoded only costs memory.
sharp.cache(false);

/** Formats that the decoder of this system reads. */
const readFormats = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif', 'heif']);

/** Where decoding stops. */
export interface DecodeLimits {
  limitPixels: number;
  timeoutSeconds: number;
}

/** An image whose header was read, ready to be decoded. */
export interface OpenedImage {
  header: Metadata;
  /** Turned upright, in the depth and the color space of the file. */
  pixels: Sharp;
  /** The color space to write in, so that neither grey nor 16 bits are lost on the way. */
  space: 'b-w' | 'srgb' | 'grey16' | 'rgb16';
}

/**
 * Opens an image for an operation on its pixels; refuses by its header what cannot be worked on.
 *
 * Depth is kept on purpose: by default the decoder turns 16 bits into 8 without a word.
 *
 * @throws {UnsupportedImage} that names the image and what is wrong with it.
 */
export async function openImage(
  file: string | Uint8Array,
  name: string,
  { limitPixels, timeoutSeconds }: DecodeLimits,
): Promise<OpenedImage> {
  const header = await readHeader(file, name);
  const { depth } = header;
  refuseTooManyPixels(header, name, limitPixels);
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new UnsupportedImage(
      `Cannot work on image "${name}" as its samples are of type ${depth}: convert it to 8 or 16 bits`,
    );
  }
  const space = spaceOf(header);
  const pixels = sharp(file, {
    failOn: 'truncated',
    sequentialRead: true,
    limitInputPixels: limitPixels,
  })
    .timeout({ seconds: Math.ceil(timeoutSeconds) })
    .autoOrient();
  const isDeep = space === 'grey16' || space === 'rgb16';
  return { header, pixels: isDeep ? pixels.pipelineColourspace(space) : pixels, space };
}

/** @throws {UnsupportedImage} for an image with more pixels than may be decoded. */
export function refuseTooManyPixels(
  { width, height }: Metadata,
  name: string,
  limitPixels: number,
): void {
  if (width * height <= limitPixels) return;
  throw new UnsupportedImage(
    `Cannot work on image "${name}" as it has ${width} x ${height} pixels, and ${limitPixels / 1e6} megapixels are allowed: raise SKYLOOM_MAX_IMAGE_MEGAPIXELS or leave it out`,
  );
}

/** @throws {UnsupportedImage} when the file is no image that the decoder knows. */
export async function readHeader(file: string | Uint8Array, name: string): Promise<Metadata> {
  let header: Metadata;
  try {
    // No limit applies, as nothing is decoded.
    header = await sharp(file, { limitInputPixels: false, failOn: 'truncated' }).metadata();
  } catch (error) {
    throw new UnsupportedImage(`Cannot read image "${name}": ${decoderWords(error)}`);
  }
  if (readFormats.has(header.format)) return header;
  throw new UnsupportedImage(
    `Cannot work on "${name}" as ${header.format} is not taken: send one of ${[...readFormats].join(', ')}`,
  );
}

function spaceOf({ space, depth, channels }: Metadata): OpenedImage['space'] {
  const isGrey = space === 'b-w' || space === 'grey16' || channels <= 2;
  if (depth === 'ushort') return isGrey ? 'grey16' : 'rgb16';
  return isGrey ? 'b-w' : 'srgb';
}
