import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Sharp } from 'sharp';
import { zipArchive, type ZipEntry } from '../model/zip-archive.ts';

/** An image in tiles at every scale. */
export interface DeepZoom {
  /** A zip archive of `<name>.dzi` and its tiles. */
  archive: Uint8Array;
  tiles: number;
  levels: number;
}

/**
 * Cuts an image into the tiles of Deep Zoom, packed into one file that is the same every time.
 *
 * Source: Microsoft, "Deep Zoom file format overview".
 *
 * @param tileSize side without the overlap, pixels.
 */
export async function deepZoom(
  pixels: Sharp,
  { name, tileSize, overlap }: { name: string; tileSize: number; overlap: number },
): Promise<DeepZoom> {
  const folder = await mkdtemp(join(tmpdir(), 'skyloom-tiles-'));
  try {
    await pixels.tile({ size: tileSize, overlap, layout: 'dz' }).toFile(join(folder, `${name}.dz`));
    const paths = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name !== 'vips-properties.xml')
      .map((entry) => join(entry.parentPath, entry.name));
    const entries: ZipEntry[] = [];
    for (const path of paths.sort()) {
      const inArchive = relative(folder, path).replaceAll(sep, '/');
      entries.push({ name: inArchive, bytes: await readFile(path) });
    }
    const tiles = entries.filter(({ name: path }) => !path.endsWith('.dzi'));
    const levels = new Set(tiles.map(({ name: path }) => path.split('/').at(-2)));
    return { archive: zipArchive(entries, crc32), tiles: tiles.length, levels: levels.size };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
