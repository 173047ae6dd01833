import { fromFile, type GeoTIFFImage } from 'geotiff';
import { cutRaster, type PixelWindow, type Raster } from '../../maths/raster.ts';
import { reduceRaster } from '../../maths/resample.ts';
import { BlockCache } from './block-cache.ts';
import { useFastInflate } from './inflate-decoder.ts';

/** Pixels that are decoded at once when a large window is reduced: 32 MB for each band. */
const STRIP_PIXELS = 4e6;

export interface RasterRequest {
  /** Pixels of the full size, also outside of the image; by default all that it has. */
  window?: PixelWindow;
  /** Counted from 0; of several the mean is taken, as a luminance. */
  bands?: readonly number[];
  /** Means of this many by this many pixels are read; a whole number. */
  factor?: number;
  /** Told between the strips of a large window, such as a heartbeat; it may throw to stop the work. */
  beat?: (() => void) | undefined;
}

/** A TIFF whose pixels are read in parts; to be closed. */
export interface RasterReader {
  width: number;
  height: number;
  read: (request?: RasterRequest) => Promise<Raster>;
  close: () => Promise<void>;
}

/**
 * Opens a TIFF to read its pixels as numbers, without those that hold the file's nodata value in any of the
 * bands, and without what of a window lies outside.
 *
 * Only what lies in a window is decoded, and never much more than is returned at a time: a reduced scene
 * is read in strips.
 *
 * @throws when the file cannot be decoded; so does reading.
 */
export async function openRaster(path: string): Promise<RasterReader> {
  useFastInflate();
  const tiff = await fromFile(path);
  try {
    const image = await tiff.getImage();
    const [width, height] = [image.getWidth(), image.getHeight()];
    const blocks = new BlockCache(
      (window, bands) => readPart(image, window, bands),
      { width, height },
      { width: image.getTileWidth(), height: image.getTileHeight() },
    );
    return {
      width,
      height,
      read: (request) => readWindow(blocks, { width, height }, request),
      close: async () => {
        await tiff.close();
      },
    };
  } catch (error) {
    await tiff.close();
    throw error;
  }
}

/** Reads pixels of a TIFF once; see `openRaster`. */
export async function readRaster(path: string, request?: RasterRequest): Promise<Raster> {
  const reader = await openRaster(path);
  try {
    return await reader.read(request);
  } finally {
    await reader.close();
  }
}

interface Size {
  width: number;
  height: number;
}

function readWindow(
  blocks: BlockCache,
  size: Size,
  { window, bands = [0], factor = 1, beat }: RasterRequest = {},
): Promise<Raster> {
  const whole = window ?? { x: 0, y: 0, ...size };
  return factor === 1
    ? readWithin(blocks, size, whole, bands)
    : readReduced(blocks, size, whole, { bands, factor, beat });
}

async function readWithin(
  blocks: BlockCache,
  size: Size,
  window: PixelWindow,
  bands: readonly number[],
): Promise<Raster> {
  const [x, y] = [Math.max(0, window.x), Math.max(0, window.y)];
  const width = Math.min(size.width, window.x + window.width) - x;
  const height = Math.min(size.height, window.y + window.height) - y;
  if (width <= 0 || height <= 0) return cutRaster(nothing, window);
  const part = await blocks.readWindow({ x, y, width, height }, bands);
  const isWhole = width === window.width && height === window.height;
  return isWhole ? part : cutRaster(part, { ...window, x: window.x - x, y: window.y - y });
}

async function readReduced(
  blocks: BlockCache,
  size: Size,
  window: PixelWindow,
  {
    bands,
    factor,
    beat,
  }: { bands: readonly number[]; factor: number; beat: RasterRequest['beat'] },
): Promise<Raster> {
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / window.width / factor)) * factor;
  const strips: Raster[] = [];
  for (let y = 0; y < window.height; y += rows) {
    const height = Math.min(rows, window.height - y);
    const strip = await readWithin(blocks, size, { ...window, y: window.y + y, height }, bands);
    strips.push(reduceRaster(strip, factor));
    beat?.();
  }
  return joined(strips);
}

const nothing: Raster = { width: 0, height: 0, values: new Float64Array(), valid: null };

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
