import { writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { geoKeys } from '../../geolocalization/model/tiled-tiff.ts';
import {
  directoryAt,
  directoryBytes,
  DOUBLE,
  LONG,
  SHORT,
  type TiffField,
  tiffStart,
  tiffStartBytes,
} from '../../maths/tiff-fields.ts';

/** One image of a TIFF, in one strip. */
export interface ImageOfTiff {
  width: number;
  height: number;
  /** Bits of a pixel of each band. */
  bits: readonly number[];
  /** As they stand in the file, not compressed. */
  bytes: Uint8Array;
  isDeflated?: boolean;
  /** NewSubfileType, PhotometricInterpretation and whatever else it has. */
  fields?: readonly TiffField[];
}

const FORM = { isBig: false, alignment: 2 };
/** NewSubfileType 4, PhotometricInterpretation 4. */
export const MASK_FIELDS: readonly TiffField[] = [
  [254, LONG, [4]],
  [262, SHORT, [4]],
];

/** Where an image lies in EPSG:32632: outer corner of its first pixel, and the size of that. */
export function placeFields(west: number, north: number, pixelMeters: number): TiffField[] {
  return [
    [33550, DOUBLE, [pixelMeters, pixelMeters, 0]],
    [33922, DOUBLE, [0, 0, 0, west, north, 0]],
    [34735, SHORT, geoKeys({ epsg: 32632, isGeographic: false })],
  ];
}

/** Writes a TIFF of several images, such as one with a mask, one directory behind the other. */
export async function writeTiff(path: string, images: readonly ImageOfTiff[]): Promise<void> {
  await writeFile(path, tiffOf(images));
}

export function tiffOf(images: readonly ImageOfTiff[]): Buffer {
  const coded = images.map(({ bytes, isDeflated = false }) =>
    isDeflated ? deflateSync(bytes) : bytes,
  );
  const starts: { directory: number; pixels: number }[] = [];
  let end = tiffStartBytes(FORM);
  for (const [index, image] of images.entries()) {
    const directory = end;
    const pixels = directory + directoryBytes(fieldsOf(image, 0, 0), FORM);
    starts.push({ directory, pixels });
    end = pixels + coded[index]!.length + (coded[index]!.length % 2);
  }
  const file = Buffer.alloc(end);
  file.set(tiffStart(starts[0]!.directory, FORM));
  for (const [index, image] of images.entries()) {
    const { directory, pixels } = starts[index]!;
    const fields = fieldsOf(image, pixels, coded[index]!.length);
    file.set(directoryAt(directory, fields, FORM, starts[index + 1]?.directory ?? 0), directory);
    file.set(coded[index]!, pixels);
  }
  return file;
}

function fieldsOf(
  { width, height, bits, isDeflated = false, fields = [] }: ImageOfTiff,
  start: number,
  length: number,
): TiffField[] {
  const own: TiffField[] = [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, bits],
    [259, SHORT, [isDeflated ? 8 : 1]],
    [262, SHORT, [bits.length >= 3 ? 2 : 1]],
    [273, LONG, [start]],
    [277, SHORT, [bits.length]],
    [278, LONG, [height]],
    [279, LONG, [length]],
    [284, SHORT, [1]],
  ];
  const given = new Set(fields.map(([tag]) => tag));
  return [...own.filter(([tag]) => !given.has(tag)), ...fields];
}

/** A bit a pixel, the first in the highest bit of a byte, each row from a byte of its own. */
export function asBits(
  { width, height }: { width: number; height: number },
  isSet: (x: number, y: number) => boolean,
): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const bytes = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isSet(x, y)) bytes[y * rowBytes + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  }
  return bytes;
}
