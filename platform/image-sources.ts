import { createReadStream } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import type { ImageOrigin } from '../contracts/automation.ts';
import { InvalidInput, MissingSource } from '../contracts/failures.ts';
import { downloadStream } from './download.ts';
import { DownloadRefused } from './download-failures.ts';

/** A hundred thousand long addresses have some twenty megabytes. */
const MAX_LIST_BYTES = 64e6;

/** Control characters, line separators, and what turns the direction of text around. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A name as terminals, pages and sentences can show it: characters that they would obey are written as %XX.
 *
 * @example
 * printableName('A\n.JPG'); // 'A%0A.JPG'
 */
export function printableName(name: string): string {
  return name.replace(unprintable, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** One file, and where it is fetched from: an absolute path or an address. */
export interface NamedSource {
  name: string;
  location: string;
}

export interface NetworkOptions {
  allowPrivateAddresses: boolean;
  signal: AbortSignal;
}

/**
 * Every file that an origin stands for, in code-unit order of name. A list names paths below its own
 * folder, or addresses; which files of a folder count is the caller's to say.
 *
 * @param filesBelow gives the absolute paths of the files that count below a folder, and the folder
 * that their names are relative to.
 * @throws {InvalidInput} or {MissingSource} when no retry can help.
 */
export async function listSources(
  { kind, location }: ImageOrigin,
  filesBelow: (folder: string) => Promise<{ root: string; paths: string[] }>,
  options: NetworkOptions,
): Promise<NamedSource[]> {
  switch (kind) {
    case 'folder': {
      const { root, paths } = await filesBelow(location);
      return inOrderOfName(paths.map((path) => ({ name: nameBelow(root, path), location: path })));
    }
    case 'file':
      return [{ name: basename(location), location }];
    case 'url':
      return [{ name: nameOfUrl(location), location }];
    case 'list':
      return sourcesOfList(await listText(createReadStream(location), location), location);
    case 'url-list':
      return sourcesOfList(await downloadList(location, options), location);
    case 'archive':
    case 'bucket':
      throw new InvalidInput(
        `Cannot read files from "${location}": give their folder, or a list of files or http(s) addresses`,
      );
  }
}

/** Whether a location is an object or a prefix of a bucket. */
export function isBucketAddress(location: string): boolean {
  return /^s3:\/\//i.test(location);
}

/** Whether a location is fetched by HTTP. */
export function isAddress(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/**
 * The entries of a list file: one path or address a line. Blank lines and lines that start with `#` are
 * passed over; a byte order mark and CRLF do no harm.
 *
 * @example
 * namesInList('# flight 7\nA.JPG\r\n\nB.JPG'); // ['A.JPG', 'B.JPG']
 */
export function namesInList(content: string): string[] {
  return content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The sources that a list names, which lies at a path or an address. */
export function sourcesOfList(content: string, listLocation: string): NamedSource[] {
  const sources = namesInList(content).map((entry): NamedSource => {
    if (isAddress(entry) || isBucketAddress(entry)) {
      return { name: nameOfUrl(entry), location: entry };
    }
    if (isAddress(listLocation) || isBucketAddress(listLocation)) {
      return { name: entry, location: new URL(entry, listLocation).href };
    }
    return sourceBelow(dirname(listLocation), entry, listLocation);
  });
  return inOrderOfName(withUniqueNames(sources));
}

function sourceBelow(folder: string, entry: string, listLocation: string): NamedSource {
  const path = resolve(folder, entry);
  const below = relative(folder, path);
  if (below.startsWith('..') || isAbsolute(below)) {
    throw new InvalidInput(
      `Cannot read list "${listLocation}" as it names a file outside its own folder: "${entry}"`,
    );
  }
  return { name: nameBelow(folder, path), location: path };
}

/** The text of a list. @throws {InvalidInput} when it is no list of any flight, by its length. */
export async function listText(body: Readable, location: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_LIST_BYTES) {
      throw new InvalidInput(
        `Cannot read list "${location}" as it is longer than ${MAX_LIST_BYTES / 1e6} megabytes: cut it into several`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function downloadList(url: string, options: NetworkOptions): Promise<string> {
  try {
    return await listText((await downloadStream(url, options)).body, url);
  } catch (error) {
    if (error instanceof DownloadRefused) throw new MissingSource(error.message);
    throw error;
  }
}

function nameOfUrl(url: string): string {
  if (!URL.canParse(url)) {
    throw new InvalidInput(`Cannot read the address "${url}": it is not valid`);
  }
  const { pathname, hostname } = new URL(url);
  return basename(pathname) || hostname;
}

export function nameBelow(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** Two addresses may end alike: the later ones are told apart by a number. */
export function withUniqueNames<Source extends NamedSource>(sources: readonly Source[]): Source[] {
  const timesSeen = new Map<string, number>();
  return sources.map((source) => {
    const times = (timesSeen.get(source.name) ?? 0) + 1;
    timesSeen.set(source.name, times);
    return times === 1 ? source : { ...source, name: `${source.name}#${times}` };
  });
}

export function inOrderOfName<Source extends NamedSource>(sources: Source[]): Source[] {
  return sources.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
