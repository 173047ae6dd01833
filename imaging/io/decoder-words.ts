import { UnsupportedImage } from '../../contracts/failures.ts';

/** What a decoder reports while it looks for the end of a file that is cut off, with the path of the file. */
const SEEKING = /: bad seek to \d+$/;

/** What the decoder says is wrong, in the first of its lines that says something. */
export function decoderWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !SEEKING.test(line)) ?? 'it is damaged';
}

/**
 * Does work that decodes the pixels of an image.
 *
 * @throws {UnsupportedImage} that names the image, when its pixels are damaged.
 */
export async function decoding<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new UnsupportedImage(`Cannot decode image "${name}": ${decoderWords(error)}`);
  }
}
