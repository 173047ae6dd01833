import type { PixelWindow } from '../../maths/raster.ts';
import { TILE, type TiledTiffDesign, tiledTiffHeader, tilesOf } from '../model/tiled-tiff.ts';
import type { Samples } from './tiff-numbers.ts';

/** Gives the values of all bands in a window of what is written, one array a band. */
export type ReadBands = (window: PixelWindow) => Promise<readonly Samples[]>;

/**
 * The bytes of a tiled GeoTIFF, a row of tiles at a time.
 *
 * @param sourceRows rows that are best read together, such as those of the source's blocks; 0 for any.
 */
export async function* tiledTiff(
  design: TiledTiffDesign,
  read: ReadBands,
  sourceRows = 0,
): AsyncGenerator<Uint8Array> {
  yield tiledTiffHeader(design);
  const { width, height, tile = TILE } = design;
  const rows = sourceRows > tile && sourceRows % tile === 0 ? sourceRows : tile;
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    const bands = await read({ x: 0, y, width, height: count });
    for (let top = 0; top < count; top += tile) {
      for (let left = 0; left < width; left += tile) {
        yield tileAt(design, bands, { left, top, rows: count });
      }
    }
  }
}

/** A whole tile; what of it lies beyond the edge holds nodata. */
function tileAt(
  { width, nodata, bands: count, bits, format, tile = TILE }: TiledTiffDesign,
  bands: readonly Samples[],
  { left, top, rows }: { left: number; top: number; rows: number },
): Uint8Array {
  const { tileBytes } = tilesOf({ width: tile, height: tile, bands: count, bits, tile });
  const values = emptyLike(bands[0]!, tile * tile * count);
  if (nodata !== null && (format === 3 || Number.isInteger(nodata))) values.fill(nodata);
  const [across, down] = [Math.min(tile, width - left), Math.min(tile, rows - top)];
  for (const [band, samples] of bands.entries()) {
    for (let row = 0; row < down; row++) {
      let to = row * tile * count + band;
      const from = (top + row) * width + left;
      for (let column = 0; column < across; column++, to += count) {
        values[to] = samples[from + column]!;
      }
    }
  }
  return new Uint8Array(values.buffer, 0, tileBytes);
}

function emptyLike(samples: Samples, length: number): Samples {
  const Kind = samples.constructor as new (length: number) => Samples;
  return new Kind(length);
}
