import { open } from 'node:fs/promises';
import sharp from 'sharp';
import type { Raster } from '../../maths/raster.ts';
import { cutRaster } from '../../maths/raster.ts';
import { reduceRaster } from '../../maths/resample.ts';
import { MAGIC_BYTES, sceneFormatOf } from '../model/scene-format.ts';
import { type GapsBeside, openRaster, type RasterReader } from './read-raster.ts';
import { decoding, UnreadablePixels } from './unreadable-pixels.ts';

/** Pictures of other formats than TIFF are decoded whole, so they are kept small: 100 megapixels. */
const MAX_PICTURE_PIXELS = 100e6;

/**
 * Opens an image of any format to read its pixels as numbers: TIFF in parts, others whole.
 *
 * @param beside what files beside it say of pixels without data; a mask only of a TIFF.
 * @throws {UnreadablePixels} when it cannot be decoded; so does reading.
 */
export async function openPixels(path: string, beside: GapsBeside = {}): Promise<RasterReader> {
  const file = await open(path);
  let format: ReturnType<typeof sceneFormatOf>;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    format = sceneFormatOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
  if (format === 'tiff') return openRaster(path, beside);
  if (format === 'jp2') throw new UnreadablePixels('JPEG 2000 is not decoded here');
  return openPicture(path, beside.nodata);
}

async function openPicture(path: string, nodata: number | undefined): Promise<RasterReader> {
  const image = sharp(path, { limitInputPixels: MAX_PICTURE_PIXELS, failOn: 'truncated' });
  const { data, info } = await decoding(() => image.raw().toBuffer({ resolveWithObject: true }));
  const { width, height, channels } = info;
  const kept = new Map<string, Raster>();
  const bandMeans = (bands: readonly number[]): Raster => {
    const known = kept.get(bands.join());
    if (known !== undefined) return known;
    const values = new Float64Array(width * height);
    for (let pixel = 0; pixel < values.length; pixel++) {
      for (const band of bands) values[pixel]! += data[pixel * channels + band]! / bands.length;
    }
    const isData = (_: number, pixel: number) =>
      bands.some((band) => data[pixel * channels + band] === nodata) ? 0 : 1;
    const valid = nodata === undefined ? null : Uint8Array.from(values, isData);
    const raster = { width, height, values, valid };
    kept.set(bands.join(), raster);
    return raster;
  };
  return {
    width,
    height,
    read: async ({ window = { x: 0, y: 0, width, height }, bands = [0], factor = 1 } = {}) =>
      reduceRaster(cutRaster(bandMeans(bands), window), factor),
    close: async () => undefined,
  };
}
