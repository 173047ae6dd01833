import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { FetchedScene, SceneLocation } from '../../contracts/geolocalization.ts';
import { groundOf } from '../../platform/coordinate-systems.ts';
import { judgeScene, unreadableScene } from '../model/scene-verdict.ts';
import { readSceneHeader, UnreadableHeader } from './read-scene-header.ts';

/** Where a scene lies by what its file says; a scene that cannot be read gets the reason. */
export async function georeferenceScene(
  { name, file, reason }: FetchedScene,
  pathOf: (ref: ArtifactRef) => string,
): Promise<SceneLocation> {
  const scene = { name, file };
  if (file === null) return unreadableScene(scene, `as its file cannot be had or read: ${reason}`);
  try {
    const header = await readSceneHeader(pathOf(file));
    return judgeScene(
      scene,
      header,
      header.crs.kind === 'epsg' ? await groundOf(header.crs.code) : null,
    );
  } catch (error) {
    if (error instanceof UnreadableHeader) return unreadableScene(scene, error.message);
    throw error;
  }
}
