import { matchWindow } from '../../maths/match-window.ts';
import type { PixelWindow, Raster } from '../../maths/raster.ts';
import { reduceRaster, resampleRaster } from '../../maths/resample.ts';
import type { TiffFile } from './tiff-file.ts';
import type { TiffLevel } from './tiff-level.ts';
import { UnreadablePixels } from './unreadable-pixels.ts';

/** Pixels of an overview, along each side, that are compared with the full image. */
const PATCH = 64;
/** Pixels of an overview by which it may lie off from where its size says. */
const MAX_OFF = 0.05;
const SEARCH = 4;
/** Rounding lets a scene be compared with an overview that is a little coarser. */
const SLACK = 1.05;

/**
 * The coarsest overview whose pixels are still as fine as a scene's, if it shows the same as the full
 * image in the same place. Many overviews take every other pixel instead of means, or have sizes that were
 * rounded: they lie off by a part of a pixel, and so would everything that is compared with them. So a
 * patch at either end of the part is compared with means of the full image first.
 *
 * @param part of the full image that is needed.
 * @param ratio size of the scene's pixels in those of the full image.
 */
export async function chooseLevel(
  { levels: [full, ...overviews] }: TiffFile,
  part: PixelWindow,
  ratio: number,
): Promise<TiffLevel> {
  const fine = overviews.filter((level) => full.width / level.width <= ratio * SLACK).reverse();
  for (const level of fine) {
    if (level.kind !== null && (await isInPlace(full, level, part).catch(noneOfIt))) return level;
  }
  return full;
}

/** What cannot be decoded shows nothing. */
function noneOfIt(error: unknown): false {
  if (error instanceof UnreadablePixels) return false;
  throw error;
}

async function isInPlace(full: TiffLevel, level: TiffLevel, part: PixelWindow): Promise<boolean> {
  const scale = { x: full.width / level.width, y: full.height / level.height };
  const times = Math.round(scale.x);
  const most = { x: level.width - PATCH, y: level.height - PATCH };
  if (times < 2 || most.x < 0 || most.y < 0) return false;
  const start = { x: part.x / scale.x, y: part.y / scale.y };
  const end = {
    x: (part.x + part.width) / scale.x - PATCH,
    y: (part.y + part.height) / scale.y - PATCH,
  };
  for (const { x, y } of [start, end]) {
    const at = {
      x: Math.max(0, Math.min(most.x, Math.round(x))),
      y: Math.max(0, Math.min(most.y, Math.round(y))),
    };
    const off = await offAt(full, level, { at, scale, times });
    if (off === null || off > MAX_OFF) return false;
  }
  return true;
}

/** How far a patch of an overview lies from means of the full image, in its pixels; null when nothing tells. */
async function offAt(
  full: TiffLevel,
  level: TiffLevel,
  {
    at,
    scale,
    times,
  }: { at: { x: number; y: number }; scale: { x: number; y: number }; times: number },
): Promise<number | null> {
  const window = { x: at.x, y: at.y, width: PATCH, height: PATCH };
  const overview = await firstBand(level, window);
  const margin = 3 * times;
  const left = Math.max(0, Math.floor(at.x * scale.x) - margin);
  const top = Math.max(0, Math.floor(at.y * scale.y) - margin);
  const around = {
    x: left,
    y: top,
    width: Math.min(full.width - left, Math.ceil(PATCH * scale.x) + 2 * margin),
    height: Math.min(full.height - top, Math.ceil(PATCH * scale.y) + 2 * margin),
  };
  const means = reduceRaster(await firstBand(full, around), times);
  const expected = resampleRaster(means, window, (x, y) => ({
    x: ((at.x + x + 0.5) * scale.x - left) / times - 0.5,
    y: ((at.y + y + 0.5) * scale.y - top) / times - 0.5,
  }));
  const whole = { x: 0, y: 0, width: PATCH, height: PATCH };
  const match = matchWindow(expected, overview, whole, {
    guess: { x: 0, y: 0 },
    searchRadius: SEARCH,
  });
  return typeof match === 'string' ? null : Math.hypot(match.shift.x, match.shift.y);
}

async function firstBand(level: TiffLevel, window: PixelWindow): Promise<Raster> {
  const { bands, opacity } = await level.readWithOpacity(window, [0]);
  const values = Float64Array.from(bands[0]!);
  const { nodata, knowsGaps } = level;
  const isData = (value: number, pixel: number) =>
    value === nodata || opacity?.[pixel] === 0 ? 0 : 1;
  const valid = knowsGaps ? Uint8Array.from(values, isData) : null;
  return { width: window.width, height: window.height, values, valid };
}
