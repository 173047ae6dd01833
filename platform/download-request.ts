import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import {
  ContentChanged,
  DownloadFailed,
  DownloadRefused,
  shownAddress,
} from './download-failures.ts';
import { PrivateAddress } from './public-addresses.ts';
import { letGo, type Part } from './resumed-body.ts';

const MAX_REDIRECTS = 5;

/** A part, and what its headers say about the file. */
export interface HttpPart extends Part {
  mediaType: string | null;
  /** `gzip`, `br`, `deflate`; null when the bytes are those of the file. */
  encoding: string | null;
}

export interface PartRequest {
  dispatcher: Dispatcher;
  signal: AbortSignal;
  silenceMs: number;
  /** Bytes that are there already; 0 for the whole file. */
  from: number;
  /** The part that they came with; null for the whole file. */
  before: Part | null;
}

/**
 * Asks a server for a file, or for the rest of it if it is still the same (Range, If-Range).
 *
 * @throws {DownloadRefused} when no retry can help, {ContentChanged} when the rest is of another file,
 * {DownloadFailed} with the time to wait when the server is busy.
 */
export async function requestPart(url: URL, options: PartRequest): Promise<HttpPart> {
  const { from, before } = options;
  const rest: Record<string, string> =
    from === 0 || before === null || before.validator === null
      ? {}
      : { range: `bytes=${from}-`, 'if-range': before.validator };
  const answer = await follow(url, options, rest);
  try {
    const part = readPart(url, answer);
    if (from === 0 || before === null) {
      if (answer.statusCode === 200) return part;
      throw new DownloadRefused(
        `Cannot download "${shownAddress(url.href)}" as the server answered with a part where the whole was asked for`,
      );
    }
    return restOf(url, answer, part, from, before);
  } catch (error) {
    letGo(answer.body);
    throw error;
  }
}

function readPart(url: URL, { headers, statusCode, body }: Answer): HttpPart {
  if (statusCode !== 200 && statusCode !== 206) throw statusFailure(url, statusCode, headers);
  const stated = header(headers, 'content-length');
  return {
    body,
    skip: 0,
    total: stated === undefined ? null : Number(stated),
    validator: validatorIn(headers),
    mediaType: header(headers, 'content-type')?.split(';')[0]?.trim() || null,
    encoding: encodingIn(headers),
  };
}

function restOf(
  url: URL,
  { statusCode, headers }: Answer,
  part: HttpPart,
  from: number,
  before: Part,
): HttpPart {
  const changed = (words: string) =>
    new ContentChanged(`Cannot go on with "${shownAddress(url.href)}" as ${words}`);
  if (part.validator !== null && part.validator !== before.validator) {
    throw changed('its content changed meanwhile');
  }
  if (statusCode === 200) {
    if (part.validator === null)
      throw changed('the server began anew, with what may be another file');
    if (before.total !== null && part.total !== null && before.total !== part.total) {
      throw changed('its length changed meanwhile');
    }
    return { ...part, skip: from };
  }
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header(headers, 'content-range') ?? '');
  const [, first, last, whole] = range ?? [];
  const total = whole === undefined || whole === '*' ? before.total : Number(whole);
  const isTheRest =
    Number(first) === from &&
    (total === null || (total === (before.total ?? total) && Number(last) === total - 1));
  if (!isTheRest) throw changed('the server answered with another part of it');
  return { ...part, total, validator: before.validator };
}

export type Answer = Dispatcher.ResponseData;
type Headers = Answer['headers'];
type Way = Pick<PartRequest, 'dispatcher' | 'signal' | 'silenceMs'>;

/** By hand, as the rules for addresses hold for every step of the way. */
export async function follow(
  start: URL,
  options: Way,
  headers: Record<string, string>,
): Promise<Answer> {
  const { dispatcher, signal, silenceMs } = options;
  let url = start;
  for (let step = 0; step <= MAX_REDIRECTS; step++) {
    await leaveInPeace(url, options);
    const answer = await request(url, {
      dispatcher,
      signal,
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      headers: { 'accept-encoding': 'identity', ...headers },
    }).catch((error: unknown) => {
      throw refusalIn(error) ?? error;
    });
    noteBusy(url, answer);
    const target = header(answer.headers, 'location');
    if (![301, 302, 303, 307, 308].includes(answer.statusCode) || target === undefined)
      return answer;
    letGo(answer.body);
    url = nextAddress(url, target);
  }
  throw new DownloadRefused(
    `Cannot download "${shownAddress(start.href)}" as it is redirected more than ${MAX_REDIRECTS} times`,
  );
}

function nextAddress(from: URL, target: string): URL {
  const refuse = (words: string) =>
    new DownloadRefused(
      `Cannot download "${shownAddress(from.href)}" as it is redirected ${words}`,
    );
  if (!URL.canParse(target, from.href)) throw refuse('to an address that is not valid');
  const url = new URL(target, from.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse(`to an address of another kind, "${url.protocol}"`);
  }
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw refuse('from https to http, where anybody could change it');
  }
  return url;
}

function refusalIn(error: unknown): DownloadRefused | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof PrivateAddress) return new DownloadRefused(cause.message);
  }
  return undefined;
}

const peaceUntil = new Map<string, number>();

/** A host that asked to be left alone is, by all downloads of this process. */
async function leaveInPeace(url: URL, { signal, silenceMs }: Way): Promise<void> {
  const waitMs = (peaceUntil.get(url.origin) ?? 0) - Date.now();
  if (waitMs <= 0) return;
  if (waitMs > silenceMs) throw busy(url, waitMs);
  await sleep(waitMs, undefined, { signal });
}

function noteBusy(url: URL, { statusCode, headers }: Answer): void {
  if (statusCode !== 429 && statusCode !== 503) return;
  const retryAfterMs = retryAfterIn(headers);
  if (retryAfterMs !== null) peaceUntil.set(url.origin, Date.now() + retryAfterMs);
}

/** For a process that starts over, such as a test. */
export function forgetBusyHosts(): void {
  peaceUntil.clear();
}

function busy(url: URL, retryAfterMs: number): DownloadFailed {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new DownloadFailed(
    `Cannot download "${shownAddress(url.href)}" as its server is busy and asks to be left alone for ${seconds} s`,
    { retryAfterMs },
  );
}

export function statusFailure(url: URL, status: number, headers: Headers): Error {
  const message = `Cannot download "${shownAddress(url.href)}" as the server answered with status ${status}`;
  if (status === 416 || status === 412) {
    return new ContentChanged(`${message}: what was received is not the beginning of what it has`);
  }
  const mayPass = status >= 500 || [408, 425, 429].includes(status);
  if (!mayPass) return new DownloadRefused(message);
  return new DownloadFailed(message, { retryAfterMs: retryAfterIn(headers) });
}

/** Seconds, or a date; at most a day, as nobody waits longer. */
function retryAfterIn(headers: Headers): number | null {
  const stated = header(headers, 'retry-after');
  if (stated === undefined) return null;
  const ms = /^\d+$/.test(stated) ? Number(stated) * 1000 : Date.parse(stated) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 86_400_000) : null;
}

/** A strong ETag, else the time of the last change; a weak ETag does not promise the same bytes. */
export function validatorIn(headers: Headers): string | null {
  const etag = header(headers, 'etag');
  if (etag?.startsWith('"')) return etag;
  return header(headers, 'last-modified') ?? null;
}

export function encodingIn(headers: Headers): string | null {
  const encoding = header(headers, 'content-encoding')?.trim().toLowerCase();
  return encoding === undefined || encoding === '' || encoding === 'identity' ? null : encoding;
}

export function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
