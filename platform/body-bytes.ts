import type { Readable } from 'node:stream';
import { DownloadFailed } from './download-failures.ts';

/** A body of known length, whole. @throws {DownloadFailed} when it is longer or shorter. */
export async function bodyOf(body: Readable, length: number, shown: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > length) break;
    chunks.push(chunk);
  }
  if (received === length) return Buffer.concat(chunks);
  throw new DownloadFailed(
    `Cannot read "${shown}" as a part of ${length} bytes has ${received > length ? 'more' : `only ${received}`}`,
  );
}

/** The first bytes of a stream; the rest is let go. */
export async function upTo(limit: number, body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}
