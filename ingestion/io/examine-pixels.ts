import { createHash } from 'node:crypto';
import type { PixelMeasures } from '../../contracts/flight.ts';
import { averageGrid, differenceHash, type GreyRaster } from '../model/grey-raster.ts';
import { measureExposure, measureSharpness } from '../model/measure-pixels.ts';
import { collectGarbage } from '../../platform/collect-garbage.ts';
import {
  bytesOf,
  decodeViews,
  encodePreview,
  type DecodeLimits,
  type ImageHeader,
  picturesOf,
  UnscaledSamples,
} from './image-pixels.ts';

/** What a thread is given: the file in shared memory, so that no byte is copied. */
export interface PixelTask extends DecodeLimits {
  file: SharedArrayBuffer;
  header: ImageHeader;
}

/** What the pixels gave, or the decoder's words on why they gave nothing. */
export type SeenPixels =
  | { measures: PixelMeasures; thumbnail: Uint8Array; preview: Uint8Array; grid: GreyRaster }
  | { measures: null; said: string; isUnscaled: boolean };

/**
 * Decodes an image once in full, measures it and makes its thumbnail and its preview.
 *
 * Runs in a thread: the loops over pixels and the copies of large buffers would hold up heartbeats.
 * Errors are returned, as their class does not survive the way out of a thread.
 */
export async function examinePixels(task: PixelTask): Promise<SeenPixels> {
  const seen = await lookAt(task);
  // Otherwise each thread would hold the pixels of the image before beside those of the next.
  if (bytesOf(task.header) >= LARGE_BYTES) collectGarbage();
  return seen;
}

async function lookAt({ file, header, ...limits }: PixelTask): Promise<SeenPixels> {
  try {
    const { full, whole, small } = await decodeViews(new Uint8Array(file), header, limits);
    // The decoder works in threads of its own, and makes the small view meanwhile.
    const sharpness = measureSharpness(full);
    const exposure = measureExposure(whole);
    const { thumbnail, preview } = await picturesOf(await small, header);
    const encoding = encodePreview(preview);
    const grid = gridOf(preview);
    return {
      measures: {
        ...sharpness,
        ...exposure,
        pixelHash: createHash('sha256').update(grid.samples).digest('hex'),
        differenceHash: differenceHash(preview),
      },
      thumbnail: Uint8Array.from(thumbnail),
      preview: Uint8Array.from(await encoding),
      grid,
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { measures: null, said, isUnscaled: error instanceof UnscaledSamples };
  }
}

/** Decoded pixels that are worth the milliseconds of giving them back at once. */
const LARGE_BYTES = 8e6;

/** Cells of the small picture that copies under other tags have in common. */
const GRID_SIDE = 64;

function gridOf(preview: GreyRaster): GreyRaster {
  const means = averageGrid(preview, GRID_SIDE, GRID_SIDE);
  const samples = Uint8Array.from(means, (mean) => Math.round(mean));
  return { width: GRID_SIDE, height: GRID_SIDE, samples };
}
