/** What a file is by its first bytes; `raw` are the sensor dumps of cameras in whatever container. */
export type FileType =
  'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'heic' | 'jp2' | 'jxl' | 'bmp' | 'raw';

const HEIF_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);
const DNG_VERSION = 50706;
const SUBFILE_TYPE = 254;
const MAX_ENTRIES = 1024;

/**
 * Tells the type of an image file by its magic bytes; the name has no say.
 *
 * @param bytes the whole file, or as much of its start as there is.
 * @returns null when it is no image that is known.
 *
 * @example
 * fileTypeOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xe1)); // 'jpeg'
 */
export function fileTypeOf(bytes: Uint8Array): FileType | null {
  // A file of only the start mark is a JPEG cut short, not something else.
  if (startsWith(bytes, 'ffd8') && (bytes.length === 2 || bytes[2] === 0xff)) return 'jpeg';
  if (startsWith(bytes, '89504e470d0a1a0a')) return 'png';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return 'webp';
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return 'gif';
  if (startsWith(bytes, '49492a00') || startsWith(bytes, '4d4d002a')) return tiffKind(bytes);
  if (startsWith(bytes, '49492b0008000000') || startsWith(bytes, '4d4d002b00080000')) return 'tiff';
  if (startsWith(bytes, '49495500') || /^(IIR[OS]|MMOR|FUJIFILM)/.test(text(bytes, 0, 8)))
    return 'raw';
  if (startsWith(bytes, '0000000c6a5020200d0a870a') || startsWith(bytes, 'ff4fff51')) return 'jp2';
  if (startsWith(bytes, '0000000c4a584c200d0a870a') || startsWith(bytes, 'ff0a')) return 'jxl';
  if (text(bytes, 0, 2) === 'BM' && text(bytes, 6, 4) === '\0\0\0\0') return 'bmp';
  return text(bytes, 4, 4) === 'ftyp' ? isoKind(bytes) : null;
}

/** The major brand comes first, then a version, then the brands that the file is compatible with. */
function isoKind(bytes: Uint8Array): FileType | null {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= Math.min(size, bytes.length, 256); at += 4) {
    brands.push(text(bytes, at, 4));
  }
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (brands[0] === 'crx ') return 'raw';
  return brands.some((brand) => HEIF_BRANDS.has(brand)) ? 'heic' : null;
}

/** Raw files pose as TIFF, and what a decoder finds first in them is a preview. */
function tiffKind(bytes: Uint8Array): FileType {
  if (text(bytes, 8, 4) === 'IIII' || text(bytes, 8, 4) === 'MMMM') return 'raw';
  if (text(bytes, 8, 2) === 'CR') return 'raw';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49;
  const start = bytes.length < 8 ? Infinity : view.getUint32(4, isLittle);
  if (start + 2 > bytes.length) return 'tiff';
  const entries = Math.min(view.getUint16(start, isLittle), MAX_ENTRIES);
  for (let i = 0, at = start + 2; i < entries && at + 12 <= bytes.length; i++, at += 12) {
    const tag = view.getUint16(at, isLittle);
    if (tag === DNG_VERSION) return 'raw';
    if (tag === SUBFILE_TYPE && view.getUint32(at + 8, isLittle) === 1) return 'raw';
  }
  return 'tiff';
}

function startsWith(bytes: Uint8Array, hex: string): boolean {
  if (bytes.length * 2 < hex.length) return false;
  for (let i = 0; i * 2 < hex.length; i++) {
    if (bytes[i] !== Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16)) return false;
  }
  return true;
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
