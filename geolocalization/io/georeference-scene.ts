import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { FetchedScene, SceneLocation } from '../../contracts/geolocalization.ts';
import {
  type Ground,
  judgeScene,
  type StatedCrs,
  unreadableScene,
} from '../model/scene-verdict.ts';
import { toGroundOf } from './coordinate-systems.ts';
import { readSceneHeader, UnreadableHeader } from './read-scene-header.ts';

/** Where a scene lies by what its file says; a scene that cannot be read gets the reason. */
export async function georeferenceScene(
  { name, file, reason }: FetchedScene,
  pathOf: (ref: ArtifactRef) => string,
): Promise<SceneLocation> {
  const scene = { name, file };
  if (file === null) return unreadableScene(scene, `as it could not be fetched: ${reason}`);
  try {
    const header = await readSceneHeader(pathOf(file));
    return judgeScene(scene, header, await groundOf(header.crs));
  } catch (error) {
    if (error instanceof UnreadableHeader) return unreadableScene(scene, error.message);
    throw error;
  }
}

async function groundOf(crs: StatedCrs): Promise<Ground | null> {
  if (crs.kind !== 'epsg') return null;
  const toGround = await toGroundOf(crs.code);
  return toGround === null
    ? { fault: `the projection of EPSG:${crs.code} is not known here` }
    : { toGround, warnings: [] };
}
