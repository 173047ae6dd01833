import {
  ASCII,
  asciiOf,
  directoryAt,
  directoryBytes,
  DOUBLE,
  LONG,
  LONG8,
  SHORT,
  type TiffField,
  tiffStart,
  tiffStartBytes,
} from '../../maths/tiff-fields.ts';
import type { Geotransform } from './affine.ts';

/** Pixels along each side of a tile, if nothing else is said: a window of a comparison touches few of them. */
export const TILE = 256;
const ALIGNMENT = 8;
const CLASSIC_LIMIT = 0xffff_0000;

export interface TiledTiffDesign {
  width: number;
  height: number;
  bands: number;
  /** SampleFormat: 1 unsigned, 2 signed, 3 floating point. */
  format: number;
  bits: number;
  nodata: number | null;
  transform: Geotransform;
  /** EPSG code of the map; null for a file whose map somebody else knows. */
  map: { epsg: number; isGeographic: boolean } | null;
  /** Whether the first three bands are red, green and blue. */
  isColor?: boolean;
  /** Whether the last band says by 0 where there is no data. */
  hasAlpha?: boolean;
  /** Pixels along each side of a tile, a multiple of 16: less than 256 for a file that is smaller. */
  tile?: number;
  /** What each band holds, in the way of GDAL; plain words, without signs that XML gives a meaning. */
  bandNames?: readonly string[];
}

/**
 * Everything of a tiled GeoTIFF that stands before its pixels. The tiles follow, uncompressed, row by row
 * from the northwest, all of one size with the bands of a pixel together: so the same pixels are
 * the same bytes everywhere, and a file of any size can be written as a stream.
 *
 * Source: TIFF 6.0, Adobe, 1992; BigTIFF design, 2011; OGC GeoTIFF Standard 1.1, 2019.
 */
export function tiledTiffHeader(design: TiledTiffDesign): Uint8Array {
  const { across, down, tileBytes } = tilesOf(design);
  const tiles = across * down;
  const isBig = tiles * tileBytes + 64 * tiles + 1e6 > CLASSIC_LIMIT;
  const form = { isBig, alignment: ALIGNMENT };
  const offsetKind = isBig ? LONG8 : LONG;
  const placeholder = Array.from({ length: tiles }, () => 0);
  const fields = (offsets: readonly number[]): TiffField[] => [
    ...describing(design),
    [324, offsetKind, offsets],
    [325, LONG, placeholder.map(() => tileBytes)],
  ];
  const directory = tiffStartBytes(form);
  const end = directory + directoryBytes(fields(placeholder), form);
  // Tiles start at a multiple of sixteen, so that numbers of any size lie evenly.
  const start = Math.ceil(end / 16) * 16;
  const offsets = placeholder.map((_, index) => start + index * tileBytes);
  const bytes = new Uint8Array(start);
  bytes.set(tiffStart(directory, form));
  bytes.set(directoryAt(directory, fields(offsets), form), directory);
  return bytes;
}

/** How many tiles a raster has along each axis, and the bytes of each: all are whole. */
export function tilesOf({
  width,
  height,
  bands,
  bits,
  tile = TILE,
}: Pick<TiledTiffDesign, 'width' | 'height' | 'bands' | 'bits' | 'tile'>) {
  const across = Math.ceil(width / tile);
  const down = Math.ceil(height / tile);
  return { across, down, tileBytes: (tile * tile * bands * bits) / 8 };
}

function describing(design: TiledTiffDesign): TiffField[] {
  const {
    width,
    height,
    bands,
    bits,
    format,
    nodata,
    transform,
    map,
    isColor = false,
    hasAlpha = false,
    tile = TILE,
    bandNames = [],
  } = design;
  const each = (value: number) => Array.from({ length: bands }, () => value);
  const colors = isColor && bands >= 3 ? 3 : 1;
  const extra = Array.from({ length: bands - colors }, () => 0);
  if (hasAlpha) extra[extra.length - 1] = 2;
  const [x, a, b, y, d, e] = transform;
  return [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, each(bits)],
    [259, SHORT, [1]],
    [262, SHORT, [colors === 3 ? 2 : 1]],
    [277, SHORT, [bands]],
    [284, SHORT, [1]],
    [322, SHORT, [tile]],
    [323, SHORT, [tile]],
    ...(extra.length > 0 ? [[338, SHORT, extra] as const] : []),
    [339, SHORT, each(format)],
    [34264, DOUBLE, [a, b, 0, x, d, e, 0, y, 0, 0, 0, 0, 0, 0, 0, 1]],
    ...(map === null ? [] : [[34735, SHORT, geoKeys(map)] as const]),
    ...(bandNames.length === 0 ? [] : [[42112, ASCII, asciiOf(described(bandNames))] as const]),
    ...(nodata === null ? [] : [[42113, ASCII, asciiOf(String(nodata))] as const]),
  ];
}

/** Source: GDAL, GTiff driver, "Metadata": tag 42112. */
function described(bandNames: readonly string[]): string {
  const items = bandNames.map(
    (name, band) => `<Item name="DESCRIPTION" sample="${band}" role="description">${name}</Item>`,
  );
  return `<GDALMetadata>${items.join('')}</GDALMetadata>`;
}

/**
 * The list of keys that names a map by its EPSG code: model, raster type (a pixel is an area), code.
 *
 * Source: OGC GeoTIFF Standard 1.1, 2019, 7.1 and 7.4.
 */
export function geoKeys({ epsg, isGeographic }: { epsg: number; isGeographic: boolean }): number[] {
  const keys = [
    [1, 1, 0, 3],
    [1024, 0, 1, isGeographic ? 2 : 1],
    [1025, 0, 1, 1],
    [isGeographic ? 2048 : 3072, 0, 1, epsg],
  ];
  return keys.flat();
}
