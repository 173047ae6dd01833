import { open } from 'node:fs/promises';

/** One read never asks for more: the system refuses lengths above 2 GiB. */
const CHUNK_BYTES = 256 * 1024 * 1024;

/**
 * Reads a file whole into memory that threads can share without a copy.
 *
 * @throws what the file system throws.
 */
export async function readSharedFile(path: string): Promise<SharedArrayBuffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK_BYTES, size - at), at);
      if (bytesRead === 0) throw new Error(`Cannot read "${path}" as it became shorter meanwhile`);
      at += bytesRead;
    }
    return bytes.buffer;
  } finally {
    await file.close();
  }
}
