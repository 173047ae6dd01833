import type { PixelMeasures } from '../../contracts/flight.ts';
import { measurePixels } from '../model/measure-pixels.ts';
import {
  decodeImage,
  type DecodeLimits,
  type ImageHeader,
  UnscaledSamples,
} from './image-pixels.ts';

/** What a thread is given: the file in shared memory, so that no byte is copied. */
export interface PixelTask extends DecodeLimits {
  file: SharedArrayBuffer;
  header: ImageHeader;
}

/** What the pixels gave, or the decoder's words on why they gave nothing. */
export type SeenPixels =
  | { measures: PixelMeasures; thumbnail: Uint8Array }
  | { measures: null; said: string; isUnscaled: boolean };

/**
 * Decodes an image once in full, measures it and makes its thumbnail.
 *
 * Runs in a thread: the loops over pixels and the copies of large buffers would hold up heartbeats.
 * Errors are returned, as their class does not survive the way out of a thread.
 */
export async function examinePixels({ file, header, ...limits }: PixelTask): Promise<SeenPixels> {
  try {
    const { views, thumbnail } = await decodeImage(new Uint8Array(file), header, limits);
    return { measures: measurePixels(views), thumbnail: Uint8Array.from(thumbnail) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { measures: null, said, isUnscaled: error instanceof UnscaledSamples };
  }
}
