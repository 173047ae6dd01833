import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Georeference, rewrittenDirectory } from '../model/tiff-georeference.ts';

/** A directory of real scenes has some kilobytes, with its short values inside. */
const MAX_DIRECTORY_BYTES = 1e6;

/**
 * The bytes of a TIFF with another georeference: the header points to a new first directory behind the old
 * end, in which only the tags of the transform differ. Nothing of the pixels is touched or moved.
 *
 * @returns null for a file that is no TIFF, and for one that has no room for more: the classic kind near 4 GB.
 * @throws when the first directory cannot be read.
 */
export async function withGeoreference(
  path: string,
  georeference: Georeference,
  map: { epsg: number; isGeographic: boolean } | null = null,
): Promise<Readable | null> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    const read = async (offset: number, length: number): Promise<Buffer> => {
      if (length > MAX_DIRECTORY_BYTES || offset + length > size) {
        throw new Error('Cannot rewrite a georeference as the first directory is damaged');
      }
      const buffer = Buffer.alloc(length);
      await file.read(buffer, 0, length, offset);
      return buffer;
    };
    const rewritten = await rewrittenDirectory(read, size, georeference, map);
    if (rewritten === null) return null;
    const { header, appended } = rewritten;
    const body = createReadStream(path, { start: header.length });
    return Readable.from(
      (async function* () {
        yield header;
        yield* body;
        yield appended;
      })(),
      { objectMode: false },
    );
  } finally {
    await file.close();
  }
}
