import type { Readable } from 'node:stream';
import { Agent, buildConnector, type Dispatcher, interceptors, request } from 'undici';
import { PrivateAddress, publicOnlyConnector } from './public-addresses.ts';

/** The server, or our own rules, said no: asking again gives the same answer. */
export class DownloadRefused extends Error {}

const CONNECT_TIMEOUT_MS = 5_000;
/** Longest silence of a server, before its headers and between two chunks; below every heartbeat timeout. */
const SILENCE_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS_PER_HOST = 8;
const MAX_REDIRECTS = 5;
/** Tries within one call, resuming where the body broke off; what still fails is retried by Temporal. */
const MAX_RETRIES = 3;
const MAX_RETRY_WAIT_MS = 5_000;

export interface Download {
  body: Readable;
  mediaType: string | null;
  /** As the server states it; null when it does not. */
  bytes: number | null;
}

/**
 * Opens a file on the network as a stream. A broken body is resumed (Range, ETag) a few times before
 * the stream fails.
 *
 * @throws {DownloadRefused} when no retry can help: not found, not allowed, not a public address.
 */
export async function downloadStream(
  url: string,
  { allowPrivateAddresses, signal }: { allowPrivateAddresses: boolean; signal: AbortSignal },
): Promise<Download> {
  const { statusCode, headers, body } = await request(url, {
    dispatcher: dispatcherFor(allowPrivateAddresses),
    signal,
  }).catch((error: unknown) => {
    throw refusalOf(error) ?? error;
  });
  if (statusCode !== 200) {
    await body.dump();
    throw statusFailure(url, statusCode);
  }
  return {
    body,
    mediaType: firstOf(headers['content-type'])?.split(';')[0]?.trim() ?? null,
    bytes: Number(firstOf(headers['content-length']) ?? Number.NaN) || null,
  };
}

/** Closes kept connections, so that a process can end. */
export async function closeDownloads(): Promise<void> {
  const agents = [...dispatchers.values()];
  dispatchers.clear();
  await Promise.all(agents.map(({ agent }) => agent.close()));
}

const dispatchers = new Map<boolean, { agent: Agent; dispatcher: Dispatcher }>();

function dispatcherFor(allowPrivateAddresses: boolean): Dispatcher {
  const known = dispatchers.get(allowPrivateAddresses);
  if (known !== undefined) return known.dispatcher;
  const options = { timeout: CONNECT_TIMEOUT_MS };
  const agent = new Agent({
    connect: allowPrivateAddresses ? buildConnector(options) : publicOnlyConnector(options),
    connections: MAX_CONNECTIONS_PER_HOST,
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
  });
  const dispatcher = agent.compose(
    interceptors.redirect({ maxRedirections: MAX_REDIRECTS }),
    interceptors.retry({ maxRetries: MAX_RETRIES, minTimeout: 200, maxTimeout: MAX_RETRY_WAIT_MS }),
  );
  dispatchers.set(allowPrivateAddresses, { agent, dispatcher });
  return dispatcher;
}

function statusFailure(url: string, status: number): Error {
  const message = `Cannot download "${url}" as the server answered with status ${status}`;
  const mayPass = status >= 500 || status === 408 || status === 425 || status === 429;
  return mayPass ? new Error(message) : new DownloadRefused(message);
}

function refusalOf(error: unknown): DownloadRefused | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof PrivateAddress) return new DownloadRefused(cause.message);
    if (cause instanceof TypeError && cause.message.includes('URL')) {
      return new DownloadRefused(`Cannot download as the address is not valid: ${cause.message}`);
    }
  }
  return undefined;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
