import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fetchImage } from '../../ingestion/io/fetch-image.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { closeDownloads, downloadStream, downloadWhole } from '../../platform/download.ts';
import {
  ContentChanged,
  DownloadFailed,
  DownloadRefused,
} from '../../platform/download-failures.ts';
import { forgetBusyHosts } from '../../platform/download-request.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import {
  breakOff,
  compressed,
  content,
  type HostileServer,
  otherContent,
  sendRest,
  sendWhole,
  startHostileServer,
  startRawServer,
} from './hostile-server.ts';

const limits = {
  // Server and client share one busy process: a shorter silence may be their own.
  silenceMs: 3_000,
  totalMs: 20_000,
  tries: 3,
  progressBytes: 50_000,
  firstWaitMs: 5,
  longestWaitMs: 20,
};
const onePart = { 'content-range': `bytes 0-${content.length - 1}/${content.length}` };

let server: HostileServer;

beforeAll(async () => {
  server = await startHostileServer({
    '/truncated': (visit) => {
      if (visit.from === null) breakOff(visit, 120_000, { etag: '"1"' });
      else sendRest(visit, visit.from, '"1"');
    },
    '/breaks-at-once': (visit) => {
      if (visit.from !== null) return sendRest(visit, visit.from, '"1"');
      if (visit.time > 1) return sendWhole(visit, { etag: '"1"' });
      visit.response.writeHead(200, { etag: '"1"', 'content-length': content.length });
      visit.response.flushHeaders();
      setTimeout(() => visit.response.destroy(), 50);
    },
    '/truncated-always': (visit) => breakOff(visit, 120_000, { etag: '"1"' }),
    '/truncated-by-date': (visit) => {
      const headers = { 'last-modified': 'Wed, 01 Apr 2026 10:00:00 GMT' };
      if (visit.from === null) breakOff(visit, 120_000, headers);
      else sendRest(visit, visit.from, '');
    },
    '/unnamed': (visit) => {
      if (visit.time === 1) breakOff(visit, 120_000);
      else sendWhole(visit);
    },
    '/stalls': (visit) => {
      if (visit.from !== null) return sendRest(visit, visit.from, '"1"');
      visit.response.writeHead(200, { etag: '"1"', 'content-length': content.length });
      visit.response.write(content.subarray(0, 100_000));
    },
    '/silent': () => undefined,
    '/drips': ({ response }) => {
      response.writeHead(200, { 'content-length': content.length });
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    },
    '/wrong-range': (visit) => {
      if (visit.from === null) return breakOff(visit, 120_000, { etag: '"1"' });
      if (visit.time === 2) return sendRest(visit, visit.from + 1, '"1"');
      sendRest(visit, visit.from, '"1"');
    },
    '/other-length': (visit) => {
      if (visit.from === null) return breakOff(visit, 120_000, { etag: '"1"' });
      sendRest(visit, visit.from, '"1"', content.subarray(0, 200_000));
    },
    '/part-of-nothing': ({ response }) => {
      response.writeHead(206, onePart).end(content);
    },
    '/ignores-range': (visit) => {
      if (visit.time === 1) breakOff(visit, 120_000, { etag: '"1"' });
      else sendWhole(visit, { etag: '"1"' });
    },
    '/changes': (visit) => {
      if (visit.time === 1) return breakOff(visit, 120_000, { etag: '"1"' }, otherContent);
      sendWhole(visit, { etag: '"2"' });
    },
    '/changes-always': (visit) => breakOff(visit, 120_000, { etag: `"${visit.time}"` }),
    '/forgets': (visit) => {
      if (visit.from === null) return breakOff(visit, 120_000, { etag: '"1"' });
      visit.response.writeHead(404).end();
    },
    '/busy': (visit) => {
      if (visit.time < 3) visit.response.writeHead(429, { 'retry-after': '0' }).end();
      else sendWhole(visit);
    },
    '/busy-long': ({ response }) => response.writeHead(503, { 'retry-after': '90' }).end(),
    '/fails': ({ response }) => response.writeHead(500).end('no'),
    '/forbidden': ({ response }) => response.writeHead(403).end('no'),
    '/gzip': ({ response }) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(compressed),
    '/gzip-broken': ({ response }) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(compressed.subarray(0, compressed.length / 2)),
    '/gzip-false': ({ response }) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(content),
    '/zstd': ({ response }) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('x'),
    '/endless': ({ response }) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(content));
      };
      response.on('drain', more);
      more();
    },
    '/moved': ({ response }) => response.writeHead(302, { location: '/whole?key=secret' }).end(),
    '/whole': (visit) => sendWhole(visit),
    '/round': ({ response }) => response.writeHead(307, { location: '/round' }).end(),
    '/to-file': ({ response }) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/to-data': ({ response }) => response.writeHead(302, { location: 'data:,x' }).end(),
    '/to-nothing': ({ response }) => response.writeHead(302, { location: 'http://' }).end(),
    '/slow': (visit) => void setTimeout(() => sendWhole(visit), 30),
  });
});

