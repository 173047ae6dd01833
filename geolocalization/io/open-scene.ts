import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { downloadStream } from '../../platform/download.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { isAddress } from '../../platform/image-sources.ts';

/** The scene cannot be had, and asking again would not help. */
export class SceneNotThere extends Error {}

/** Opens a scene, a path or an address, as a stream. */
export async function openScene(
  location: string,
  options: { allowPrivateAddresses: boolean; signal: AbortSignal },
): Promise<Readable> {
  if (isAddress(location)) {
    try {
      return (await downloadStream(location, options)).body;
    } catch (error) {
      if (error instanceof DownloadRefused) throw new SceneNotThere(error.message);
      throw error;
    }
  }
  await access(location).catch(() => {
    throw new SceneNotThere(`Cannot read "${location}": it is not there any more`);
  });
  return createReadStream(location);
}
