import type { Readable } from 'node:stream';
import { upTo } from '../../platform/body-bytes.ts';
import { type BucketSourceOptions, takeObject } from '../../platform/bucket-source.ts';
import { downloadStream } from '../../platform/download.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { isBucketAddress } from '../../platform/image-sources.ts';
import {
  companionKind,
  maskBeside,
  namesBeside,
  type WantedBeside,
} from '../model/companion-names.ts';
import { type Beside, type CompanionBytes, mostBytes, tooLong } from './scene-companions.ts';

/**
 * Small files beside one on the network, by the few names that they usually have: servers list no folders.
 * What is not there, or not allowed, is none; a page in its place is none, too.
 *
 * @param wanted see `namesBeside`.
 * @throws {DownloadFailed} when the network fails and asking again may help.
 */
export async function companionsAfar(
  location: string,
  wanted: WantedBeside,
  options: BucketSourceOptions,
): Promise<Beside<CompanionBytes>> {
  const beside: Beside<CompanionBytes> = { found: [], warnings: [] };
  const { name: own, at } = neighborsOf(location);
  for (const name of namesBeside(own, wanted)) {
    const kind = companionKind(own, name);
    if (kind === null || beside.found.some((known) => known.kind === kind)) continue;
    const most = mostBytes(kind);
    const bytes = await bytesAt(at(name), most, options);
    if (bytes === null || isPage(bytes)) continue;
    if (bytes.length > most) beside.warnings.push(tooLong(name, kind));
    else beside.found.push({ kind, name, bytes });
  }
  return beside;
}

/** The address of the mask beside a TIFF; null for a file that has none of its own. */
export function maskAddress(location: string): string | null {
  const { name, at } = neighborsOf(location);
  const mask = maskBeside(name);
  return companionKind(name, mask) === 'mask' ? at(mask) : null;
}

/** The name of what an address leads to, and addresses beside it: what signs it may hold for them, too. */
function neighborsOf(location: string): { name: string; at: (name: string) => string } {
  const [path, rest] = isBucketAddress(location)
    ? [location, '']
    : [/^[^?#]*/.exec(location)![0], /[?][^#]*/.exec(location)?.[0] ?? ''];
  const slash = path.lastIndexOf('/');
  return {
    name: path.slice(slash + 1),
    at: (name) => `${path.slice(0, slash + 1)}${name}${rest}`,
  };
}

/** @returns null for what is not there; one byte more than may be read of what is longer. */
async function bytesAt(
  location: string,
  most: number,
  options: BucketSourceOptions,
): Promise<Buffer | null> {
  const take = (body: Readable) => upTo(most + 1, body);
  // What is given up before its end would be taken for broken off, and asked for again.
  const done = new AbortController();
  const own = { ...options, signal: AbortSignal.any([options.signal, done.signal]) };
  try {
    return isBucketAddress(location)
      ? await takeObject(location, own, take)
      : await take((await downloadStream(location, own)).body);
  } catch (error) {
    if (error instanceof DownloadRefused) return null;
    throw error;
  } finally {
    done.abort();
  }
}

/** Some servers answer with a page of their own, and that all is well. */
function isPage(bytes: Buffer): boolean {
  return /^\s*<(?:!doctype\s+html|html)\b/i.test(bytes.subarray(0, 256).toString('latin1'));
}
