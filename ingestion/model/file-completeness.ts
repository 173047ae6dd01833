import type { FileType } from './file-type.ts';

/**
 * Whether a file ends before its own structure does.
 *
 * Decoders report a missing end and a damaged middle with the same words; the lengths that a file
 * states of itself tell them apart. Bytes after the end are normal. Of a GIF nothing is known
 * without decoding, so the answer is no.
 *
 * @example
 * isCutShort('tiff', Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0)); // true: the directory is at 8
 */
export function isCutShort(type: FileType, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'jpeg':
      return !hasJpegEnd(bytes);
    case 'png':
      return !hasPngEnd(view);
    case 'webp':
      return bytes.length < 8 || view.getUint32(4, true) + 8 > bytes.length;
    case 'tiff':
      return hasTiffDirectoryOutside(view);
    case 'avif':
    case 'heic':
      return hasOpenBox(view);
    default:
      return false;
  }
}

/** Walks the segments of a JPEG, and the coded data between them, to the end of the image. */
function hasJpegEnd(bytes: Uint8Array): boolean {
  let at = 2;
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1]!;
    // Coded data, a stuffed zero, a restart or a fill byte: none of them begins a segment.
    const isData = bytes[at] !== 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd7);
    if (isData || marker === 0xff) at++;
    else if (marker === 0xd9) return true;
    else if (marker === 0xd8 || marker === 0x01) at += 2;
    else at += 2 + Math.max(2, (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0));
  }
  return false;
}

function hasPngEnd(view: DataView): boolean {
  const end = 0x49454e44;
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === end) return true;
  }
  return false;
}

function hasTiffDirectoryOutside(view: DataView): boolean {
  if (view.byteLength < 8) return true;
  const isLittle = view.getUint8(0) === 0x49;
  const isBig = view.getUint16(2, isLittle) === 43;
  if (isBig && view.byteLength < 16) return true;
  const start = isBig ? Number(view.getBigUint64(8, isLittle)) : view.getUint32(4, isLittle);
  return start + 2 > view.byteLength;
}

function hasOpenBox(view: DataView): boolean {
  let at = 0;
  while (at + 8 <= view.byteLength) {
    const size = view.getUint32(at);
    const isLong = size === 1;
    if (isLong && at + 16 > view.byteLength) return true;
    const length = isLong ? Number(view.getBigUint64(at + 8)) : size;
    // 0 means "to the end of the file"; other lengths below a header's are damage, not a missing end.
    if (length < 8) return false;
    at += length;
  }
  return at > view.byteLength;
}
