import type { Raster } from '../../maths/raster.ts';
import type { RasterReader, RasterRequest } from './read-raster.ts';

/**
 * A part of a raster, its pixels averaged by a whole factor, as a raster of its own.
 *
 * @param origin pixel of the source at which the first pixel of the result starts.
 */
export function cutReader(
  source: RasterReader,
  origin: { x: number; y: number },
  size: { width: number; height: number },
  reduction: number,
): RasterReader {
  return {
    ...size,
    read: ({ window = { x: 0, y: 0, ...size }, factor = 1, ...rest } = {}) =>
      source.read({
        ...rest,
        window: {
          x: origin.x + window.x * reduction,
          y: origin.y + window.y * reduction,
          width: window.width * reduction,
          height: window.height * reduction,
        },
        factor: factor * reduction,
      }),
    close: () => source.close(),
  };
}

/** Several rasters on one grid as one: where the first has no data, the next is asked. */
export function mosaicReader(
  size: { width: number; height: number },
  readers: readonly { reader: RasterReader; bands: readonly number[] }[],
): RasterReader {
  return {
    ...size,
    read: async (request: RasterRequest = {}) => {
      let whole: Raster | null = null;
      for (const { reader, bands } of readers) {
        const part = await reader.read({ ...request, bands });
        if (whole === null) whole = part;
        else fillIn(whole, part);
        if (whole.valid === null || !whole.valid.includes(0)) break;
      }
      if (whole === null) throw new RangeError('Cannot read a mosaic as it has no raster');
      return whole;
    },
    close: async () => {
      await Promise.all(readers.map(({ reader }) => reader.close()));
    },
  };
}

function fillIn({ values, valid }: Raster, other: Raster): void {
  if (valid === null) return;
  for (let pixel = 0; pixel < values.length; pixel++) {
    if (valid[pixel] === 1 || other.valid?.[pixel] === 0) continue;
    values[pixel] = other.values[pixel]!;
    valid[pixel] = 1;
  }
}
