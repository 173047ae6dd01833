import type { Finding } from '../../contracts/findings.ts';
import { isCutShort } from './file-completeness.ts';
import type { FileType } from './file-type.ts';
import { imageError, imageWarning } from './finding.ts';

/** Types that are known by name only: no decoder for their pixels is at hand. */
const unreadableTypes: readonly FileType[] = ['heic', 'jp2', 'jxl', 'bmp', 'raw'];

/** Why the pixels of a whole type are not looked at. */
export const NO_DECODER = 'no decoder for them is at hand';

const UNKNOWN = /^Input buffer contains unsupported image format/;
/** A header that a decoder cannot make sense of is damage, whatever else it says. */
const HEADER = /^Input buffer has corrupt header: /;

/**
 * Whether the pixels of a type are never tried. HEIC is tried: its header says the size, and where its
 * pixels are not HEVC they can be read.
 */
export function hasUnreadablePixels(type: FileType): boolean {
  return unreadableTypes.includes(type) && type !== 'heic';
}

/**
 * Names what is wrong with a file that the decoder gave up on.
 *
 * The words of decoders are no interface, and pictures decoded at the same time mix theirs up: they
 * decide only where the file's own structure does not, and are no part of what is compared.
 *
 * @param said the decoder's own words.
 */
export function faultOfFile(
  name: string,
  { type, bytes, said }: { type: FileType; bytes: Uint8Array; said: string },
): Finding {
  // Decoders say the same thing on many lines; the first is enough.
  const reason = said
    .replace(HEADER, '')
    .replace(UNKNOWN, 'no image is found in them')
    .split('\n')[0]!
    .trim();
  if (/timeout|aborted/i.test(said)) {
    return imageError(
      'DECODE_TIMEOUT',
      name,
      `Cannot decode image "${name}" in the time that one image may take: make it smaller or leave it out`,
    );
  }
  if (isCutShort(type, bytes) || /premature end|unexpected end|end of file/i.test(said)) {
    return imageError(
      'IMAGE_TRUNCATED',
      name,
      `Cannot decode image "${name}" as its file ends too early: copy it again from the camera`,
    );
  }
  if (type === 'heic') return unreadablePixels(name, type, NO_DECODER);
  if (!HEADER.test(said) && /not supported|not implemented|unknown compression/i.test(said)) {
    return unreadablePixels(name, type, reason);
  }
  return imageError(
    'IMAGE_CORRUPT',
    name,
    `Cannot decode image "${name}" as its ${type} data are damaged: copy it again from the camera`,
  );
}

/** The image keeps its place in the flight by its tags. */
export function unreadablePixels(name: string, type: FileType, reason: string): Finding {
  return imageWarning(
    'PIXELS_UNSUPPORTED',
    name,
    `Cannot judge the pixels of image "${name}" (${type}) as ${reason}: only its tags are used; export it as JPEG or TIFF to have them judged, too`,
    { type },
  );
}

/** The image is judged, though not by what its sensor saw. */
export function judgedByPreview(
  name: string,
  type: FileType,
  { width, height }: { width: number; height: number },
): Finding {
  return imageWarning(
    'PIXELS_UNSUPPORTED',
    name,
    `The sensor data of image "${name}" (${type}) are not read: it is judged by the preview of ${width} × ${height} pixels that its camera put beside them; export it as TIFF to have them judged`,
    { type, width, height },
  );
}
