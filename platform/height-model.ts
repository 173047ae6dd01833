import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fromFile, type GeoTIFFImage } from 'geotiff';
import { InvalidInput } from '../contracts/failures.ts';
import { terrainOf } from '../maths/height-grid.ts';
import { isNotFound } from './atomic-file.ts';
import { bothWays, type FromGround } from './coordinate-systems.ts';

/** Heights are held in memory, four bytes each. */
const MAX_PIXELS = 64e6;
/** Pixels around the box that is asked for: heights lie between the centers of four. */
const MARGIN = 2;
/** What GeoTIFF writes for a system that it describes itself. */
const USER_DEFINED = 32_767;
const TRANSVERSE_MERCATOR = 1;

type GeoKeys = Readonly<Record<string, unknown>>;

/** Heights of the ground, meters above the datum of the file. */
export interface HeightModel {
  /** WGS84 degrees; null outside, and where nothing is known. */
  heightAt: (longitude: number, latitude: number) => number | null;
  /** Of all heights that were read. */
  lowest: number;
  mean: number;
  highest: number;
}

/** What is known of a model that its file does not say. */
export interface KnownOfModel {
  /** What sentences call it; without one the name of its file. */
  name?: string | undefined;
  /** PROJ or WKT, as a `.prj` file beside it would state it. */
  system?: string | undefined;
}

/** West, south, east and north, degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/**
 * Reads a ground model, a GeoTIFF whose rows run from north to south.
 *
 * @param box of it only what lies there is read; without one all of it.
 * @throws {InvalidInput} when the file is none, is too large, or states no system that is known.
 */
export async function readHeightModel(
  path: string,
  box?: Box,
  { name = basename(path), system }: KnownOfModel = {},
): Promise<HeightModel> {
  const refuse = (reason: string) =>
    new InvalidInput(
      `Cannot use ground model "${name}" as ${reason}; give a GeoTIFF that states its system, or leave it out`,
    );
  const tiff = await fromFile(path).catch(() => {
    throw refuse('it is no GeoTIFF that can be read');
  });
  try {
    const image = await tiff.getImage();
    const toMap = await mapOfKeys((image.getGeoKeys() ?? {}) as GeoKeys, path, system);
    if (toMap === null) throw refuse('it states no coordinate system that is known');
    const [west, north] = image.getOrigin() as [number, number];
    const [cellEast, cellSouth] = image.getResolution() as [number, number];
    if (!(cellEast > 0 && cellSouth < 0)) throw refuse('its rows do not run from north to south');
    const raster = { west, north, cellEast, cellNorth: -cellSouth };
    const window = windowOf(image, raster, box, toMap);
    const [left, top, right, bottom] = window;
    const [columns, rows] = [right - left, bottom - top];
    if (columns <= 0 || rows <= 0) return nothingThere;
    if (columns * rows > MAX_PIXELS) {
      throw refuse(
        `it may have ${MAX_PIXELS / 1e6} million heights: found ${columns} x ${rows}, cut it to the flight`,
      );
    }
    const heights = (await image.readRasters({
      window,
      samples: [0],
      interleave: true,
    })) as ArrayLike<number>;
    const noData = image.getGDALNoData();
    const terrain = terrainOf({
      ...raster,
      heights,
      columns,
      rows,
      west: west + left * cellEast,
      north: north + top * cellSouth,
      noData,
    });
    return {
      heightAt: (longitude, latitude) => {
        const onMap = toMap(longitude, latitude);
        return onMap === null ? null : terrain(onMap[0], onMap[1]);
      },
      ...heightsOf(heights, noData),
    };
  } catch (error) {
    // What the system says of a file is not about the model, and may pass.
    if (error instanceof InvalidInput || isOfSystem(error)) throw error;
    throw refuse('its data are damaged');
  } finally {
    await tiff.close();
  }
}

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

const nothingThere: HeightModel = { heightAt: () => null, lowest: 0, mean: 0, highest: 0 };

/** Left, top, right and bottom in pixels, the last two behind the last. */
function windowOf(
  image: GeoTIFFImage,
  { west, north, cellEast, cellNorth }: Record<'west' | 'north' | 'cellEast' | 'cellNorth', number>,
  box: Box | undefined,
  toMap: FromGround,
): [number, number, number, number] {
  const [columns, rows] = [image.getWidth(), image.getHeight()];
  if (box === undefined) return [0, 0, columns, rows];
  const corners = [box[0], box[2]].flatMap((longitude) =>
    [box[1], box[3]].flatMap((latitude) => {
      const onMap = toMap(longitude, latitude);
      return onMap === null ? [] : [[(onMap[0] - west) / cellEast, (north - onMap[1]) / cellNorth]];
    }),
  );
  if (corners.length === 0) return [0, 0, 0, 0];
  const along = (axis: 0 | 1, most: number): [number, number] => {
    const places = corners.map((corner) => corner[axis]!);
    const from = Math.floor(Math.min(...places)) - MARGIN;
    const to = Math.ceil(Math.max(...places)) + MARGIN;
    return [Math.max(0, from), Math.min(most, to)];
  };
  const [[left, right], [top, bottom]] = [along(0, columns), along(1, rows)];
  return [left, top, right, bottom];
}

function heightsOf(
  heights: ArrayLike<number>,
  noData: number | null,
): { lowest: number; mean: number; highest: number } {
  let [lowest, highest, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let index = 0; index < heights.length; index++) {
    const height = heights[index]!;
    if (!Number.isFinite(height) || height === noData) continue;
    lowest = Math.min(lowest, height);
    highest = Math.max(highest, height);
    sum += height;
    count++;
  }
  return count === 0 ? { lowest: 0, mean: 0, highest: 0 } : { lowest, highest, mean: sum / count };
}

async function mapOfKeys(
  keys: GeoKeys,
  path: string,
  system: string | undefined,
): Promise<FromGround | null> {
  const code = (name: string) => {
    const value = keys[name];
    return typeof value === 'number' && value > 0 && value !== USER_DEFINED ? value : null;
  };
  const isProjected = keys['GTModelTypeGeoKey'] !== 2;
  const epsg = isProjected ? code('ProjectedCSTypeGeoKey') : code('GeographicTypeGeoKey');
  if (epsg !== null) return mapBy({ epsg });
  if (keys['ProjCoordTransGeoKey'] === TRANSVERSE_MERCATOR) {
    return mapBy({ definition: transverseMercator(keys) });
  }
  if (system !== undefined) return mapBy({ definition: system });
  const sidecar = join(dirname(path), `${basename(path, extname(path))}.prj`);
  try {
    return await mapBy({ definition: (await readFile(sidecar, 'utf8')).trim() });
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

async function mapBy(
  system: { epsg: number } | { definition: string },
): Promise<FromGround | null> {
  return (await bothWays(system))?.fromGround ?? null;
}

function transverseMercator(keys: GeoKeys): string {
  const number = (name: string, otherwise: number) => {
    const value = keys[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
  };
  return [
    '+proj=tmerc +datum=WGS84 +units=m +no_defs',
    `+lat_0=${number('ProjNatOriginLatGeoKey', 0)}`,
    `+lon_0=${number('ProjNatOriginLongGeoKey', 0)}`,
    `+k=${number('ProjScaleAtNatOriginGeoKey', 1)}`,
    `+x_0=${number('ProjFalseEastingGeoKey', 0)}`,
    `+y_0=${number('ProjFalseNorthingGeoKey', 0)}`,
  ].join(' ');
}
