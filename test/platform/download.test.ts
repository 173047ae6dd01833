import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeDownloads, downloadStream } from '../../platform/download.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { isPublicAddress } from '../../platform/public-addresses.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
let server: Server;
let base: string;
let busyAnswers = 0;

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await closeDownloads();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('downloadStream()', () => {
  it('gives the bytes', async () => {
    expect(await fetchAll('/whole')).toEqual(content);
  });

  it('resumes a body that breaks off', async () => {
    expect(await fetchAll('/broken')).toEqual(content);
  });

  it('waits out a busy server', async () => {
    expect(await fetchAll('/busy')).toEqual(content);
    expect(busyAnswers).toBe(2);
  });

  it('follows a redirect, and refuses one without end', async () => {
    expect(await fetchAll('/moved')).toEqual(content);
    await expect(fetchAll('/round')).rejects.toThrow();
  });

  it('refuses for good what the server does not have', async () => {
    await expect(fetchAll('/missing')).rejects.toThrow(DownloadRefused);
  });

  it.each([
    '',
    'http://localhost:PORT/whole',
    'http://[::1]:PORT/whole',
    'http://0x7f.1:PORT/whole',
  ])('refuses addresses that are not public unless they are allowed: %s', async (pattern) => {
    const { port } = server.address() as AddressInfo;
    const url = pattern === '' ? `${base}/whole` : pattern.replace('PORT', String(port));
    const { signal } = new AbortController();
    await expect(downloadStream(url, { allowPrivateAddresses: false, signal })).rejects.toThrow();
  });
});

describe('isPublicAddress()', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    '0.0.0.0',
    '100.64.0.1',
  ])('says no to %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it('says yes to an address of the internet', () => {
    expect(isPublicAddress('93.184.215.14')).toBe(true);
  });
});

async function fetchAll(path: string): Promise<Buffer> {
  const { signal } = new AbortController();
  const { body } = await downloadStream(`${base}${path}`, { allowPrivateAddresses: true, signal });
  return buffer(body);
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  switch (request.url) {
    case '/whole':
      response.end(content);
      return;
    case '/busy':
      if (busyAnswers++ === 0) response.writeHead(503, { 'retry-after': '0' }).end();
      else response.end(content);
      return;
    case '/moved':
      response.writeHead(302, { location: '/whole' }).end();
      return;
    case '/round':
      response.writeHead(302, { location: '/round' }).end();
      return;
    case '/broken':
      if (from > 0) {
        const range = `bytes ${from}-${content.length - 1}/${content.length}`;
        response.writeHead(206, { etag: '"1"', 'content-range': range });
        response.end(content.subarray(from));
        return;
      }
      response.writeHead(200, { etag: '"1"', 'content-length': content.length });
      response.write(content.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 20));
      return;
    default:
      response.writeHead(404).end();
  }
}
