import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before the files: true when it has answered itself. */
export type RangeFault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface RangeServer {
  base: string;
  /** Bodies that can be asked for, by path. */
  files: Map<string, { body: Buffer; type?: string; etag?: string }>;
  /** What was sent of each path. */
  sent: { path: string; bytes: number; range: string | null }[];
  /** Paths in the order of the requests, also of what is not there. */
  asked: string[];
  /** False for a server that knows no parts. */
  hasRanges: boolean;
  fault: RangeFault | null;
  sentBytes: (path: string) => number;
  stop: () => Promise<void>;
}

/** A file server on a free port that counts the bytes it sends. */
export async function startRangeServer(): Promise<RangeServer> {
  const http = createServer((request, response) => {
    if (server.fault?.(request, response) === true) return;
    const path = request.url!.split('?')[0]!;
    server.asked.push(path);
    const file = server.files.get(path);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const etag = file.etag ?? `"${file.body.length}"`;
    const wanted = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const isSame = [undefined, etag].includes(request.headers['if-range'] as string | undefined);
    const headers = { etag, 'content-type': file.type ?? 'application/octet-stream' };
    if (wanted === null || !server.hasRanges || !isSame) {
      server.sent.push({ path, bytes: file.body.length, range: null });
      response.writeHead(200, { ...headers, 'content-length': file.body.length }).end(file.body);
      return;
    }
    const start = Number(wanted[1]);
    if (start >= file.body.length) {
      response.writeHead(416, { 'content-range': `bytes */${file.body.length}` }).end();
      return;
    }
    const end = Math.min(Number(wanted[2]), file.body.length - 1);
    const body = file.body.subarray(start, end + 1);
    server.sent.push({ path, bytes: body.length, range: `${start}-${end}` });
    response
      .writeHead(206, {
        ...headers,
        'content-length': body.length,
        'content-range': `bytes ${start}-${end}/${file.body.length}`,
      })
      .end(body);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: RangeServer = {
    base: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    files: new Map(),
    sent: [],
    asked: [],
    hasRanges: true,
    fault: null,
    sentBytes: (path) =>
      server.sent.filter((one) => one.path === path).reduce((sum, { bytes }) => sum + bytes, 0),
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}