const raws: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  forgetBusyHosts();
  for (const raw of raws.splice(0)) await raw.close();
});

afterAll(async () => {
  await closeDownloads();
  await server.close();
});

describe('a download from a hostile server gives the right bytes', () => {
  it.each([
    ['when the body breaks off', '/truncated', 2],
    ['when the body breaks off before its first byte', '/breaks-at-once', 2],
    ['when the body breaks off and only its date names the content', '/truncated-by-date', 2],
    ['when nothing names the content, from its start again', '/unnamed', 2],
    ['when the server falls silent in the middle', '/stalls', 2],
    ['when the rest is another part than asked for, from its start again', '/wrong-range', 4],
    ['when the server ignores the range and sends all of it again', '/ignores-range', 2],
    ['when the content changes meanwhile: those of the new one', '/changes', 3],
    ['when the server is busy for a while', '/busy', 3],
    ['when the server compresses them unasked', '/gzip', 1],
    ['when the address moved', '/moved', 1],
  ])('%s', async (_words, path, visits) => {
    expect((await fetchWhole(path)).equals(content)).toBe(true);
    expect(server.visits(path).length).toBeLessThanOrEqual(visits);
  });

  it('and asks for the rest of the same content only', () => {
    expect(server.visits('/truncated')[1]).toEqual({ range: 'bytes=120000-', ifRange: '"1"' });
    const { ifRange } = server.visits('/truncated-by-date')[1]!;
    expect(ifRange).toBe('Wed, 01 Apr 2026 10:00:00 GMT');
    expect(server.visits('/unnamed')[1]).toEqual({});
  });
});

describe('a download from a hostile server ends with one named failure', () => {
  it.each([
    ['/truncated-always', DownloadFailed, 'the connection broke, after 120000 of 300000 bytes'],
    ['/other-length', ContentChanged, 'another part of it'],
    ['/part-of-nothing', DownloadRefused, 'with a part where the whole was asked for'],
    ['/changes-always', ContentChanged, 'its content changed meanwhile'],
    ['/forgets', DownloadFailed, 'status 404'],
    ['/silent', DownloadFailed, 'the server does not answer'],
    ['/fails', DownloadFailed, 'status 500'],
    ['/forbidden', DownloadRefused, 'status 403'],
    ['/missing', DownloadRefused, 'status 404'],
    ['/zstd', DownloadRefused, 'the encoding "zstd"'],
    ['/round', DownloadRefused, 'redirected more than 5 times'],
    ['/to-file', DownloadRefused, 'to an address of another kind, "file:"'],
    ['/to-data', DownloadRefused, 'to an address of another kind, "data:"'],
    ['/to-nothing', DownloadRefused, 'to an address that is not valid'],
  ])('%s', async (path, kind, words) => {
    const failing = fetchWhole(path, path === '/silent' ? { silenceMs: 300 } : {});
    await expect(failing).rejects.toThrow(kind);
    await expect(failing).rejects.toThrow(words);
  });

  it.each(['/gzip-broken', '/gzip-false'])(
    'when what is compressed is damaged: %s',
    async (path) => {
      expect(await findingOf(path)).toMatch(/compressed content/);
    },
  );

  it('when the server brings too little to wait for', async () => {
    const slow = { slownessMs: 300, leastBytesPerSecond: 1_000 };
    await expect(fetchWhole('/drips', slow)).rejects.toThrow(/at least 1000 are needed/);
  });

  it('when the whole takes too long', async () => {
    await expect(fetchWhole('/drips', { totalMs: 300 })).rejects.toThrow('more than 0.3 s');
  });

  it('when the server asks for more peace than is worth waiting, and leaves the host alone', async () => {
    await expect(fetchWhole('/busy-long')).rejects.toMatchObject({ retryAfterMs: 90_000 });
    await expect(fetchWhole('/whole')).rejects.toThrow(/asks to be left alone for \d+ s/);
    expect(server.visits('/busy-long')).toHaveLength(1);
  });

  it('when the run is stopped, with the reason of that', async () => {
    const stop = new AbortController();
    const url = `${server.base}/drips`;
    const options = { allowPrivateAddresses: true, signal: stop.signal };
    const running = downloadWhole(url, options, ({ body }) => buffer(body));
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await expect(running).rejects.toThrow('stopped');
  });

  it('and says no secret of the address', async () => {
    const url = `${server.base}/forbidden?X-Amz-Signature=abc`;
    const options = { allowPrivateAddresses: true, signal: new AbortController().signal };
    await expect(downloadStream(url, options)).rejects.toThrow(
      `Cannot download "${server.base}/forbidden?…" as the server answered with status 403`,
    );
  });
});

