import { DownloadFailed, DownloadRefused } from '../../platform/download-failures.ts';
import type { RasterReader } from './read-raster.ts';

/** The bytes of a file are there, and no pixels can be made of them: no retry can help. */
export class UnreadablePixels extends Error {}

/** The same as a value: classes of errors get lost between threads. */
export interface UnreadableFile {
  /** The rest of a sentence. */
  unreadable: string;
}

/** Work of a thread whose failure for damaged files comes as a value. */
export async function orUnreadable<Result>(
  work: () => Promise<Result>,
): Promise<Result | UnreadableFile> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadablePixels) return { unreadable: error.message };
    throw error;
  }
}

/**
 * What such work came to, on the other side.
 *
 * @throws {UnreadablePixels}
 */
export function orThrow<Result>(came: Result | UnreadableFile): Result {
  if (typeof came === 'object' && came !== null && 'unreadable' in came) {
    throw new UnreadablePixels(came.unreadable);
  }
  return came;
}

/**
 * Makes pixels of bytes. What goes wrong is the fault of the file, but for what its disk or the network did.
 *
 * @throws {UnreadablePixels}
 */
export async function decoding<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadablePixels || isOfTransport(error)) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new UnreadablePixels(adviceFor(words) ?? words);
  }
}

/**
 * Says of which file the pixels are that cannot be read.
 *
 * @param what such as `the scene`.
 */
export async function naming<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadablePixels)) throw error;
    throw new UnreadablePixels(`the pixels of ${what} cannot be read: ${error.message}`);
  }
}

/** A reader whose failures say of which file they are. */
export function named(reader: RasterReader, what: string): RasterReader {
  return { ...reader, read: (request) => naming(what, () => reader.read(request)) };
}

/** What to do, for what the reader of TIFFs says of forms that it does not know; null for anything else. */
function adviceFor(words: string): string | null {
  const compression = /^Unknown compression method identifier: (\d+)/.exec(words)?.[1];
  if (compression !== undefined) {
    return `compression ${compression} of TIFF is not read here: write it with none, LZW, deflate, ZSTD or JPEG`;
  }
  return words.startsWith('Unsupported data format')
    ? 'numbers of their kind, such as complex ones, are not read here: write whole or floating point numbers'
    : null;
}

function isOfTransport(error: unknown): boolean {
  if (error instanceof DownloadFailed || error instanceof DownloadRefused) return true;
  return error instanceof Error && ('syscall' in error || error.name === 'AbortError');
}
