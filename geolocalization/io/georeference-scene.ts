import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { FetchedScene, SceneLocation } from '../../contracts/geolocalization.ts';
import { groundBy, groundOf } from '../../platform/coordinate-systems.ts';
import type { Terrain } from '../model/rpc/locate-on-terrain.ts';
import { lacksPlace, withCompanions } from '../model/header-beside.ts';
import type { SceneHeader } from '../model/scene-header.ts';
import { judgeScene, unreadableScene } from '../model/scene-verdict.ts';
import { withValidFootprint } from './valid-footprint.ts';
import { readSceneHeader, UnreadableHeader } from './read-scene-header.ts';
import {
  type Beside,
  type CompanionBytes,
  type CompanionPath,
  companionsOf,
  textsOf,
} from './scene-companions.ts';

/** Heights around a scene that is placed without them; null when there are none, a sentence when they are damaged. */
export type TerrainAround = (scene: SceneLocation) => Promise<Terrain | string | null>;

/** Where a scene lies by what its file and those beside it say; one that cannot be read gets the reason. */
export async function georeferenceScene(
  { name, file, reason, companions = [], warnings = [] }: FetchedScene,
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
  const path = await pathOf(file);
  try {
    const own = await readSceneHeader(path);
    const fault = await maskFault(own, beside);
    const told = [...own.warnings, ...warnings, ...(fault === null ? [] : [fault])];
    const header = withCompanions({ ...own, warnings: told }, await textsOf(beside));
    const ground = await groundFor(header);
    const location = judgeScene(scene, header, ground);
    const needsTerrain = location.placement?.kind === 'rpc';
    const heights = needsTerrain ? await terrainAround?.(location) : null;
    const terrain = typeof heights === 'string' ? null : heights;
    const placed = terrain ? judgeScene(scene, header, ground, terrain) : location;
    if (typeof heights === 'string') placed.warnings.push(heights);
    const mask = fault === null ? beside.find(({ kind }) => kind === 'mask') : undefined;
    const masked = mask === undefined ? placed : { ...placed, mask: mask.file };
    return await withValidFootprint(masked, path, {
      terrain: terrain ?? undefined,
      beside: { maskPath: mask?.path, nodata: masked.nodata },
      mustKnow: header.nodata !== null || mask !== undefined,
      beat,
    });
  } catch (error) {
    if (error instanceof UnreadableHeader) return unreadableScene(scene, error.message);
    throw error;
  }
}

/** What marks pixels without data, by a scene's header and the files beside it; null when no value does. */
export async function nodataOf(
  { file, companions = [] }: FetchedScene,
  pathOf: (ref: ArtifactRef) => Promise<string>,
): Promise<number | null> {
  if (file === null) return null;
  const beside = companions.filter(({ kind }) => kind === 'auxiliary');
  const texts = await Promise.all(
    beside.map(async (companion) => ({ ...companion, path: await pathOf(companion.file) })),
  );
  const header = await readSceneHeader(await pathOf(file));
  return withCompanions(header, await textsOf(texts)).nodata;
}

/** The same of a file that is in no store, by its header alone. */
export async function georeferenceFile(name: string, path: string): Promise<SceneLocation> {
  const { found, warnings } = await companionsOf(path);
  return byHeader(name, async () => {
    const header = await readSceneHeader(path);
    const fault = await maskFault(header, found);
    const told = [...header.warnings, ...warnings, ...(fault === null ? [] : [fault])];
    return withCompanions({ ...header, warnings: told }, await textsOf(found));
  });
}

/**
 * The same of a file elsewhere, of which no more than the header is read, and of files beside it those that
 * it needs to say where it lies, or that say it better.
 */
export async function georeferenceAfar(
  name: string,
  readHeader: () => Promise<SceneHeader>,
  beside: (isPlaced: boolean) => Promise<Beside<CompanionBytes>>,
): Promise<SceneLocation> {
  return byHeader(name, async () => {
    const header = await readHeader();
    const { found, warnings } = await beside(!lacksPlace(header));
    const told = { ...header, warnings: [...header.warnings, ...warnings] };
    const texts = found.flatMap(({ kind, name: file, bytes }) =>
      kind === 'mask' ? [] : [{ kind, name: file, text: bytes.toString('latin1') }],
    );
    return withCompanions(told, texts);
  });
}

async function byHeader(name: string, read: () => Promise<SceneHeader>): Promise<SceneLocation> {
  const scene = { name, file: null };
  try {
    const header = await read();
    return judgeScene(scene, header, await groundFor(header));
  } catch (error) {
    if (error instanceof UnreadableHeader) return unreadableScene(scene, error.message);
    throw error;
  }
}

/** @returns a sentence when there is a mask that cannot be that of the scene. */
export async function maskFault(
  { width, height }: Pick<SceneHeader, 'width' | 'height'>,
  beside: readonly CompanionPath[],
): Promise<string | null> {
  const mask = beside.find(({ kind }) => kind === 'mask');
  if (mask === undefined) return null;
  try {
    const own = await readSceneHeader(mask.path);
    if (own.width === width && own.height === height) return null;
    return `the mask "${mask.name}" is not used as it has ${own.width} x ${own.height} pixels: ${width} x ${height} are needed`;
  } catch (error) {
    if (error instanceof UnreadableHeader) {
      return `the mask "${mask.name}" is not used ${error.message}`;
    }
    throw error;
  }
}

async function groundFor({ crs }: SceneHeader) {
  if (crs.kind === 'epsg') return groundOf(crs.code);
  return crs.kind === 'definition' ? groundBy(crs.definition) : null;
}
