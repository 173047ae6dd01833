import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Larger than what connections hold on their way, and nowhere equal to itself shifted. */
export const content = Buffer.from(
  Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) % 251),
);
export const otherContent = Buffer.from(content).reverse();

/** One answer of a server: which of them it is, and the byte that was asked for. */
export interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  /** 1 for the first request of this path. */
  time: number;
  /** From `Range`; null when there is none. */
  from: number | null;
}

export interface HostileServer {
  base: string;
  /** Requests of a path so far, with the headers that matter. */
  visits: (path: string) => { range?: string; ifRange?: string }[];
  /** Most requests that were in work at the same time. */
  most: () => number;
  close: () => Promise<void>;
}

/** A server on the loopback address that answers each path as it is told. */
export async function startHostileServer(
  answers: Record<string, (visit: Visit) => void>,
): Promise<HostileServer> {
  const seen = new Map<string, { range?: string; ifRange?: string }[]>();
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++open);
    response.on('close', () => open--);
    const path = request.url!.split('?')[0]!;
    const { range, 'if-range': ifRange } = request.headers;
    const visits = [...(seen.get(path) ?? []), { range, ifRange: ifRange as string | undefined }];
    seen.set(path, visits as { range?: string; ifRange?: string }[]);
    const from = range === undefined ? null : Number(/bytes=(\d+)-/.exec(range)![1]);
    const answer = answers[path] ?? (() => response.writeHead(404).end());
    answer({ request, response, time: visits.length, from });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits: (path) => seen.get(path) ?? [],
    most: () => most,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A server that writes what no HTTP library would, once the request has arrived. */
export async function startRawServer(
  answer: (socket: Socket) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/raw`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The rest of the content, as a good server sends it. */
export function sendRest({ response }: Visit, from: number, etag: string, whole = content): void {
  response.writeHead(206, {
    etag,
    'content-length': whole.length - from,
    'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}`,
  });
  response.end(whole.subarray(from));
}

export function sendWhole({ response }: Visit, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-length': content.length, ...headers }).end(content);
}

/** Sends the head of a body and cuts the connection when it has gone out. */
export function breakOff(
  { response }: Visit,
  bytes: number,
  headers: Record<string, string> = {},
  whole = content,
): void {
  response.writeHead(200, { 'content-length': whole.length, ...headers });
  response.write(whole.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
}

export const compressed = gzipSync(content);
