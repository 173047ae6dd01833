import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { FetchedScene, SceneLocation } from '../../contracts/geolocalization.ts';
import { groundBy, groundOf } from '../../platform/coordinate-systems.ts';
import { judgeScene, type SceneHeader, unreadableScene } from '../model/scene-verdict.ts';
import { readSceneHeader, UnreadableHeader } from './read-scene-header.ts';

/** Where a scene lies by what its file says; a scene that cannot be read gets the reason. */
export async function georeferenceScene(
  { name, file, reason }: FetchedScene,
  pathOf: (ref: ArtifactRef) => string,
): Promise<SceneLocation> {
  const scene = { name, file };
  if (file === null) return unreadableScene(scene, `as its file cannot be had or read: ${reason}`);
  return judgeFile(scene, pathOf(file));
}

/** The same of a file that is in no store. */
export function georeferenceFile(name: string, path: string): Promise<SceneLocation> {
  return judgeFile({ name, file: null }, path);
}

async function judgeFile(
  scene: Pick<SceneLocation, 'name' | 'file'>,
  path: string,
): Promise<SceneLocation> {
  try {
    const header = await readSceneHeader(path);
    return judgeScene(scene, header, await groundFor(header));
  } catch (error) {
    if (error instanceof UnreadableHeader) return unreadableScene(scene, error.message);
    throw error;
  }
}

async function groundFor({ crs }: SceneHeader) {
  if (crs.kind === 'epsg') return groundOf(crs.code);
  return crs.kind === 'definition' ? groundBy(crs.definition) : null;
}
