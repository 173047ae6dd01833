const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * How a JPEG is coded: the sampling of its components, and a digest of its quantization tables. A camera
 * codes a flight alike; a program that saves an image again brings its own.
 *
 * @returns null when the segments before the first scan do not say.
 *
 * @example
 * jpegCoding(bytes); // '2x1,1x1,1x1 9a3c01de'
 */
export function jpegCoding(bytes: Uint8Array): string | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  let digest = FNV_START;
  let sampling: string | null = null;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const end = at + 2 + length;
    // The scan begins, or the segment leads out of the file.
    if (marker === 0xda || length < 2 || end > bytes.length) break;
    const segment = bytes.subarray(at + 4, end);
    if (marker === 0xdb) {
      for (const byte of segment) digest = Math.imul(digest ^ byte, FNV_PRIME) >>> 0;
    } else if (isFrame(marker)) sampling = samplingOf(segment);
    at = end;
  }
  return sampling === null ? null : `${sampling} ${digest.toString(16).padStart(8, '0')}`;
}

/** SOF0 to SOF15, without the three numbers in between that mean other things. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Horizontal and vertical factor of each component. */
function samplingOf(frame: Uint8Array): string | null {
  const components = frame[5] ?? 0;
  if (components === 0 || frame.length < 6 + 3 * components) return null;
  return Array.from({ length: components }, (_, index) => {
    const factors = frame[7 + 3 * index]!;
    return `${factors >> 4}x${factors & 15}`;
  }).join(',');
}
