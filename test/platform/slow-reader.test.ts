import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  closeDownloads,
  type Download,
  type DownloadLimits,
  downloadStream,
} from '../../platform/download.ts';

/** Just what the buffer of a body holds: the parser pauses at the last byte. */
const content = Buffer.alloc(64 * 1024, 'a');
const chunked = Buffer.concat([Buffer.from('10000\r\n'), content, Buffer.from('\r\n0\r\n\r\n')]);

afterEach(closeDownloads);

describe('a server that closes the connection before its answer is read', () => {
  it.each<[string, string, Buffer]>([
    ['a stated length', `HTTP/1.1 200 OK\r\ncontent-length: ${content.length}`, content],
    ['a length of HTTP/1.0', `HTTP/1.0 200 OK\r\ncontent-length: ${content.length}`, content],
    ['no length', 'HTTP/1.1 200 OK', content],
    ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked', chunked],
  ])('is read to the end all the same, with %s', async (_name, head, body) => {
    const download = await slowly(head, body);
    expect((await buffer(download.body)).equals(content)).toBe(true);
  });

  it('is not taken to have sent all when it has not', async () => {
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${2 * content.length}`;
    const download = await slowly(head, content, { tries: 1 });
    await expect(buffer(download.body)).rejects.toThrow(/Cannot download/);
  });
});

/** Opens what a server sends at once before it closes the connection, and lets it lie for a while. */
async function slowly(
  head: string,
  body: Buffer,
  limits: Partial<DownloadLimits> = {},
): Promise<Download> {
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(`${head}\r\nconnection: close\r\n\r\n`);
      socket.write(body);
      socket.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const download = await downloadStream(`http://127.0.0.1:${port}/image.jpg`, {
    allowPrivateAddresses: true,
    signal: new AbortController().signal,
    limits,
  });
  // Whoever reads has other things to do first.
  await delay(300);
  server.close();
  return download;
}
