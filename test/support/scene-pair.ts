import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createScenePixels,
  paintScene,
  SAMPLE_SCENE,
  type SceneDesign,
} from '../../samples/scene.ts';
import { encodeScene } from '../../samples/scene-file.ts';

/** A small scene whose georeference is wrong by a known shift. */
export const PAIR_SCENE: SceneDesign = { ...SAMPLE_SCENE, columns: 320, rows: 320 };

/** The same ground in autumn, rightly placed, on a grid of its own. */
export const PAIR_REFERENCE: SceneDesign = {
  ...PAIR_SCENE,
  season: 'autumn',
  columns: 352,
  rows: 352,
  west: PAIR_SCENE.west - 123,
  north: PAIR_SCENE.north + 134,
  shiftEast: 0,
  shiftNorth: 0,
};

/** Writes both as files in folders of their own. */
export async function writeScenePair(folder: string) {
  const scenePath = join(folder, 'scene', 'scene.tif');
  const referencePath = join(folder, 'reference', 'reference.tif');
  await writeScene(scenePath, PAIR_SCENE);
  await writeScene(referencePath, PAIR_REFERENCE);
  return { scenePath, referencePath };
}

/**
 * Writes a scene by its design.
 *
 * @param design.isPlaced false for one whose tags say nothing of its place.
 */
export async function writeScene(
  path: string,
  { isPlaced = true, ...design }: SceneDesign & { isPlaced?: boolean },
): Promise<void> {
  const pixels = createScenePixels(design);
  paintScene(pixels, design, 0, design.rows);
  await mkdir(dirname(path), { recursive: true });
  const file = encodeScene(pixels, design);
  await writeFile(path, isPlaced ? file : withoutPlace(file));
}

/** Gives the tags of the place numbers that nobody reads, in the same order. */
export function withoutPlace(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset);
  const directory = view.getUint32(4, true);
  for (let index = 0; index < view.getUint16(directory, true); index++) {
    const entry = directory + 2 + 12 * index;
    const tag = view.getUint16(entry, true);
    if (tag >= 33_550) view.setUint16(entry, 60_000 + index, true);
  }
  return file;
}
