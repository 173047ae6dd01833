import { type ByteSource, NoParts } from './byte-source.ts';
import { bodyOf } from './body-bytes.ts';
import {
  addressOf,
  type DownloadOptions,
  dispatcherFor,
  patiently,
  usualLimits,
} from './download.ts';
import { ContentChanged, DownloadRefused, shownAddress } from './download-failures.ts';
import {
  type Answer,
  encodingIn,
  follow,
  header,
  statusFailure,
  validatorIn,
} from './download-request.ts';
import { letGo } from './resumed-body.ts';

/** Bytes of the first request, which tells the length, too: most headers are shorter. */
const FIRST_BYTES = 16_384;

interface PartOfFile {
  bytes: Buffer;
  total: number;
  validator: string | null;
}

/**
 * Opens a file on the network to read parts of it. Parts that are asked for later have to be of the same
 * content as the first, as far as the server names it (ETag, Last-Modified) or tells its length.
 *
 * @throws {NoParts} when its server sends whole files only, {DownloadRefused} when no retry can help,
 * {DownloadFailed} when one may. So does reading, and {ContentChanged} when the file is another one.
 */
export async function openAddressSource(
  url: string,
  options: DownloadOptions,
): Promise<ByteSource> {
  const address = addressOf(url);
  const shown = shownAddress(url);
  const limits = { ...usualLimits, ...options.limits };
  const { allowPrivateAddresses, signal, onProgress = () => undefined } = options;
  const way = { dispatcher: dispatcherFor(allowPrivateAddresses), signal, ...limits };
  const ask = (offset: number, length: number, before: PartOfFile | null) =>
    patiently(shown, limits, signal, onProgress, async () => {
      const range = { range: `bytes=${offset}-${offset + length - 1}` };
      const same = before?.validator ? { 'if-range': before.validator } : {};
      const answer = await follow(address, way, { ...range, ...same });
      try {
        return await partIn(address, answer, { offset, length, before });
      } finally {
        letGo(answer.body);
      }
    });
  const first = await ask(0, FIRST_BYTES, null);
  return {
    shown,
    size: first.total,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, first.total - offset));
      if (offset + wanted <= first.bytes.length) {
        return first.bytes.subarray(offset, offset + wanted);
      }
      return (await ask(offset, wanted, first)).bytes;
    },
    close: async () => undefined,
  };
}

async function partIn(
  url: URL,
  { statusCode, headers, body }: Answer,
  { offset, length, before }: { offset: number; length: number; before: PartOfFile | null },
): Promise<PartOfFile> {
  const shown = shownAddress(url.href);
  const validator = validatorIn(headers);
  if (statusCode === 416 && before === null) {
    throw new DownloadRefused(`Cannot read "${shown}" as it is empty`);
  }
  if (statusCode !== 200 && statusCode !== 206) throw statusFailure(url, statusCode, headers);
  if (before !== null && (statusCode === 200 || validator !== before.validator)) {
    throw new ContentChanged(`Cannot go on reading "${shown}" as its content changed meanwhile`);
  }
  const stated = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header(headers, 'content-range') ?? '');
  if (statusCode === 200 || stated === null || encodingIn(headers) !== null) {
    throw new NoParts(`Cannot read parts of "${shown}" as its server sends whole files only`);
  }
  const [first, last, total] = stated.slice(1).map(Number) as [number, number, number];
  const wanted = Math.min(length, total - offset);
  if (first !== offset || last - first + 1 !== wanted || total !== (before?.total ?? total)) {
    throw new DownloadRefused(
      `Cannot read parts of "${shown}" as its server answers with other parts than were asked for`,
    );
  }
  return { bytes: await bodyOf(body, wanted, shown), total, validator };
}
