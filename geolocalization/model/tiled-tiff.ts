import type { Geotransform } from './affine.ts';

/** Pixels along each side of a tile: a window of a comparison touches few of them. */
export const TILE = 256;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const DOUBLE = 12;
const LONG8 = 16;
const SIZES: Readonly<Record<number, number>> = {
  [ASCII]: 1,
  [SHORT]: 2,
  [LONG]: 4,
  [DOUBLE]: 8,
  [LONG8]: 8,
};
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
}

type Field = readonly [tag: number, kind: number, values: readonly number[]];

/**
 * Everything of a tiled GeoTIFF that stands before its pixels. The tiles follow, uncompressed, row by row
 * from the northwest, each of 256 x 256 pixels with the bands of a pixel together: so the same pixels are
 * the same bytes everywhere, and a file of any size can be written as a stream.
 *
 * Source: TIFF 6.0, Adobe, 1992; BigTIFF design, 2011; OGC GeoTIFF Standard 1.1, 2019.
 */
export function tiledTiffHeader(design: TiledTiffDesign): Uint8Array {
  const { across, down, tileBytes } = tilesOf(design);
  const tiles = across * down;
  const isBig = tiles * tileBytes + 64 * tiles + 1e6 > CLASSIC_LIMIT;
  const word = isBig ? 8 : 4;
  const [headerBytes, countBytes, entryBytes] = isBig ? [16, 8, 20] : [8, 2, 12];
  const offsetKind = isBig ? LONG8 : LONG;
  const placeholder = Array.from({ length: tiles }, () => 0);
  const fields = (offsets: readonly number[]): Field[] => [
    ...describing(design),
    [324, offsetKind, offsets],
    [325, LONG, placeholder.map(() => tileBytes)],
  ];
  const sizes = fields(placeholder).map((field) => outsideBytes(field, word));
  const directory = headerBytes + countBytes + sizes.length * entryBytes + word;
  const end = directory + sizes.reduce((sum, size) => sum + size, 0);
  // Tiles start at a multiple of sixteen, so that numbers of any size lie evenly.
  const start = Math.ceil(end / 16) * 16;
  const offsets = placeholder.map((_, index) => start + index * tileBytes);
  const sorted = fields(offsets).sort((a, b) => a[0] - b[0]);
  const bytes = new Uint8Array(start);
  const view = new DataView(bytes.buffer);
  const put = (at: number, length: number, value: number) => {
    if (length === 2) view.setUint16(at, value, true);
    else if (length === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
  };
  bytes.set([0x49, 0x49, isBig ? 43 : 42, 0]);
  if (isBig) bytes.set([8, 0, 0, 0], 4);
  put(isBig ? 8 : 4, word, headerBytes);
  put(headerBytes, countBytes, sorted.length);
  let outside = directory;
  for (const [index, field] of sorted.entries()) {
    const [tag, kind, values] = field;
    const entry = headerBytes + countBytes + index * entryBytes;
    const length = outsideBytes(field, word);
    put(entry, 2, tag);
    put(entry + 2, 2, kind);
    put(entry + 4, word, values.length);
    if (length > 0) put(entry + 4 + word, word, outside);
    writeValues(view, length > 0 ? outside : entry + 4 + word, kind, values);
    outside += length;
  }
  return bytes;
}

/** How many tiles a raster has along each axis, and the bytes of each: all are whole. */
export function tilesOf({
  width,
  height,
  bands,
  bits,
}: Pick<TiledTiffDesign, 'width' | 'height' | 'bands' | 'bits'>) {
  const across = Math.ceil(width / TILE);
  const down = Math.ceil(height / TILE);
  return { across, down, tileBytes: (TILE * TILE * bands * bits) / 8 };
}

function describing(design: TiledTiffDesign): Field[] {
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
    [322, SHORT, [TILE]],
    [323, SHORT, [TILE]],
    ...(extra.length > 0 ? [[338, SHORT, extra] as const] : []),
    [339, SHORT, each(format)],
    [34264, DOUBLE, [a, b, 0, x, d, e, 0, y, 0, 0, 0, 0, 0, 0, 0, 1]],
    ...(map === null ? [] : [[34735, SHORT, geoKeys(map)] as const]),
    ...(nodata === null ? [] : [[42113, ASCII, asciiOf(String(nodata))] as const]),
  ];
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

/** With the zero that ends it. */
function asciiOf(text: string): number[] {
  return Array.from({ length: text.length + 1 }, (_, at) => text.charCodeAt(at) || 0);
}

function outsideBytes([, kind, values]: Field, word: number): number {
  const bytes = SIZES[kind]! * values.length;
  return bytes <= word ? 0 : Math.ceil(bytes / 8) * 8;
}

function writeValues(view: DataView, start: number, kind: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) {
    const at = start + index * SIZES[kind]!;
    if (kind === ASCII) view.setUint8(at, value);
    else if (kind === SHORT) view.setUint16(at, value, true);
    else if (kind === LONG) view.setUint32(at, value, true);
    else if (kind === DOUBLE) view.setFloat64(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
  }
}
