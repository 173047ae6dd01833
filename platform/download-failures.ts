/** The server, or our own rules, said no: asking again gives the same answer. */
export class DownloadRefused extends Error {}

/** It did not work this time, and may work the next. */
export class DownloadFailed extends Error {
  /** How long the server asks to be left alone; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, { retryAfterMs = null }: { retryAfterMs?: number | null } = {}) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** What was received so far belongs to a file that is no longer there: it has to be fetched from its start. */
export class ContentChanged extends DownloadFailed {}

/**
 * An address as sentences and logs may show it: without its query and user, which may hold secrets.
 *
 * @example
 * shownAddress('https://me:key@x.org/a.jpg?signature=abc'); // 'https://x.org/a.jpg?…'
 */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return address.replace(/\?.*$/s, '?…');
  const url = new URL(address);
  const query = url.search === '' ? '' : '?…';
  return `${url.protocol}//${url.host}${url.pathname}${query}`;
}

/** Why a connection or a file gave nothing, in words; the codes are those of Node, undici and its parser. */
export function reasonOf(error: unknown): string {
  const words = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  const code = String(words);
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return 'the server does not answer in HTTP';
  }
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

const broken = 'the connection broke';
const noRoute = 'there is no way to its host';

const forbidden = 'the workers may not read it';

const reasons: Record<string, string> = {
  EACCES: forbidden,
  EPERM: forbidden,
  EISDIR: 'it is a folder',
  EIO: 'its disk cannot read it',
  ECONNREFUSED: 'its host takes no connection',
  ECONNRESET: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the body is not as long as the server says',
  UND_ERR_CONNECT_TIMEOUT: 'its host does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'the server does not answer',
  UND_ERR_BODY_TIMEOUT: 'the server fell silent',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too long',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'the name of its host cannot be looked up now',
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  Z_DATA_ERROR: 'its compressed content is damaged',
  Z_BUF_ERROR: 'its compressed content breaks off',
};
