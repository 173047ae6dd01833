import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import type { ByteSource } from '../../platform/byte-source.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { maskAddress } from './companions-afar.ts';
import { openSource } from './open-source.ts';
import { readHeaderAfar, readSceneHeader, UnreadableHeader } from './read-scene-header.ts';
import { fetchReference, type ReferenceStorage } from './store-reference.ts';

interface Size {
  width: number;
  height: number;
}

/**
 * Opens the mask beside a TIFF on the network, to read parts of it.
 *
 * @returns null where there is none, or none of this size, and for one that only comes whole.
 * @throws {DownloadFailed} when the network fails and asking again may help.
 */
export async function openMaskAfar(
  location: string,
  size: Size,
  { network, beat }: ReferenceStorage,
): Promise<ByteSource | null> {
  const address = maskAddress(location);
  if (address === null) return null;
  return orNone(async () => {
    const source = await openSource(address, { ...network, onProgress: beat });
    return isOfSize(await readHeaderAfar(source), size) ? source : null;
  });
}

/** The same, brought into the store whole, beside a file that was. */
export async function fetchMaskAfar(
  location: string,
  size: Size,
  storage: ReferenceStorage,
): Promise<ArtifactRef | null> {
  const address = maskAddress(location);
  if (address === null) return null;
  return orNone(async () => {
    const file = await fetchReference(address, storage);
    return isOfSize(await readSceneHeader(await storage.store.fileOf(file)), size) ? file : null;
  });
}

/** What is not there, is no image, or is too long, is none. */
async function orNone<Found>(find: () => Promise<Found | null>): Promise<Found | null> {
  try {
    return await find();
  } catch (error) {
    const isNone =
      error instanceof DownloadRefused ||
      error instanceof UnreadableHeader ||
      error instanceof UnsupportedImage;
    if (isNone) return null;
    throw error;
  }
}

function isOfSize(
  { width, height }: { width: number | null; height: number | null },
  size: Size,
): boolean {
  return width === size.width && height === size.height;
}
