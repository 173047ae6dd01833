import { extname } from 'node:path';

/** Taken for images by their names, so that a damaged one is reported and not overlooked. */
const imageExtensions = new Set(
  '.jpg .jpeg .tif .tiff .png .webp .dng .iiq .heic .heif .avif'.split(' '),
);
/** A ground model stands beside the images and is none of them. */
const groundModels = new Set(['dem.tif', 'dsm.tif', 'dtm.tif']);
/** What is never an image, whatever its first bytes look like: not worth a look into each. */
const otherExtensions = new Set(
  '.txt .csv .json .prj .xml .html .md .log .geojson .pdf .zip .mrk .nav .obs .bin .mp4 .mov'.split(
    ' ',
  ),
);
/** Card folders nest like `DCIM/100MEDIA`. */
export const MAX_DEPTH = 5;

/** What a file of a flight is by its name alone. */
export function kindByName(name: string): 'image' | 'other' | 'unknown' {
  if (groundModels.has(name.toLowerCase())) return 'other';
  const extension = extname(name).toLowerCase();
  if (imageExtensions.has(extension)) return 'image';
  return otherExtensions.has(extension) ? 'other' : 'unknown';
}

export interface FlightLayout {
  /** What stands before the names of everything that belongs to the flight: empty, or with a slash at its end. */
  root: string;
  /** What stands before the names of its images. */
  imageRoot: string;
  /** Files that may be images. */
  candidates: string[];
  /** Files right in the flight's folder, the texts beside its images among them. */
  besides: string[];
  tooDeep: string[];
}

/**
 * Finds the flight among the names of an archive or a bucket, by the rules of a folder: one folder around
 * everything is the flight's own, images in `images/` are all there are, hidden names do not count.
 *
 * @example
 * flightLayout(['f7/geo.txt', 'f7/images/A.JPG', 'f7/notes.jpg']).candidates; // ['f7/images/A.JPG']
 */
export function flightLayout(names: readonly string[]): FlightLayout {
  const shown = names.filter((name) => !name.split('/').some(isHidden));
  const root = soleFolder(shown);
  const inner = shown.some((name) => name.toLowerCase().startsWith(`${root.toLowerCase()}images/`));
  const innerName = shown
    .find((name) => name.toLowerCase().startsWith(`${root.toLowerCase()}images/`))
    ?.slice(root.length, root.length + 'images/'.length);
  const imageRoot = inner ? `${root}${innerName}` : root;
  const below = shown.filter((name) => name.startsWith(imageRoot));
  const isDeep = (name: string) => name.slice(imageRoot.length).split('/').length > MAX_DEPTH + 1;
  return {
    root,
    imageRoot,
    candidates: below.filter((name) => !isDeep(name) && kindByName(baseOf(name)) !== 'other'),
    besides: shown.filter(
      (name) => name.startsWith(root) && !name.slice(root.length).includes('/'),
    ),
    tooDeep: below.filter((name) => isDeep(name) && kindByName(baseOf(name)) !== 'other'),
  };
}

export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX';
}

function soleFolder(names: readonly string[]): string {
  const [first = ''] = names;
  const top = first.split('/')[0]!;
  const isSole = first.includes('/') && names.every((name) => name.startsWith(`${top}/`));
  return isSole && !/^(images|dcim)$/i.test(top) ? `${top}/` : '';
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
