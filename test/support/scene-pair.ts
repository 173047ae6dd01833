import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createScenePixels,
  paintScene,
  SAMPLE_SCENE,
  type SceneDesign,
} from '../../samples/scene.ts';
import { encodeScene } from '../../samples/scene-file.ts';

/** A small scene whose georeference is wrong by a known shift. */
export const PAIR_SCENE: SceneDesign = { ...SAMPLE_SCENE, columns: 448, rows: 448 };

/** The same ground in autumn, rightly placed, on a grid of its own. */
export const PAIR_REFERENCE: SceneDesign = {
  ...PAIR_SCENE,
  season: 'autumn',
  columns: 480,
  rows: 480,
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

/** Writes a scene by its design. */
export async function writeScene(path: string, design: SceneDesign): Promise<void> {
  const pixels = createScenePixels(design);
  paintScene(pixels, design, 0, design.rows);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, encodeScene(pixels, design));
}
