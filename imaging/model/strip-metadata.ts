import { joined } from './joined-bytes.ts';

/** Files whose metadata can be taken out without touching a pixel. */
export type StrippableFormat = 'jpeg' | 'png' | 'webp';

/**
 * Takes out what tells about an image (place, time, camera, texts, previews) and leaves every byte of its
 * pixels, its color profile and whatever decoding needs. The orientation stays, as the picture would turn
 * otherwise.
 *
 * Source: ITU-T T.81 B.1.1.4 (segments of JPEG) with T.86 and Exif 2.32 4.5.4; PNG, third edition, 11.3;
 * "WebP container specification".
 *
 * @param orientation 1 to 8, of the read image.
 * @throws {RangeError} when the structure of the file is damaged.
 */
export function stripMetadata(
  file: Uint8Array,
  format: StrippableFormat,
  orientation: number,
): Uint8Array {
  if (format === 'jpeg') return stripJpeg(file, orientation);
  if (format === 'png') return stripPng(file, orientation);
  return stripWebp(file, orientation);
}

const EXIF = new TextEncoder().encode('Exif\0\0');

/** A body of EXIF that says nothing but the orientation: one directory of one entry. */
function orientationTags(orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint32(0, 0x4d4d002a);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, 0x0112);
  view.setUint16(12, 3);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return new Uint8Array(view.buffer);
}

function stripJpeg(file: Uint8Array, orientation: number): Uint8Array {
  const view = viewOf(file);
  const kept: Uint8Array[] = [file.subarray(0, 2)];
  if (orientation > 1) {
    const tags = orientationTags(orientation);
    const head = Uint8Array.of(0xff, 0xe1, 0, 2 + EXIF.length + tags.length);
    kept.push(head, EXIF, tags);
  }
  for (let at = 2; ;) {
    if (at + 4 > file.length || file[at] !== 0xff) throw damaged('JPEG', at);
    const marker = file[at + 1]!;
    // From the first scan on everything is picture, up to and including what follows it.
    if (marker === 0xda) return joined([...kept, withoutTrailer(file.subarray(at))]);
    const length = 2 + view.getUint16(at + 2);
    const segment = file.subarray(at, at + length);
    // JFIF, color profiles and the color transform of Adobe decide how pixels look.
    const isNeeded = marker === 0xe0 || marker === 0xe2 || marker === 0xee;
    const isIcc = marker !== 0xe2 || textOf(segment, 4, 11) === 'ICC_PROFILE';
    const isText = marker === 0xfe || (marker >= 0xe0 && marker <= 0xef && !(isNeeded && isIcc));
    if (!isText) kept.push(segment);
    at += length;
  }
}

/** Cameras hang previews and films behind the end of the image. */
function withoutTrailer(scans: Uint8Array): Uint8Array {
  for (let at = 2; at + 1 < scans.length; at++) {
    if (scans[at] !== 0xff) continue;
    if (scans[at + 1] === 0xd9) return scans.subarray(0, at + 2);
  }
  return scans;
}

/** Chunks that decide what the pixels look like; animation included. */
const pngChunks = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT'.split(
    ' ',
  ),
);

function stripPng(file: Uint8Array, orientation: number): Uint8Array {
  const view = viewOf(file);
  const kept: Uint8Array[] = [file.subarray(0, 8)];
  for (let at = 8; at + 12 <= file.length;) {
    const length = view.getUint32(at);
    const type = textOf(file, at + 4, 4);
    if (at + 12 + length > file.length) throw damaged('PNG', at);
    if (pngChunks.has(type)) kept.push(file.subarray(at, at + 12 + length));
    if (type === 'IHDR' && orientation > 1)
      kept.push(pngChunk('eXIf', orientationTags(orientation)));
    at += 12 + length;
    if (type === 'IEND') break;
  }
  return joined(kept);
}

function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + body.length);
  const view = viewOf(chunk);
  view.setUint32(0, body.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(body, 8);
  view.setUint32(8 + body.length, crcOf(chunk.subarray(4, 8 + body.length)));
  return chunk;
}

/** The check of PNG, Annex D of its specification. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;

function stripWebp(file: Uint8Array, orientation: number): Uint8Array {
  const view = viewOf(file);
  // Copies, as they are changed: a slice of a buffer would change the file that was read.
  const kept: Uint8Array[] = [Uint8Array.from(file.subarray(0, 12))];
  for (let at = 12; at + 8 <= file.length;) {
    const length = view.getUint32(at + 4, true);
    const padded = 8 + length + (length % 2);
    if (at + 8 + length > file.length) throw damaged('WebP', at);
    const type = textOf(file, at, 4);
    if (type === 'VP8X') {
      const chunk = Uint8Array.from(file.subarray(at, at + padded));
      chunk[8]! &= ~(EXIF_FLAG | XMP_FLAG);
      if (orientation > 1) chunk[8]! |= EXIF_FLAG;
      kept.push(chunk);
    } else if (type !== 'EXIF' && type !== 'XMP ') {
      kept.push(file.subarray(at, at + padded));
    } else if (type === 'EXIF' && orientation > 1) {
      const tags = orientationTags(orientation);
      const head = new Uint8Array(8);
      head.set(new TextEncoder().encode('EXIF'));
      viewOf(head).setUint32(4, tags.length, true);
      kept.push(head, tags);
    }
    at += padded;
  }
  const length = kept.reduce((sum, part) => sum + part.length, 0);
  viewOf(kept[0]!).setUint32(4, length - 8, true);
  return joined(kept);
}

function textOf(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(format: string, at: number): RangeError {
  return new RangeError(`the structure of the ${format} file is damaged at byte ${at}`);
}
