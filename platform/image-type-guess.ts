import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import ExifReader from 'exifreader';
import { fromFile } from 'geotiff';
import type { ImageType } from '../contracts/automation.ts';

/** Files that only a flight has beside its images. */
const flightCompanions =
  /^(geo\.txt|gcp_list\.txt|gcp_file\.txt|ground_control_points\.txt|image_groups\.txt|navigation\.(csv|txt|json)|flight\.json|camera_pos_ori\.txt|.*_opk\.csv)$/i;
const imageExtensions = new Set(['.jpg', '.jpeg', '.tif', '.tiff', '.png', '.webp', '.jp2']);
/** Images that are looked into before the guess is given up. */
const MAX_LOOKS = 5;
const MAX_DEPTH = 3;

/** What the content of a path looks like, and what showed it. */
export interface TypeGuess {
  imageType: ImageType;
  because: string;
}

/**
 * Guesses whether a folder or file is a flight or a scene: by the companions of a flight, by positions
 * in the tags of its images, by the georeference of a GeoTIFF.
 *
 * @returns null when nothing shows it.
 */
export async function guessImageType(path: string): Promise<TypeGuess | null> {
  if ((await stat(path)).isFile()) return guessByImages([path]);
  const names = await readdir(path);
  const companion = names.find((name) => flightCompanions.test(name));
  if (companion !== undefined) return { imageType: 'Navad', because: `it holds ${companion}` };
  const images = await imagesBelow(path, MAX_DEPTH);
  const guess = await guessByImages(images.slice(0, MAX_LOOKS));
  if (guess !== null) return guess;
  if (images.length < 3) return null;
  return { imageType: 'Navad', because: `it holds ${images.length} images without georeference` };
}

async function guessByImages(paths: readonly string[]): Promise<TypeGuess | null> {
  let scene: TypeGuess | null = null;
  for (const path of paths) {
    if (await hasPositionTags(path)) {
      return { imageType: 'Navad', because: 'its images carry the position of a camera' };
    }
    if (scene === null && (await hasGeoreference(path))) {
      scene = { imageType: 'Satellite', because: 'its image carries a georeference' };
    }
  }
  return scene;
}

async function hasPositionTags(path: string): Promise<boolean> {
  try {
    const { gps, xmp } = ExifReader.load(await readFile(path), { expanded: true });
    if (gps?.Latitude !== undefined) return true;
    return Object.keys(xmp ?? {}).some((tag) => /^(Gps|GPS)(Latitude|Longt?itude)$/.test(tag));
  } catch {
    // No tags, or not an image: then this file shows nothing, and ingestion will say why.
    return false;
  }
}

async function hasGeoreference(path: string): Promise<boolean> {
  if (!/\.tiff?$/i.test(path)) return false;
  try {
    const tiff = await fromFile(path);
    try {
      const { fileDirectory } = await tiff.getImage();
      return georeferenceTags.some((tag) => fileDirectory.hasTag(tag));
    } finally {
      await tiff.close();
    }
  } catch {
    return false;
  }
}

/** ModelPixelScale, ModelTransformation, ModelTiepoint, GeoKeyDirectory, RPCCoefficient. */
const georeferenceTags = [33550, 34264, 33922, 34735, 50844];

async function imagesBelow(folder: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && imageExtensions.has(extname(entry.name).toLowerCase())) found.push(path);
    if (entry.isDirectory() && depth > 0) found.push(...(await imagesBelow(path, depth - 1)));
  }
  return found.sort();
}
