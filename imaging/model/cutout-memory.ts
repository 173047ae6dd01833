/** Of a process before it does anything. */
const BASE_BYTES = 160e6;
/** What the smallest network needs to run. */
const NETWORK_BYTES = 400e6;
/** Weights are held as they are and as the runtime lays them out, and work space grows with them. */
const PER_WEIGHT_BYTE = 3;
/** Decoded colors, alpha and both together, for each pixel of 8 bits. */
const PER_PIXEL = 9;
/** WebP is encoded from a copy in another color space. */
const PER_PIXEL_WEBP = 27;

/**
 * Most memory that the process holds while it removes a background, bytes.
 *
 * Measured on the known networks from 2 to 50 megapixels, some pictures one after the other; the estimate
 * lies above each of the peaks.
 *
 * @param weightsBytes 0 for the method without weights.
 *
 * @example
 * cutoutBytes({ pixels: 12e6, isDeep: false, format: 'png', weightsBytes: 4.6e6 }); // 681.8e6
 */
export function cutoutBytes({
  pixels,
  isDeep,
  format,
  weightsBytes,
}: {
  pixels: number;
  isDeep: boolean;
  format: 'png' | 'webp';
  weightsBytes: number;
}): number {
  const perPixel = (format === 'webp' ? PER_PIXEL_WEBP : PER_PIXEL) * (isDeep ? 2 : 1);
  const network = weightsBytes === 0 ? 0 : NETWORK_BYTES + PER_WEIGHT_BYTE * weightsBytes;
  return BASE_BYTES + network + perPixel * pixels;
}
