import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidInput, MissingSource } from '../../contracts/failures.ts';
import { mapWindow } from '../../durable/map-window.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { type BucketSourceOptions, takeObject } from '../../platform/bucket-source.ts';
import { downloadStream } from '../../platform/download.ts';
import { isAddress, isBucketAddress, listText } from '../../platform/image-sources.ts';
import {
  footprintOfItem,
  parseStac,
  referenceAsset,
  statedErrorOf,
  type StacDocument,
} from '../model/stac-references.ts';
import type { ListedReference } from './list-references.ts';

/** Documents that are read of one catalog, those of items among them. */
const MAX_DOCUMENTS = 3000;
const MAX_DEPTH = 4;
/** Documents that are asked for at a time. */
const LANES = 8;

/**
 * The files of a STAC document and of those that it links to, one an item.
 *
 * @returns null when the document is none of STAC.
 * @throws {InvalidInput} when there are more than can be listed, or one lies where it may not.
 */
export async function listStac(
  location: string,
  options: BucketSourceOptions & { maxFiles: number },
): Promise<ListedReference[] | null> {
  const seen = new Set([location]);
  const files: ListedReference[] = [];
  const root = dirname(location);
  let level = [location];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const documents = await mapWindow(level, LANES, async (place) => ({
      place,
      document: parseStac(await readJsonAt(place, options)),
    }));
    const next: string[] = [];
    for (const { place, document } of documents) {
      if (document === null) {
        if (place === location) return null;
        throw new InvalidInput(
          `Cannot read the catalog "${location}" as "${place}" is no document of STAC`,
        );
      }
      files.push(...filesOf(document, place, root));
      for (const href of linksOf(document)) {
        const linked = resolved(href, place, root);
        if (seen.has(linked)) continue;
        seen.add(linked);
        next.push(linked);
      }
    }
    if (files.length > options.maxFiles || seen.size > MAX_DOCUMENTS) {
      throw new InvalidInput(
        `Cannot read the catalog "${location}" as it may have ${options.maxFiles} items: give a smaller part of it, such as a list of items in one area`,
      );
    }
    options.onProgress?.();
    // Pages of one list follow each other, however many there are.
    if (documents.every(({ document }) => (document?.pageLinks.length ?? 0) > 0)) depth--;
    level = next;
  }
  return files;
}

function linksOf({ itemLinks, childLinks, pageLinks }: StacDocument): string[] {
  return [...itemLinks, ...childLinks, ...pageLinks];
}

function filesOf({ items }: StacDocument, place: string, root: string): ListedReference[] {
  return items.flatMap((item) => {
    const asset = referenceAsset(item);
    if (asset === null) return [];
    const statedErrorMeters = statedErrorOf(item);
    return [
      {
        name: item.id,
        location: resolved(asset.href, place, root),
        footprint: footprintOfItem(item),
        ...(statedErrorMeters === null ? {} : { statedErrorMeters }),
      },
    ];
  });
}

/** A link of a document on this machine stays below the folder of the first: else it could name any file. */
function resolved(href: string, place: string, root: string): string {
  if (isAddress(href) || isBucketAddress(href)) return href;
  if (isAddress(place) || isBucketAddress(place)) {
    const target = URL.canParse(href, place) ? new URL(href, place).href : '';
    if (isAddress(target) || isBucketAddress(target)) return target;
    throw new InvalidInput(
      `Cannot read the catalog "${place}" as it links to ${JSON.stringify(href)}`,
    );
  }
  const path = /^file:\/\//i.test(href) ? fileURLToPath(href) : resolve(dirname(place), href);
  const below = relative(root, path);
  if (below.startsWith('..') || isAbsolute(below)) {
    throw new InvalidInput(
      `Cannot read the catalog "${place}" as it names a file outside its own folder: "${href}"`,
    );
  }
  return path;
}

async function readJsonAt(location: string, options: BucketSourceOptions): Promise<unknown> {
  const text = await textAt(location, options);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new InvalidInput(`Cannot read the catalog "${location}" as it is not JSON`);
  }
}

async function textAt(location: string, options: BucketSourceOptions): Promise<string> {
  if (isAddress(location)) {
    return listText((await downloadStream(location, options)).body, location);
  }
  if (isBucketAddress(location)) {
    return takeObject(location, options, (body) => listText(body, location));
  }
  return readFile(location, 'utf8').catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    throw new MissingSource(`Cannot read "${location}": it is not there`);
  });
}
