import type { ByteSource } from '../../platform/byte-source.ts';
import { inBlocks } from '../../platform/byte-source.ts';
import { openTiff } from './open-tiff.ts';
import { TiffLevel } from './tiff-level.ts';
import { decoding } from './unreadable-pixels.ts';

/** Overviews of real files halve until nothing is left, and each may have a mask. */
const MAX_IMAGES = 80;

/** A TIFF with its overviews, the full image first, then from large to small; to be closed. */
export interface TiffFile {
  levels: [TiffLevel, ...TiffLevel[]];
  close: () => Promise<void>;
}

/**
 * Opens a TIFF with the overviews and the masks that lie in it. Of one with a mask only the overviews that
 * have one, too, are taken: others would show what the mask hides.
 *
 * Source: TIFF 6.0, Adobe, 1992, NewSubfileType and PhotometricInterpretation.
 *
 * @param options.canSkip see `TiffLevel`.
 * @param options.mask a file of its own with the mask, as GDAL writes it; it is closed with the first.
 * @param options.nodata what a file beside it says of missing data.
 * @throws {UnreadablePixels} when what describes its images is damaged.
 */
export async function openTiffFile(
  source: ByteSource,
  {
    canSkip,
    mask,
    nodata,
  }: { canSkip: boolean; mask?: ByteSource | undefined; nodata?: number | undefined },
): Promise<TiffFile> {
  const { full, others } = await decoding(() => imagesOf(source, canSkip));
  const beside = mask === undefined ? null : await decoding(() => imagesOf(mask, canSkip));
  const masks = [
    ...(beside === null ? [] : [beside.full, ...beside.others]),
    ...others.filter(({ isMask }) => isMask),
  ];
  const maskOf = ({ width, height }: TiffLevel) =>
    masks.find((one) => one.width === width && one.height === height) ?? null;
  full.mask = maskOf(full);
  const overviews = others.filter(
    (level) =>
      level.isReduced && !level.isMask && level.bands === full.bands && level.width < full.width,
  );
  for (const level of overviews) level.mask = maskOf(level);
  for (const level of [full, ...overviews]) level.statedNodata = nodata;
  const usable = overviews
    .filter((level) => full.mask === null || level.mask !== null)
    .sort((a, b) => b.width - a.width);
  return {
    levels: [full, ...usable],
    close: async () => {
      await source.close();
      await mask?.close();
    },
  };
}

async function imagesOf(
  source: ByteSource,
  canSkip: boolean,
): Promise<{ full: TiffLevel; others: TiffLevel[] }> {
  const tiff = await openTiff(inBlocks(source));
  const full = new TiffLevel(await tiff.getImage(), source, { canSkip });
  const others: TiffLevel[] = [];
  const images = Math.min(MAX_IMAGES, await tiff.getImageCount());
  for (let index = 1; index < images; index++) {
    others.push(new TiffLevel(await tiff.getImage(index), source, { canSkip }));
  }
  return { full, others };
}
