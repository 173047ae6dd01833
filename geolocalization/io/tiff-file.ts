import type { ByteSource } from '../../platform/byte-source.ts';
import { inBlocks } from '../../platform/byte-source.ts';
import { openTiff } from './open-tiff.ts';
import { TiffLevel } from './tiff-level.ts';

/** Bits of NewSubfileType: an image that another one was reduced to, and one that only masks. */
const REDUCED = 1;
const MASK = 4;
/** Overviews of real files halve until nothing is left. */
const MAX_IMAGES = 40;

/** A TIFF with its overviews, the full image first, then from large to small; to be closed. */
export interface TiffFile {
  levels: [TiffLevel, ...TiffLevel[]];
  close: () => Promise<void>;
}

/**
 * Opens a TIFF with the overviews that lie in it.
 *
 * @param options.canSkip see `TiffLevel`.
 */
export async function openTiffFile(
  source: ByteSource,
  options: { canSkip: boolean },
): Promise<TiffFile> {
  const tiff = await openTiff(inBlocks(source));
  const full = new TiffLevel(await tiff.getImage(), source, options);
  const overviews: TiffLevel[] = [];
  const images = Math.min(MAX_IMAGES, await tiff.getImageCount());
  for (let index = 1; index < images; index++) {
    const image = await tiff.getImage(index);
    const subfile = Number(image.fileDirectory.getValue('NewSubfileType') ?? 0);
    const level = new TiffLevel(image, source, options);
    const isOverview =
      (subfile & REDUCED) !== 0 &&
      (subfile & MASK) === 0 &&
      level.bands === full.bands &&
      level.width < full.width;
    if (isOverview) overviews.push(level);
  }
  overviews.sort((a, b) => b.width - a.width);
  return { levels: [full, ...overviews], close: () => source.close() };
}
