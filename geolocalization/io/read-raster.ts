import { cutRaster, type PixelWindow, type Raster } from '../../maths/raster.ts';
import { reduceRaster } from '../../maths/resample.ts';
import { type ByteSource, openFileSource } from '../../platform/byte-source.ts';
import { BlockCache } from './block-cache.ts';
import { openTiffFile } from './tiff-file.ts';
import type { TiffLevel } from './tiff-level.ts';
import type { Samples } from './tiff-numbers.ts';
import { UnreadablePixels } from './unreadable-pixels.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the loop around it. */
const { isFinite } = Number;

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
  /** Whether means may come from an overview: it may lie off by half of its own pixels, and be no mean at all. */
  isRough?: boolean | undefined;
}

/** What files beside an image say of pixels without data. */
export interface GapsBeside {
  maskPath?: string | undefined;
  nodata?: number | undefined;
}

/** A TIFF whose pixels are read in parts; to be closed. */
export interface RasterReader {
  width: number;
  height: number;
  /** Whether anything in it tells that pixels hold no data. */
  knowsGaps?: boolean;
  read: (request?: RasterRequest) => Promise<Raster>;
  close: () => Promise<void>;
}

/**
 * Opens a TIFF to read its pixels as numbers, without those that hold the file's nodata value in any of the
 * bands, those that a band of opacity or a mask leaves out, and what of a window lies outside.
 *
 * Only what lies in a window is decoded, and never much more than is returned at a time: a reduced scene
 * is read in strips.
 *
 * @param beside.maskPath of a mask in a file of its own.
 * @param beside.nodata what a file beside it says of missing data.
 * @throws {UnreadablePixels} when the file cannot be decoded; so does reading.
 */
export async function openRaster(
  path: string,
  { maskPath, nodata }: GapsBeside = {},
): Promise<RasterReader> {
  const source = await openFileSource(path);
  let mask: ByteSource | undefined;
  try {
    mask = maskPath === undefined ? undefined : await openFileSource(maskPath);
    const { levels, close } = await openTiffFile(source, { canSkip: true, mask, nodata });
    const pyramid = levels.map((level) => {
      const { width, height } = level;
      const read = (window: PixelWindow, bands: readonly number[]) =>
        readPart(level, window, bands, levels[0].nodata);
      return { width, height, blocks: new BlockCache(read, { width, height }, level.block) };
    });
    const { width, height } = levels[0];
    return {
      width,
      height,
      knowsGaps: levels[0].knowsGaps,
      read: (request) => readWindow(pyramid, request),
      close,
    };
  } catch (error) {
    await source.close();
    await mask?.close();
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

interface Level extends Size {
  blocks: BlockCache;
}

async function readWindow(
  pyramid: readonly Level[],
  { window, bands = [0], factor = 1, beat, isRough = false }: RasterRequest = {},
): Promise<Raster> {
  const full = pyramid[0]!;
  const whole = window ?? { x: 0, y: 0, width: full.width, height: full.height };
  if (factor === 1) return readWithin(full.blocks, full, whole, bands);
  const level = isRough ? roughLevel(pyramid, factor) : full;
  const times = Math.round(full.width / level.width);
  const part = {
    x: Math.round(whole.x / times),
    y: Math.round(whole.y / times),
    width: Math.floor(whole.width / factor) * (factor / times),
    height: Math.floor(whole.height / factor) * (factor / times),
  };
  if (times > 1) {
    try {
      return await readReduced(level.blocks, level, part, { bands, factor: factor / times, beat });
    } catch (error) {
      // A damaged overview takes nothing from the image itself.
      if (!(error instanceof UnreadablePixels)) throw error;
    }
  }
  return readReduced(full.blocks, full, whole, { bands, factor, beat });
}

/** The smallest overview of which at least 2 by 2 pixels still make one of the means. */
function roughLevel(pyramid: readonly Level[], factor: number): Level {
  const full = pyramid[0]!;
  const fitting = pyramid.filter(({ width }) => {
    const times = Math.round(full.width / width);
    return times === 1 || (factor % times === 0 && factor >= 2 * times);
  });
  return fitting.at(-1) ?? full;
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
  level: TiffLevel,
  window: PixelWindow,
  wanted: readonly number[],
  nodata: number | null,
): Promise<Raster> {
  // The brightness of such a file stands in its first band, and the others hold colors.
  const bands = level.isLuminanceFirst && wanted.length > 1 ? [0] : wanted;
  const { bands: decoded, opacity } = await level.readWithOpacity(window, bands);
  const pixels = window.width * window.height;
  const values = new Float64Array(pixels);
  const count = bands.length;
  let valid: Uint8Array | null = null;
  for (const numbers of decoded) {
    if (nodata === null) {
      // Taken as a whole, which is much faster.
      addShare(values, numbers, count);
      continue;
    }
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = numbers[pixel]!;
      if (value === nodata || !isFinite(value)) {
        valid ??= new Uint8Array(pixels).fill(1);
        valid[pixel] = 0;
      } else values[pixel]! += value / count;
    }
  }
  // A number that is not finite leaves none that is.
  const mayBeInfinite = nodata === null && decoded.some((numbers) => !isOfWholeNumbers(numbers));
  for (let pixel = 0; mayBeInfinite && pixel < pixels; pixel++) {
    if (isFinite(values[pixel]!)) continue;
    valid ??= new Uint8Array(pixels).fill(1);
    valid[pixel] = 0;
    values[pixel] = 0;
  }
  for (let pixel = 0; opacity !== null && pixel < pixels; pixel++) {
    if (opacity[pixel] !== 0) continue;
    valid ??= new Uint8Array(pixels).fill(1);
    valid[pixel] = 0;
  }
  return { width: window.width, height: window.height, values, valid };
}

/** Adds one of `count` bands to their mean. */
function addShare(values: Float64Array, numbers: Samples, count: number): void {
  if (count === 1) {
    values.set(numbers);
    return;
  }
  if (numbers instanceof Uint8Array) {
    // A table of 256 shares saves as many divisions as there are pixels.
    const shares = Float64Array.from({ length: 256 }, (_, value) => value / count);
    for (let pixel = 0; pixel < values.length; pixel++) values[pixel]! += shares[numbers[pixel]!]!;
    return;
  }
  for (let pixel = 0; pixel < values.length; pixel++) values[pixel]! += numbers[pixel]! / count;
}

function isOfWholeNumbers(numbers: Samples): boolean {
  return !(numbers instanceof Float32Array || numbers instanceof Float64Array);
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
