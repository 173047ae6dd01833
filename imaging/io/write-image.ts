import type { Sharp } from 'sharp';
import type { ImageFormat } from '../../contracts/images.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { PLAIN_JPEG_PIXELS } from '../model/edit-memory.ts';
import type { OpenedImage } from './open-image.ts';
import { decoderWords } from './decoder-words.ts';

/** How an image is written. */
export interface Encoding {
  format: ImageFormat;
  /** 1 to 100, for the formats that lose something. */
  quality: number;
  /** Writes 16 bits as 8 where the format holds no more; without it that is refused. */
  allowsEightBits: boolean;
  /** Writes EXIF, XMP and IPTC of the read image, too. */
  keepsMetadata?: boolean;
  /** Of the written image: the codes of large JPEGs are those of the standard, which need no memory. */
  pixels?: number;
}

const mediaTypes: Record<ImageFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
};

/** A written image. */
export interface EncodedImage {
  bytes: Buffer;
  mediaType: string;
  width: number;
  height: number;
}

/**
 * Encodes pixels that were opened and worked on. The color profile is kept, and with it the values as
 * they were; other metadata only if asked for, as it speaks of the image as it was. The same pixels give the same bytes.
 *
 * @throws {UnsupportedImage} when the format cannot hold the depth, or the decoder gives up.
 */
export async function encodeImage(
  { header, space }: OpenedImage,
  pixels: Sharp,
  name: string,
  { format, quality, allowsEightBits, keepsMetadata = false, pixels: count = 0 }: Encoding,
): Promise<EncodedImage> {
  const isDeep = space === 'grey16' || space === 'rgb16';
  const holdsDepth = format === 'png' || format === 'tiff';
  if (isDeep && !holdsDepth && !allowsEightBits) {
    throw new UnsupportedImage(
      `Cannot write image "${name}" as ${format} as that holds 8 bits and the image has 16: write png or tiff, or allow 8 bits`,
    );
  }
  const shallow = space === 'grey16' ? 'b-w' : 'srgb';
  const written = pixels.toColourspace(isDeep && !holdsDepth ? shallow : space);
  if (header.icc !== undefined) written.keepIccProfile();
  if (keepsMetadata) written.keepExif().keepXmp();
  try {
    const isMeasured = count < PLAIN_JPEG_PIXELS;
    const { data, info } = await withFormat(written, format, quality, isMeasured).toBuffer({
      resolveWithObject: true,
    });
    return { bytes: data, mediaType: mediaTypes[format], width: info.width, height: info.height };
  } catch (error) {
    throw new UnsupportedImage(`Cannot decode image "${name}": ${decoderWords(error)}`);
  }
}

function withFormat(
  pixels: Sharp,
  format: ImageFormat,
  quality: number,
  optimizeCoding: boolean,
): Sharp {
  switch (format) {
    case 'jpeg':
      // JPEG has no transparency; white is what paper shows.
      return pixels.flatten({ background: 'white' }).jpeg({ quality, optimizeCoding });
    case 'png':
      return pixels.png();
    case 'webp':
      return pixels.webp({ quality });
    case 'tiff':
      return pixels.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}
