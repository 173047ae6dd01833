import ExifReader from 'exifreader';
import type { RecordedTags } from '../model/recorded-tags.ts';
import { xmpProperties } from '../model/xmp-text.ts';

/** A rational of these is one number, not a pair of two. */
const SINGLE_RATIONALS = new Set([
  'ExposureTime',
  'FNumber',
  'FocalLength',
  'FocalPlaneXResolution',
  'GPSAltitude',
  'GPSHPositioningError',
]);

const NAMES = [
  'Make',
  'Model',
  'Orientation',
  'DateTime',
  'DateTimeOriginal',
  'Software',
  'SubSecTimeOriginal',
  'PixelXDimension',
  'PixelYDimension',
  'ISOSpeedRatings',
  'BodySerialNumber',
  'GPSDateStamp',
  'GPSTimeStamp',
  'FocalPlaneResolutionUnit',
  'FocalLengthIn35mmFilm',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
  'GPSAltitudeRef',
  ...SINGLE_RATIONALS,
];

/** One segment of a JPEG holds no more. */
const MAX_THUMBNAIL_BYTES = 65_536;

/** The tags of a file, and the small JPEG that its camera put beside them. */
export interface FileTags extends RecordedTags {
  thumbnail: Uint8Array | null;
}

/** What the reader gives for a value that lies outside of the file. */
const FAULTY = '<faulty value>';

/** GDAL keeps the EXIF of a file that it converts as text in one tag of its own. */
const GDAL_TAG = 'GDALMetadata';
const GDAL_ITEM = /<Item name="EXIF_(\w{1,60})">([^<]{0,200})</g;

/**
 * Reads what the camera wrote: EXIF, XMP, and EXIF as GDAL copies it.
 *
 * Metadata that cannot be read are taken as absent. XMP is never parsed as XML, see `xmpProperties`.
 *
 * @param file the whole file.
 */
export function readRecordedTags(file: ArrayBuffer | SharedArrayBuffer): FileTags {
  const packets: string[] = [];
  const { exif, thumbnail } = loadExif(file, packets);
  const gdal = exif[GDAL_TAG]?.value;
  const copied = Array.isArray(gdal) && typeof gdal[0] === 'string' ? gdalTags(gdal[0]) : {};
  const named: Record<string, string | readonly number[]> = {};
  for (const name of NAMES) {
    const value = recordedValue(name, exif[name]?.value) ?? copied[name];
    if (value !== undefined) named[name] = value;
  }
  return { exif: named, xmp: xmpProperties(packets.join('\n')), thumbnail };
}

/** @param packets receives the XMP packets as text. */
function loadExif(
  file: ArrayBuffer | SharedArrayBuffer,
  packets: string[],
): {
  exif: Readonly<Record<string, { value?: unknown } | undefined>>;
  thumbnail: Uint8Array | null;
} {
  // The reader hands its packets to a parser. This one keeps them, and finds an empty document.
  const parseFromString = (packet: string) => {
    packets.push(packet);
    return { childNodes: [], getElementsByTagName: () => [] };
  };
  try {
    const tags = ExifReader.load(file, {
      expanded: true,
      domParser: { parseFromString },
      includeTags: { exif: [...NAMES, GDAL_TAG], xmp: true, thumbnail: true },
    });
    const image = tags.Thumbnail?.image;
    return {
      exif: (tags.exif ?? {}) as Record<string, { value?: unknown } | undefined>,
      // A copy: what the reader gives may be a view of the whole file.
      thumbnail:
        image === undefined || image.byteLength > MAX_THUMBNAIL_BYTES
          ? null
          : new Uint8Array(image as ArrayBuffer).slice(),
    };
  } catch {
    // Not a fault of the image: what is missing becomes a finding where it matters.
    return { exif: {}, thumbnail: null };
  }
}

function recordedValue(name: string, value: unknown): string | readonly number[] | undefined {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string') return value === FAULTY ? undefined : value;
  if (!Array.isArray(value)) return undefined;
  if (value.includes(FAULTY)) return undefined;
  if (value.every((part) => typeof part === 'string')) return value.join('');
  if (SINGLE_RATIONALS.has(name) && value.length === 2) return [quotient(value)];
  return value.map((part) => (Array.isArray(part) ? quotient(part) : Number(part)));
}

/** NaN for a zero denominator, so that it is told from a value that is not there. */
function quotient([above, below]: unknown[]): number {
  const value = Number(above) / Number(below);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Numbers stand in parentheses, in hexadecimal or bare; everything else is text. */
function gdalTags(text: string): Record<string, string | readonly number[]> {
  const tags: Record<string, string | readonly number[]> = {};
  for (const [, name = '', value = ''] of text.matchAll(GDAL_ITEM)) {
    const isNumeric = /^(?:\([\d.+-]{1,30}\) ?|0x[\da-f]{2} ?|\d{1,10})+$/i.test(value);
    tags[name] = isNumeric
      ? value.split(' ').map((part) => Number(part.replace(/[()]/g, '')))
      : value;
  }
  return tags;
}
