import { open } from 'node:fs/promises';
import { DownloadRefused } from './download-failures.ts';

/** A file of which any part can be read, wherever it lies; to be closed. */
export interface ByteSource {
  /** How sentences call it. */
  shown: string;
  /** Length of the whole, in bytes. */
  size: number;
  /** Bytes from an offset on: as many as asked for, or fewer where the file ends. */
  read: (offset: number, length: number) => Promise<Buffer>;
  close: () => Promise<void>;
}

/** What can be had of a file is the whole or nothing. */
export class NoParts extends DownloadRefused {}

/** A file on this machine. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    shown: path,
    size,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

/** Bytes that are asked for at once where less would do: a header is read in many small pieces. */
const BLOCK_BYTES = 16_384;
/** Blocks that are kept: 4 MB. */
const KEPT_BLOCKS = 256;

/**
 * The same source, asked in blocks when little is wanted; the blocks of last use are kept. What is longer
 * than a block is asked for as it is, byte for byte.
 */
export function inBlocks(source: ByteSource): ByteSource {
  const kept = new Map<number, Promise<Buffer>>();
  const block = (index: number): Promise<Buffer> => {
    const known = kept.get(index);
    kept.delete(index);
    const bytes = known ?? source.read(index * BLOCK_BYTES, BLOCK_BYTES);
    kept.set(index, bytes);
    // What failed is asked for anew.
    if (known === undefined) bytes.catch(() => kept.delete(index));
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_BLOCKS) break;
      kept.delete(oldest);
    }
    return bytes;
  };
  const read = async (offset: number, length: number): Promise<Buffer> => {
    if (length > BLOCK_BYTES) return source.read(offset, length);
    const first = Math.floor(offset / BLOCK_BYTES);
    const last = Math.floor((offset + Math.max(1, length) - 1) / BLOCK_BYTES);
    const parts = last === first ? [await block(first)] : [await block(first), await block(last)];
    const start = offset - first * BLOCK_BYTES;
    return Buffer.concat(parts).subarray(start, start + length);
  };
  return { ...source, read };
}