describe('a server that lies about the length', () => {
  const head = 'HTTP/1.1 200 OK\r\netag: "1"\r\n';

  it.each([
    [
      'more than there is',
      `${head}content-length: 100\r\n\r\n${'x'.repeat(60)}`,
      /after 60 of 100/,
    ],
    ['two lengths', `${head}content-length: 60\r\ncontent-length: 70\r\n\r\n`, /not as long as/],
    [
      'a length and chunks',
      `${head}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
      /not as long as/,
    ],
    [
      'no chunk',
      `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`,
      /not answer in HTTP|connection broke/,
    ],
    ['a negative one', `${head}content-length: -5\r\n\r\nxxxxx`, /not answer in HTTP/],
    ['nonsense', 'SSH-2.0-OpenSSH_9.2\r\n', /not answer in HTTP/],
  ])('%s: one named failure', async (_words, answer, words) => {
    const raw = await startRaw((socket) => socket.end(answer));
    await expect(fetchAddress(raw.url)).rejects.toThrow(words);
  });

  it('less than there is: those bytes that the message consists of', async () => {
    const raw = await startRaw((socket) => {
      socket.end(`${head}content-length: 40\r\n\r\n${'x'.repeat(40)}${'y'.repeat(60)}`);
    });
    const bytes = await fetchAddress(raw.url);
    expect(bytes.toString()).toBe('x'.repeat(40));
  });

  it('resets the connection in the middle: one named failure', async () => {
    const raw = await startRaw((socket) => {
      socket.write(`${head}content-length: 100\r\n\r\nxx`, () => socket.resetAndDestroy());
    });
    await expect(fetchAddress(raw.url)).rejects.toThrow(/connection broke/);
  });
});

describe('fetchImage() from a hostile server', () => {
  it('leaves one file of the right bytes, whatever was retried', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    const paths = ['/truncated', '/changes', '/ignores-range', '/gzip', '/whole', '/whole'];
    const fetched = await Promise.all(paths.map((path) => fetch(path, store)));
    expect(fetched.flatMap(({ findings }) => findings)).toEqual([]);
    const files = fetched.map(({ file }) => file);
    expect(new Set(files.map((file) => file!.sha256)).size).toBe(1);
    expect((await store.readBytes(files[0]!)).equals(content)).toBe(true);
    const folders = (await readdir(join(home, 'artifacts'))).sort();
    expect(folders).toEqual([files[0]!.sha256.slice(0, 2), 'tmp']);
    expect(await readdir(join(home, 'artifacts', 'tmp'))).toEqual([]);
  });

  it('stops a body without end at the limit, with its memory flat', async () => {
    const store = new ArtifactStore(await scratchFolder());
    const before = process.memoryUsage().rss;
    const { file, findings } = await fetch('/endless', store, 150e6);
    expect(file).toBeNull();
    expect(findings).toMatchObject([{ code: 'IMAGE_TOO_LARGE' }]);
    // 150 MB passed; a copy of them would be seen.
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('keeps at most eight connections to a host', async () => {
    const store = new ArtifactStore(await scratchFolder());
    const most = server.most();
    await Promise.all(Array.from({ length: 40 }, () => fetch('/slow', store)));
    expect(server.visits('/slow')).toHaveLength(40);
    expect(Math.max(most, server.most())).toBeLessThanOrEqual(8);
  });
});

async function startRaw(answer: (socket: Socket) => void) {
  const raw = await startRawServer(answer);
  raws.push(raw);
  return raw;
}

async function findingOf(path: string): Promise<string> {
  const { findings } = await fetch(path, new ArtifactStore(await scratchFolder()));
  expect(findings).toMatchObject([{ code: 'DOWNLOAD_FAILED', severity: 'error' }]);
  return findings[0]!.message;
}

function fetch(path: string, store: ArtifactStore, limitBytes = 1e9) {
  return fetchImage(
    { name: 'A.JPG', location: `${server.base}${path}` },
    {
      settings: readSettings({}),
      isServerLocal: true,
      store,
      owner: 'run-1',
      limitBytes,
      allowPrivateAddresses: true,
      signal: new AbortController().signal,
      isLastTry: true,
      limits,
    },
  );
}

function fetchWhole(path: string, more: object = {}): Promise<Buffer> {
  return fetchAddress(`${server.base}${path}`, more);
}

function fetchAddress(url: string, more: object = {}): Promise<Buffer> {
  const options = {
    allowPrivateAddresses: true,
    signal: new AbortController().signal,
    limits: { ...limits, ...more },
  };
  return downloadWhole(url, options, ({ body }) => buffer(body));
}
