/** What a header says that decides how much memory decoding takes. */
export interface MemoryHeader {
  width: number;
  height: number;
  channels: number;
  depth: string;
  format: string;
  orientation?: number | undefined;
  isProgressive?: boolean | undefined;
}

/** Of the encoder, the tables of the decoder, and small pictures. */
const BASE_BYTES = 40e6;
/** Formats whose decoder hands out line by line, so that the whole is never in memory. */
const inLines = new Set(['jpeg', 'png', 'tiff']);
/** A progressive JPEG is held as coefficients of 16 bits until its last scan has come. */
const COEFFICIENT_BYTES = 2;

/**
 * Most memory that an edit of an image takes, bytes, from its header alone.
 *
 * A picture that can be read line by line costs some lines; one that has to be turned, or whose decoder
 * needs it whole, costs all of its pixels. The written file is counted as large as the read one.
 *
 * @example
 * editBytes({ width: 4000, height: 3000, channels: 3, depth: 'uchar', format: 'jpeg' }, 5e6);
 * // 57.2e6: of 36e6 bytes of pixels only some lines are ever there
 */
export function editBytes(header: MemoryHeader, fileBytes: number): number {
  const { width, height, channels, depth, format, orientation = 1, isProgressive = false } = header;
  const sampleBytes = depth === 'uchar' ? 1 : 2;
  // Of a palette or of CMYK more channels come out than are in the file, or fewer.
  const pixelBytes = width * height * Math.max(channels, 3) * sampleBytes;
  const isTurned = orientation > 1;
  const isWhole = !inLines.has(format) || (isProgressive && format === 'png') || isTurned;
  const lines = Math.min(pixelBytes, (pixelBytes / height) * 600);
  const coefficients =
    format === 'jpeg' && isProgressive ? width * height * 3 * COEFFICIENT_BYTES : 0;
  return BASE_BYTES + 2 * fileBytes + (isWhole ? 1.3 * pixelBytes : lines) + coefficients;
}
