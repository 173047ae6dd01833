import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import {
  ContentChanged,
  DownloadFailed,
  DownloadRefused,
  reasonOf,
  shownAddress,
} from './download-failures.ts';
import { type HttpPart, requestPart } from './download-request.ts';
import { drainingConnector } from './draining-connector.ts';
import { publicOnlyConnector } from './public-addresses.ts';
import { letGo, type Part, type ResumeLimits, resumedBody, waitBefore } from './resumed-body.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS_PER_HOST = 8;
/** Times that a file is begun anew as it changed, or cannot be gone on with. */
const MAX_STARTS = 4;

export interface DownloadLimits extends ResumeLimits {
  /** Longest silence of a server, before its headers and between two chunks. */
  silenceMs: number;
  /** For the whole file. */
  totalMs: number;
}

/** Every single wait stays below the heartbeat timeout of a batch, and the whole below its time. */
export const usualLimits: DownloadLimits = {
  silenceMs: 10_000,
  totalMs: 12 * 60_000,
  tries: 4,
  progressBytes: 1e6,
  firstWaitMs: 200,
  longestWaitMs: 5_000,
  leastBytesPerSecond: 1_000,
  slownessMs: 30_000,
};

export interface DownloadOptions {
  allowPrivateAddresses: boolean;
  signal: AbortSignal;
  /** Told with every chunk and every new try: while it is told, the download is alive. */
  onProgress?: () => void;
  /** In place of the usual ones. */
  limits?: Partial<DownloadLimits>;
}

export interface Download {
  body: Readable;
  mediaType: string | null;
  /** As the server states it; null when it does not, or sends the file compressed. */
  bytes: number | null;
}

/**
 * Opens a file on the network as a stream. A body that breaks off is gone on with where it stopped, as
 * long as the server vouches that the file is the same; compressed bodies are unpacked.
 *
 * @throws {DownloadRefused} when no retry can help: not found, not allowed, not a public address;
 * {DownloadFailed} when one may. The body fails with the same, or with {ContentChanged}.
 */
export async function downloadStream(url: string, options: DownloadOptions): Promise<Download> {
  const limits = { ...usualLimits, ...options.limits };
  const { allowPrivateAddresses, onProgress = () => undefined } = options;
  const address = addressOf(url);
  const shown = shownAddress(url);
  const time = AbortSignal.timeout(limits.totalMs);
  const signal = AbortSignal.any([options.signal, time]);
  const dispatcher = dispatcherFor(allowPrivateAddresses);
  const open = (from: number, before: Part | null): Promise<HttpPart> =>
    patiently(shown, limits, signal, onProgress, () =>
      requestPart(address, { dispatcher, signal, silenceMs: limits.silenceMs, from, before }),
    );
  const nameEnd = (error: unknown): unknown => {
    if (options.signal.aborted || !time.aborted) return error;
    return new DownloadFailed(
      `Cannot download "${shown}" as it takes more than ${limits.totalMs / 1000} s`,
    );
  };
  try {
    const first = await open(0, null);
    const chunks = resumedBody(first, open, { shown, limits, signal, onProgress });
    const whole = Readable.from(withNamedEnd(chunks, nameEnd), { objectMode: false });
    // A stream that is given up before it is read would keep its connection.
    whole.once('close', () => letGo(first.body));
    const body = unpacked(whole, first);
    const { mediaType, encoding, total } = first;
    return { body, mediaType, bytes: encoding === null ? total : null };
  } catch (error) {
    throw nameEnd(error);
  }
}

/**
 * Opens a file on the network and gives it to `take`; begins anew when its content changed on the way, so
 * what `take` made of a stream that failed must not count.
 */
export async function downloadWhole<Result>(
  url: string,
  options: DownloadOptions,
  take: (download: Download) => Promise<Result>,
): Promise<Result> {
  for (let start = 1; ; start++) {
    try {
      return await take(await downloadStream(url, options));
    } catch (error) {
      if (!(error instanceof ContentChanged) || start >= MAX_STARTS) throw error;
    }
  }
}

/** Closes kept connections, so that a process can end. */
export async function closeDownloads(): Promise<void> {
  const agents = [...dispatchers.values()];
  dispatchers.clear();
  await Promise.all(agents.map((agent) => agent.close()));
}

const dispatchers = new Map<boolean, Agent>();

/** Connections are kept, and shared by all downloads of a process under the same rule. */
export function dispatcherFor(allowPrivateAddresses: boolean): Dispatcher {
  const known = dispatchers.get(allowPrivateAddresses);
  if (known !== undefined) return known;
  const options = { timeout: CONNECT_TIMEOUT_MS };
  const agent = new Agent({
    connect: drainingConnector(
      allowPrivateAddresses ? buildConnector(options) : publicOnlyConnector(options),
    ),
    connections: MAX_CONNECTIONS_PER_HOST,
  });
  dispatchers.set(allowPrivateAddresses, agent);
  return agent;
}

/** @throws {DownloadRefused} when it is no address to download from. */
export function addressOf(url: string): URL {
  const refuse = (words: string) =>
    new DownloadRefused(`Cannot download "${shownAddress(url)}" as ${words}`);
  if (!URL.canParse(url)) throw refuse('the address is not valid');
  const address = new URL(url);
  if (!/^https?:$/.test(address.protocol)) throw refuse('it is no http or https address');
  return address;
}

/** Asks again as long as a failure may pass and the wait that it asks for is short. */
export async function patiently<Result>(
  shown: string,
  limits: DownloadLimits,
  signal: AbortSignal,
  onProgress: () => void,
  ask: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DownloadRefused || error instanceof ContentChanged) throw error;
      const failure =
        error instanceof DownloadFailed
          ? error
          : new DownloadFailed(`Cannot download "${shown}" as ${reasonOf(error)}`);
      const waitMs = Math.max(failure.retryAfterMs ?? 0, waitBefore(attempt, limits));
      if (attempt >= limits.tries || waitMs > limits.silenceMs) throw failure;
      await sleep(waitMs, undefined, { signal });
      onProgress();
    }
  }
}

async function* withNamedEnd(
  chunks: AsyncGenerator<Buffer>,
  nameEnd: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    throw nameEnd(error);
  }
}

/** No server is asked to compress, and some do. The limit on the stored file bounds what comes out. */
function unpacked(body: Readable, { encoding }: HttpPart): Readable {
  if (encoding === null) return body;
  const unpack = unpackers[encoding];
  if (unpack === undefined) {
    body.destroy();
    throw new DownloadRefused(`Cannot download a file that is sent in the encoding "${encoding}"`);
  }
  const unpacking = unpack();
  // Whoever reads the stream is told; here there is nothing left to do.
  pipeline(body, unpacking, () => undefined);
  return unpacking;
}

const unpackers: Record<string, () => Readable & NodeJS.WritableStream> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
