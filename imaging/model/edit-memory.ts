import type { ImageFormat } from '../../contracts/images.ts';

/** What a header says that decides how much memory decoding takes. */
export interface MemoryHeader {
  width: number;
  height: number;
  channels: number;
  depth: string;
  format: string;
  orientation?: number | undefined;
  isProgressive?: boolean | undefined;
  /** Of a JPEG: `4:2:0` has a quarter of the color samples. */
  chromaSubsampling?: string | undefined;
}

/** An image that is to be written. */
export interface Written {
  width: number;
  height: number;
  channels: number;
  depth: string;
  format: ImageFormat;
}

/** What is done with an image on its way from one file to the other. */
export interface EditPlan {
  /** All pixels are needed before the first can be written: by turning, and by measures of the whole. */
  isWhole?: boolean;
  /** Null when nothing, or next to nothing, is written. */
  written?: Written | null;
}

/** Of the encoder, the tables of the decoder, and small pictures; once for images that are read one by one. */
export const EDIT_BASE_BYTES = 40e6;
/** Formats whose decoder hands out line by line, so that the whole is never in memory. */
const inLines = new Set(['jpeg', 'png', 'tiff']);
/** Lines that are under way between decoder and encoder, a tile's height and what filters look at. */
const LINES = 600;
/** A picture that is held, with the copy that is made of a part of it; of decoders that work in four channels more. */
const WHOLE = 1.3;
const WHOLE_OF_FOUR = 1.7;
/** A progressive JPEG is held as coefficients of 16 bits until its last scan has come. */
const COEFFICIENT_BYTES = 2;
/** WebP is encoded from the whole picture, in a color space of its own and with work space. */
const WEBP_PIXEL_BYTES = 22;
/** JPEG of the best quality; with codes that are made to measure, all coefficients are held until the end. */
const JPEG_PIXEL_BYTES = 2;
const MEASURED_JPEG_PIXEL_BYTES = 6.5;
/** A file that grows is moved to a larger place now and then. */
const GROWTH = 1.1;

/** Pixels of a JPEG from which on its codes are those of the standard: some percent longer, and no pixel has to be held. */
export const PLAIN_JPEG_PIXELS = 16e6;

/**
 * Most memory that an edit of an image takes, bytes, from its header and the plan alone.
 *
 * A picture that can be read line by line costs some lines; one that has to be turned, or whose decoder
 * needs it whole, costs all of its pixels. The written file is held until it is stored, and counted as if
 * nothing of it could be compressed.
 *
 * @example
 * editBytes({ width: 4000, height: 3000, channels: 3, depth: 'uchar', format: 'jpeg' }, 5e6);
 * // 52.2e6: of 36e6 bytes of pixels only some lines are ever there
 */
export function editBytes(
  header: MemoryHeader,
  fileBytes: number,
  { isWhole = false, written = null }: EditPlan = {},
): number {
  const { width, height, format, orientation = 1, isProgressive = false } = header;
  const pixelBytes = bytesOfPixels(header);
  const needsAll =
    isWhole || orientation > 1 || !inLines.has(format) || (isProgressive && format === 'png');
  const lines = Math.min(pixelBytes, (pixelBytes / height) * LINES);
  const perPixel = header.chromaSubsampling === '4:2:0' ? 1.5 : Math.max(header.channels, 3);
  const coefficients =
    format === 'jpeg' && isProgressive ? width * height * perPixel * COEFFICIENT_BYTES : 0;
  const whole = inLines.has(format) ? WHOLE : WHOLE_OF_FOUR;
  const read = fileBytes + (needsAll ? whole * pixelBytes : lines) + coefficients;
  return EDIT_BASE_BYTES + read + (written === null ? 0 : writtenBytes(written));
}

/** Of the encoder and the file that it makes. */
function writtenBytes(written: Written): number {
  const pixels = written.width * written.height;
  switch (written.format) {
    case 'jpeg':
      return pixels * (pixels < PLAIN_JPEG_PIXELS ? MEASURED_JPEG_PIXEL_BYTES : JPEG_PIXEL_BYTES);
    case 'webp':
      return WEBP_PIXEL_BYTES * pixels;
    case 'png':
    case 'tiff':
      return GROWTH * bytesOfPixels(written);
  }
}

/** Of a decoded image. */
function bytesOfPixels({ width, height, channels, depth }: Omit<Written, 'format'>): number {
  // Of a palette or of CMYK more channels come out than are in the file, or fewer.
  return width * height * Math.max(channels, 3) * (depth === 'uchar' ? 1 : 2);
}
