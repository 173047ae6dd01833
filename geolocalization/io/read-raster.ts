import { fromFile, type GeoTIFFImage } from 'geotiff';
import type { PixelWindow, Raster } from '../../maths/raster.ts';
import { reduceRaster } from '../../maths/resample.ts';

/** Pixels that are decoded at once when a large window is reduced: 32 MB for each band. */
const STRIP_PIXELS = 4e6;

export interface RasterRequest {
  /** Inside of the image, pixels of its full size; by default all of it. */
  window?: PixelWindow;
  /** Counted from 0; of several the mean is taken, as a luminance. */
  bands?: readonly number[];
  /** Means of this many by this many pixels are read; a whole number. */
  factor?: number;
}

/**
 * Reads pixels of a TIFF as numbers, without those that hold the file's nodata value in any of the bands.
 *
 * Only what lies in the window is decoded, and never much more than is returned at a time: a reduced scene
 * is read in strips.
 *
 * @throws when the file cannot be decoded.
 */
export async function readRaster(
  path: string,
  { window, bands = [0], factor = 1 }: RasterRequest = {},
): Promise<Raster> {
  const tiff = await fromFile(path);
  try {
    const image = await tiff.getImage();
    const whole = { x: 0, y: 0, width: image.getWidth(), height: image.getHeight() };
    const part = window ?? whole;
    const rows = Math.max(factor, Math.floor(STRIP_PIXELS / part.width / factor) * factor);
    const strips: Raster[] = [];
    for (let y = 0; y < part.height; y += rows) {
      const height = Math.min(rows, part.height - y);
      const strip = await readPart(image, { ...part, y: part.y + y, height }, bands);
      strips.push(factor === 1 ? strip : reduceRaster(strip, factor));
    }
    return strips.length === 1 ? strips[0]! : joined(strips);
  } finally {
    await tiff.close();
  }
}

async function readPart(
  image: GeoTIFFImage,
  { x, y, width, height }: PixelWindow,
  bands: readonly number[],
): Promise<Raster> {
  const decoded = await image.readRasters({
    window: [x, y, x + width, y + height],
    samples: [...bands],
  });
  const nodata = image.getGDALNoData();
  const values = new Float64Array(width * height);
  const valid = new Uint8Array(width * height).fill(1);
  for (const band of bands.keys()) {
    const numbers = decoded[band] as ArrayLike<number>;
    for (let pixel = 0; pixel < values.length; pixel++) {
      const value = numbers[pixel]!;
      if (value === nodata || !Number.isFinite(value)) valid[pixel] = 0;
      else values[pixel]! += value / bands.length;
    }
  }
  return { width, height, values, valid: valid.includes(0) ? valid : null };
}

/** One below the other. */
function joined(strips: readonly Raster[]): Raster {
  const width = strips[0]!.width;
  const height = strips.reduce((sum, strip) => sum + strip.height, 0);
  const values = new Float64Array(width * height);
  const valid = new Uint8Array(width * height).fill(1);
  let start = 0;
  for (const strip of strips) {
    values.set(strip.values, start);
    if (strip.valid !== null) valid.set(strip.valid, start);
    start += width * strip.height;
  }
  return { width, height, values, valid };
}
