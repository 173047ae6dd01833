import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { FetchedScene, SceneLocation } from '../../contracts/geolocalization.ts';
import type { ByteSource } from '../../platform/byte-source.ts';
import { groundBy, groundOf } from '../../platform/coordinate-systems.ts';
import type { Terrain } from '../model/rpc/locate-on-terrain.ts';
import type { SceneHeader } from '../model/scene-header.ts';
import { judgeScene, unreadableScene } from '../model/scene-verdict.ts';
import { withValidFootprint } from './valid-footprint.ts';
import { readHeaderAfar, readSceneHeader, UnreadableHeader } from './read-scene-header.ts';
import { type CompanionPath, companionsOf, withCompanions } from './scene-companions.ts';

/** Heights around a scene that is placed without them; null when there are none. */
export type TerrainAround = (scene: SceneLocation) => Promise<Terrain | null>;

/** Where a scene lies by what its file and those beside it say; one that cannot be read gets the reason. */
export async function georeferenceScene(
  { name, file, reason, companions = [] }: FetchedScene,
  pathOf: (ref: ArtifactRef) => Promise<string>,
  {
    terrainAround,
    beat = () => undefined,
  }: { terrainAround?: TerrainAround; beat?: () => void } = {},
): Promise<SceneLocation> {
  const scene = { name, file };
  if (file === null) return unreadableScene(scene, `as its file cannot be had or read: ${reason}`);
  const beside = await Promise.all(
    companions.map(async (companion) => ({ ...companion, path: await pathOf(companion.file) })),
  );
  return judgeFile(scene, await pathOf(file), beside, { terrainAround, beat });
}

/** The same of a file that is in no store. */
export async function georeferenceFile(name: string, path: string): Promise<SceneLocation> {
  return judgeFile({ name, file: null }, path, await companionsOf(path));
}

/** The same of a file elsewhere, of which no more than the header is read. */
export async function georeferenceAfar(name: string, source: ByteSource): Promise<SceneLocation> {
  const scene = { name, file: null };
  try {
    const header = await readHeaderAfar(source);
    return judgeScene(scene, header, await groundFor(header));
  } catch (error) {
    if (error instanceof UnreadableHeader) return unreadableScene(scene, error.message);
    throw error;
  }
}

async function judgeFile(
  scene: Pick<SceneLocation, 'name' | 'file'>,
  path: string,
  companions: readonly CompanionPath[],
  whole?: { terrainAround: TerrainAround | undefined; beat: () => void },
): Promise<SceneLocation> {
  try {
    const header = await withCompanions(await readSceneHeader(path), companions);
    const ground = await groundFor(header);
    const location = judgeScene(scene, header, ground);
    if (whole === undefined) return location;
    const needsTerrain = location.placement?.kind === 'rpc';
    const terrain = needsTerrain ? await whole.terrainAround?.(location) : null;
    const placed = terrain ? judgeScene(scene, header, ground, terrain) : location;
    if (header.nodata === null) return placed;
    return withValidFootprint(placed, path, { terrain: terrain ?? undefined, beat: whole.beat });
  } catch (error) {
    if (error instanceof UnreadableHeader) return unreadableScene(scene, error.message);
    throw error;
  }
}

async function groundFor({ crs }: SceneHeader) {
  if (crs.kind === 'epsg') return groundOf(crs.code);
  return crs.kind === 'definition' ? groundBy(crs.definition) : null;
}
