/** Formats that people drop into flight folders, by their first bytes; none is a photo that can be used. */
const FORMATS: readonly { name: string; at: number; bytes: string }[] = [
  { name: 'PDF document', at: 0, bytes: '%PDF-' },
  { name: 'Photoshop document', at: 0, bytes: '8BPS' },
  { name: 'ZIP archive', at: 0, bytes: 'PK\u0003\u0004' },
  { name: 'gzip archive', at: 0, bytes: '\u001f\u008b' },
  { name: 'video', at: 4, bytes: 'ftyp' },
  { name: 'video', at: 4, bytes: 'moov' },
  { name: 'video', at: 4, bytes: 'mdat' },
  { name: 'Matroska video', at: 0, bytes: '\u001aE\u00df\u00a3' },
  { name: 'AVI video', at: 8, bytes: 'AVI ' },
  { name: 'SQLite database', at: 0, bytes: 'SQLite format 3' },
  { name: 'LAS point cloud', at: 0, bytes: 'LASF' },
  { name: 'OpenEXR image', at: 0, bytes: 'v/1\u0001' },
];

/**
 * What a file is that no image is known by: a video or a document that has the name of an image.
 *
 * @param bytes the whole file, or its start; of a file that `fileTypeOf` does not know.
 * @returns null when that is not known either.
 *
 * @example
 * foreignFormatOf(new TextEncoder().encode('%PDF-1.7')); // 'PDF document'
 */
export function foreignFormatOf(bytes: Uint8Array): string | null {
  const found = FORMATS.find((format) =>
    Array.from(format.bytes, (letter) => letter.charCodeAt(0)).every(
      (code, index) => bytes[format.at + index] === code,
    ),
  );
  return found?.name ?? null;
}
