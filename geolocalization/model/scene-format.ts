export type SceneFormat = 'tiff' | 'jpeg' | 'png' | 'webp' | 'jp2';

/** Enough for the magic bytes of every format. */
export const MAGIC_BYTES = 12;

const signatures: readonly (readonly [format: SceneFormat, start: string])[] = [
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  // BigTIFF.
  ['tiff', 'II+\0'],
  ['tiff', 'MM\0+'],
  ['jpeg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['jp2', '\0\0\0\x0cjP  '],
  ['jp2', '\xff\x4f\xff\x51'],
];

/** The format of an image by its first bytes; null when it is none that holds scenes. */
export function sceneFormatOf(start: Uint8Array): SceneFormat | null {
  const text = String.fromCharCode(...start.subarray(0, MAGIC_BYTES));
  if (text.startsWith('RIFF') && text.slice(8) === 'WEBP') return 'webp';
  return signatures.find(([, signature]) => text.startsWith(signature))?.[0] ?? null;
}
