import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { withGeoreference } from '../../geolocalization/io/rewrite-georeference.ts';
import { SAMPLE_SCENE, type SceneDesign } from '../../samples/scene.ts';
import { encodeScene } from '../../samples/scene-file.ts';
import { scratchFolder } from './scratch-folder.ts';

/** Meters of the smallest patch of the ground. */
const GRAIN = 10;
const { floor, imul, max, min } = Math;

/** Ground of patches of three sizes that costs little to paint: a scene of it, wherever it lies. */
export interface PatchScene {
  columns: number;
  rows: number;
  pixelMeters: number;
  /** Outer corner of the first pixel, EPSG:32632. */
  west: number;
  north: number;
  /** Whole multiples of 10 m by which its content lies too far east and north. */
  shiftEast?: number;
  shiftNorth?: number;
}

/** A small scene that states its place 30 m and -20 m off: three pixels and two. */
export const SHIFTED_SCENE = {
  columns: 320,
  rows: 320,
  pixelMeters: 10,
  west: 681_000,
  north: 5_335_560,
  shiftEast: 30,
  shiftNorth: -20,
} satisfies PatchScene;

/** As an uncompressed GeoTIFF in strips. */
export async function writePatchScene(path: string, scene: PatchScene): Promise<void> {
  await writeFile(path, encodeScene(patchPixels(scene), designOf(scene)));
}

/** As a tiled, compressed GeoTIFF with overviews inside, as providers keep them in the cloud. */
export async function tiledReference(scene: PatchScene): Promise<Buffer> {
  const path = join(await scratchFolder(), 'tiled.tif');
  const raw = { width: scene.columns, height: scene.rows, channels: 3 } as const;
  const tile = { tile: true, tileWidth: 256, tileHeight: 256, pyramid: true } as const;
  await sharp(patchPixels(scene), { raw })
    .tiff({ ...tile, compression: 'deflate' })
    .toFile(path);
  const { west, north, pixelMeters } = scene;
  const map = { epsg: 32632, isGeographic: false };
  const transform = [west, pixelMeters, 0, north, 0, -pixelMeters] as const;
  const chunks: Buffer[] = [];
  for await (const chunk of (await withGeoreference(path, transform, map))!) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return Buffer.concat(chunks);
}

function designOf(scene: PatchScene): SceneDesign {
  return { ...SAMPLE_SCENE, ...scene };
}

/** Three equal bands, row-major. */
export function patchPixels(scene: PatchScene): Uint8Array {
  const { columns, rows, pixelMeters, west, north, shiftEast = 0, shiftNorth = 0 } = scene;
  const pixels = new Uint8Array(3 * columns * rows);
  const grains = max(1, floor(pixelMeters / GRAIN));
  const [left, top] = [floor((west - shiftEast) / GRAIN), floor((north - shiftNorth) / -GRAIN)];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let part = 0; part < grains * grains; part++) {
        const column = left + x * grains + (part % grains);
        sum += toneOf(column, top + y * grains + floor(part / grains));
      }
      const tone = min(255, sum / (grains * grains));
      pixels.fill(tone, 3 * (y * columns + x), 3 * (y * columns + x) + 3);
    }
  }
  return pixels;
}

/** What the ground is like at a place of EPSG:32632. */
export function patchTone(x: number, y: number): number {
  return min(255, toneOf(floor(x / GRAIN), floor(y / -GRAIN)));
}

function toneOf(x: number, y: number): number {
  return (hash(x >> 5, y >> 5) & 127) + (hash(x >> 3, y >> 3) & 63) + (hash(x >> 1, y >> 1) & 31);
}

function hash(x: number, y: number): number {
  let value = imul(x, 0x27d4eb2d) ^ imul(y, 0x165667b1);
  value = imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 8;
}
