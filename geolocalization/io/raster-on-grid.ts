import { cutRaster, type PixelWindow, type Raster } from '../../maths/raster.ts';
import { resampleFinely } from '../../maths/fine-resample.ts';
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
