import { cutRaster, type PixelWindow, type Raster } from '../../maths/raster.ts';
import { resampleFinely } from '../../maths/fine-resample.ts';
import { shiftFinely } from '../../maths/fine-shift.ts';
import { onLattice, type PixelMapping } from '../model/registration/lattice.ts';
import type { Point } from '../model/registration/shift-model.ts';
import type { RasterReader, RasterRequest } from './read-raster.ts';

/** Pixels that resampling looks at beyond the place itself, and one for rounding. */
const MARGIN = 5;
const NOWHERE = { x: Number.NaN, y: Number.NaN };

/**
 * A raster as seen through another grid, read in parts: of the raster only what a window maps to is
 * decoded, averaged first where its pixels are finer than what is asked for.
 *
 * @param mapping from a pixel of the grid to a place in the raster, both from pixel centers.
 */
export function rasterOnGrid(
  source: RasterReader,
  grid: { width: number; height: number },
  mapping: PixelMapping,
): RasterReader {
  return {
    ...grid,
    read: (request = {}) => readThrough(source, grid, mapping, request),
    close: () => source.close(),
  };
}

/**
 * A raster of the same pixels as the grid, moved by the same amount everywhere, read in parts: much faster than
 * through a mapping.
 *
 * @param shift pixel (x, y) of the grid is (x + shift.x, y + shift.y) of the raster.
 */
export function shiftedOnGrid(
  source: RasterReader,
  grid: { width: number; height: number },
  shift: Point,
): RasterReader {
  const mapping: PixelMapping = (x, y) => ({ x: x + shift.x, y: y + shift.y });
  const whole = { x: Math.floor(shift.x), y: Math.floor(shift.y) };
  const through = rasterOnGrid(source, grid, mapping);
  return {
    ...grid,
    read: async (request = {}) => {
      const { window = { x: 0, y: 0, ...grid }, bands, factor = 1 } = request;
      const part = factor === 1 ? partUnder(window, whole, source) : null;
      if (part === null) return through.read(request);
      const raster = await source.read({ window: part, ...(bands === undefined ? {} : { bands }) });
      return shiftFinely(raster, window, {
        x: window.x - part.x + shift.x,
        y: window.y - part.y + shift.y,
      });
    },
    close: () => source.close(),
  };
}

/** The pixels of a source under a moved window and around it; null when it lies outside. */
function partUnder(window: PixelWindow, by: Point, source: Size): PixelWindow | null {
  const x = Math.max(0, window.x + by.x - MARGIN);
  const y = Math.max(0, window.y + by.y - MARGIN);
  const width = Math.min(source.width, window.x + by.x + window.width + MARGIN + 1) - x;
  const height = Math.min(source.height, window.y + by.y + window.height + MARGIN + 1) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

interface Size {
  width: number;
  height: number;
}

async function readThrough(
  source: RasterReader,
  grid: { width: number; height: number },
  mapping: PixelMapping,
  { window = { x: 0, y: 0, ...grid }, bands, factor = 1, beat, isRough }: RasterRequest,
): Promise<Raster> {
  const size = {
    width: Math.floor(window.width / factor),
    height: Math.floor(window.height / factor),
  };
  const lattice = onLattice(mapping, window, factor);
  // The center of a mean of `factor` pixels.
  const placeOf = (x: number, y: number) =>
    lattice(window.x + factor * (x + 0.5) - 0.5, window.y + factor * (y + 0.5) - 0.5);
  const sight = sightOf(size, placeOf);
  if (sight === null) return cutRaster(nothing, { x: 0, y: 0, ...size });
  const reduction = Math.max(1, Math.floor(sight.step));
  const part = partAround(sight.places, reduction, source);
  if (part === null) return cutRaster(nothing, { x: 0, y: 0, ...size });
  const raster = await source.read({
    window: part,
    factor: reduction,
    beat,
    isRough,
    ...(bands === undefined ? {} : { bands }),
  });
  return resampleFinely(raster, size, (x, y) => {
    const place = placeOf(x, y);
    if (place === null) return NOWHERE;
    return {
      x: (place.x - part.x + 0.5) / reduction - 0.5,
      y: (place.y - part.y + 0.5) / reduction - 0.5,
    };
  });
}

const nothing: Raster = { width: 0, height: 0, values: new Float64Array(), valid: null };

/** Places that the result looks at, at its edges and inside, and how far neighbors lie apart. */
function sightOf(
  { width, height }: { width: number; height: number },
  placeOf: PixelMapping,
): { places: Point[]; step: number } | null {
  const places: Point[] = [];
  const steps: number[] = [];
  const along = (length: number, share: number) => Math.round(share * (length - 1));
  for (let row = 0; row <= 8; row++) {
    for (let column = 0; column <= 8; column++) {
      const [x, y] = [along(width, column / 8), along(height, row / 8)];
      const [place, right, below] = [placeOf(x, y), placeOf(x + 1, y), placeOf(x, y + 1)];
      if (place === null) continue;
      places.push(place);
      if (right === null || below === null) continue;
      const area =
        (right.x - place.x) * (below.y - place.y) - (right.y - place.y) * (below.x - place.x);
      steps.push(Math.sqrt(Math.abs(area)));
    }
  }
  if (steps.length === 0) return null;
  steps.sort((a, b) => a - b);
  return { places, step: steps[steps.length >> 1]! };
}

/** The part of the source to read, a whole number of reduced pixels; null when it lies outside. */
function partAround(
  places: readonly Point[],
  reduction: number,
  source: { width: number; height: number },
): PixelWindow | null {
  const margin = MARGIN * reduction;
  const span = (values: number[], length: number): [number, number] => {
    const least = Math.max(0, Math.floor(Math.min(...values)) - margin);
    const most = Math.min(length, Math.ceil(Math.max(...values)) + margin);
    const start = Math.floor(least / reduction) * reduction;
    return [start, Math.ceil((most - start) / reduction) * reduction];
  };
  const [x, width] = span(
    places.map((place) => place.x),
    source.width,
  );
  const [y, height] = span(
    places.map((place) => place.y),
    source.height,
  );
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}
