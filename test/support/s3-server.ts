import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as forward,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe } from '@jest/globals';
import { findFreePort } from '../../platform/free-port.ts';

const START_LIMIT_MS = 60_000;
const POLL_MS = 100;

/** `moto[server]` of the Python package index, where somebody has installed it. */
export async function hasS3Server(): Promise<boolean> {
  return promisify(execFile)('python3', ['-c', 'import moto.server, flask_cors']).then(
    () => true,
    () => false,
  );
}

/** Tests against a real S3-compatible server; skipped loudly where there is none. */
export async function describeWithS3(name: string, tests: () => void): Promise<void> {
  if (await hasS3Server()) {
    describe(name, tests);
    return;
  }
  console.warn(`SKIPPED "${name}": no S3 server here, install it by pip install "moto[server]"`);
  describe.skip(name, tests);
}

/** What stands between a client and the server: true when it has answered itself. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface S3Server {
  /** For `SKYLOOM_S3_ENDPOINT`. */
  endpoint: string;
  requests: { method: string; path: string }[];
  /** Bytes of all bodies that were sent. */
  sentBytes: number;
  /** Set it to have requests fail. */
  fault: Fault | null;
  makeBucket: (name: string) => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts the server on a free port, with a door before it that counts and spoils requests. */
export async function startS3Server(): Promise<S3Server> {
  const port = await findFreePort();
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const base = `http://127.0.0.1:${port}`;
  await untilUp(base, child);
  const server: S3Server = {
    endpoint: '',
    requests: [],
    sentBytes: 0,
    fault: null,
    makeBucket: async (name) => {
      const answer = await fetch(`${base}/${name}`, { method: 'PUT' });
      if (!answer.ok) throw new Error(`Cannot make bucket "${name}": ${await answer.text()}`);
    },
    stop: async () => {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
  const door = createServer((incoming, response) => {
    server.requests.push({ method: incoming.method!, path: incoming.url! });
    if (server.fault?.(incoming, response) === true) return;
    const { method, headers, url } = incoming;
    const onward = forward(`${base}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.on('data', (chunk: Buffer) => (server.sentBytes += chunk.length));
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  server.endpoint = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  return server;
}

/** Answers as S3 does when it refuses. */
export function refuse(response: ServerResponse, status: number, code: string): true {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
  return true;
}

async function untilUp(base: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const isUp = await fetch(`${base}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error('Cannot start the S3 server');
}
