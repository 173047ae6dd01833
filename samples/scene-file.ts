import {
  ASCII,
  asciiOf,
  directoryAt,
  directoryBytes,
  DOUBLE,
  LONG,
  SHORT,
  type TiffField,
  tiffStart,
  tiffStartBytes,
} from '../maths/tiff-fields.ts';
import type { SceneDesign } from './scene.ts';

const FORM = { isBig: false, alignment: 2 };
const ROWS_PER_STRIP = 64;
const CITATION = 'WGS 84 / UTM zone 32N|';

/**
 * A GeoTIFF of 3 x 8 bits in EPSG:32632, whose tie point is the outer corner of the first pixel.
 *
 * Written here, as the writer of the geotiff package takes two seconds for an image of this size.
 * Source: TIFF 6.0, Adobe, 1992; OGC GeoTIFF Standard 1.1, 2019.
 */
export function encodeScene(pixels: Uint8Array, design: SceneDesign): Uint8Array {
  const start = tiffStartBytes(FORM);
  const pixelStart = start + directoryBytes(sceneTags(design, 0), FORM);
  const file = new Uint8Array(pixelStart + pixels.length);
  file.set(tiffStart(start, FORM));
  file.set(directoryAt(start, sceneTags(design, pixelStart), FORM), start);
  file.set(pixels, pixelStart);
  return file;
}

function sceneTags(
  { columns, rows, pixelMeters, west, north }: SceneDesign,
  pixelStart: number,
): TiffField[] {
  const strips = Array.from(
    { length: Math.ceil(rows / ROWS_PER_STRIP) },
    (_, strip) => strip * ROWS_PER_STRIP,
  );
  const keys = [
    [1, 1, 0, 4],
    [1024, 0, 1, 1], // GTModelType: projected
    [1025, 0, 1, 1], // GTRasterType: a pixel is an area
    [1026, 34737, CITATION.length, 0], // GTCitation
    [3072, 0, 1, 32632], // ProjectedCSType
  ];
  return [
    [256, LONG, [columns]],
    [257, LONG, [rows]],
    [258, SHORT, [8, 8, 8]],
    [259, SHORT, [1]], // not compressed
    [262, SHORT, [2]], // red, green, blue
    [273, LONG, strips.map((row) => pixelStart + row * columns * 3)],
    [277, SHORT, [3]],
    [278, LONG, [ROWS_PER_STRIP]],
    [279, LONG, strips.map((row) => Math.min(ROWS_PER_STRIP, rows - row) * columns * 3)],
    [284, SHORT, [1]], // the three colors of a pixel stand together
    [339, SHORT, [1, 1, 1]], // unsigned
    [33550, DOUBLE, [pixelMeters, pixelMeters, 0]],
    [33922, DOUBLE, [0, 0, 0, west, north, 0]],
    [34735, SHORT, keys.flat()],
    [34737, ASCII, asciiOf(CITATION)],
  ];
}
