import type { SceneDesign } from './scene.ts';

/** Kinds of TIFF values, by their code in the file. */
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const DOUBLE = 12;
const SIZES: Record<number, number> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [DOUBLE]: 8 };

const HEADER_BYTES = 8;
const ROWS_PER_STRIP = 64;
const CITATION = 'WGS 84 / UTM zone 32N|';

type Tag = readonly [tag: number, kind: number, values: readonly number[]];

/**
 * A GeoTIFF of 3 x 8 bits in EPSG:32632, whose tie point is the outer corner of the first pixel.
 *
 * Written here, as the writer of the geotiff package takes two seconds for an image of this size.
 * Source: TIFF 6.0, Adobe, 1992; OGC GeoTIFF Standard 1.1, 2019.
 */
export function encodeScene(pixels: Uint8Array, design: SceneDesign): Uint8Array {
  const tags = sceneTags(design);
  const directoryBytes = 2 + 12 * tags.length + 4;
  const pixelStart = tags.reduce(
    (end, tag) => end + outsideBytes(tag),
    HEADER_BYTES + directoryBytes,
  );
  const file = new Uint8Array(pixelStart + pixels.length);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0, HEADER_BYTES]);
  view.setUint16(HEADER_BYTES, tags.length, true);
  let outside = HEADER_BYTES + directoryBytes;
  for (const [index, [tag, kind, values]] of tags.entries()) {
    const entry = HEADER_BYTES + 2 + 12 * index;
    const bytes = outsideBytes([tag, kind, values]);
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, kind, true);
    view.setUint32(entry + 4, values.length, true);
    if (bytes > 0) view.setUint32(entry + 8, outside, true);
    // Strip offsets are counted from the first pixel until its place in the file is known: here.
    const written = tag === 273 ? values.map((offset) => offset + pixelStart) : values;
    writeValues(view, bytes > 0 ? outside : entry + 8, kind, written);
    outside += bytes;
  }
  file.set(pixels, pixelStart);
  return file;
}

function sceneTags({ columns, rows, pixelMeters, west, north }: SceneDesign): Tag[] {
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
    [273, LONG, strips.map((row) => row * columns * 3)],
    [277, SHORT, [3]],
    [278, LONG, [ROWS_PER_STRIP]],
    [279, LONG, strips.map((row) => Math.min(ROWS_PER_STRIP, rows - row) * columns * 3)],
    [284, SHORT, [1]], // the three colors of a pixel stand together
    [339, SHORT, [1, 1, 1]], // unsigned
    [33550, DOUBLE, [pixelMeters, pixelMeters, 0]],
    [33922, DOUBLE, [0, 0, 0, west, north, 0]],
    [34735, SHORT, keys.flat()],
    [34737, ASCII, [...Buffer.from(`${CITATION}\0`)]],
  ];
}

/** Bytes that a tag needs outside its entry: none up to 4, and else an even number. */
function outsideBytes([, kind, values]: Tag): number {
  const bytes = SIZES[kind]! * values.length;
  return bytes <= 4 ? 0 : bytes + (bytes % 2);
}

function writeValues(view: DataView, start: number, kind: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) {
    const at = start + index * SIZES[kind]!;
    if (kind === ASCII) view.setUint8(at, value);
    else if (kind === SHORT) view.setUint16(at, value, true);
    else if (kind === LONG) view.setUint32(at, value, true);
    else view.setFloat64(at, value, true);
  }
}
