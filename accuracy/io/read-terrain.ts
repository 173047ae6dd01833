import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fromFile } from 'geotiff';
import { InvalidInput } from '../../contracts/failures.ts';
import { enuToGeodetic, type GeodeticPosition } from '../../maths/geodesy.ts';
import { type Ground, terrainGround } from '../../maths/ground.ts';
import { terrainOf } from '../../maths/height-grid.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { bothWays, type FromGround } from '../../platform/coordinate-systems.ts';

/** Heights are held in memory, four bytes each. */
const MAX_PIXELS = 64e6;
/** What GeoTIFF writes for a system that it describes itself. */
const USER_DEFINED = 32_767;
const TRANSVERSE_MERCATOR = 1;

type GeoKeys = Readonly<Record<string, unknown>>;

/**
 * Reads a ground model, a GeoTIFF whose rows run from north to south, for the frame of a flight. Heights are
 * taken as above the datum of the flight.
 *
 * @throws {InvalidInput} when the file is none, is too large, or states no system that is known.
 */
export async function readTerrain(path: string, origin: GeodeticPosition): Promise<Ground> {
  const name = basename(path);
  const refuse = (reason: string) =>
    new InvalidInput(`Cannot use ground model "${name}" as ${reason}`);
  const tiff = await fromFile(path).catch(() => {
    throw refuse('it is no GeoTIFF that can be read');
  });
  try {
    const image = await tiff.getImage();
    const [columns, rows] = [image.getWidth(), image.getHeight()];
    if (columns * rows > MAX_PIXELS) {
      throw refuse(
        `it may have ${MAX_PIXELS / 1e6} million heights: found ${columns} x ${rows}, cut it to the flight`,
      );
    }
    const toMap = await mapOfKeys((image.getGeoKeys() ?? {}) as GeoKeys, path);
    if (toMap === null) throw refuse('it states no coordinate system that is known');
    const [west, north] = image.getOrigin() as [number, number];
    const [cellEast, cellSouth] = image.getResolution() as [number, number];
    if (!(cellEast > 0 && cellSouth < 0)) throw refuse('its rows do not run from north to south');
    const heights = (await image.readRasters({
      samples: [0],
      interleave: true,
    })) as ArrayLike<number>;
    const noData = image.getGDALNoData();
    const terrain = terrainOf({
      heights,
      columns,
      rows,
      west,
      north,
      cellEast,
      noData,
      cellNorth: -cellSouth,
    });
    return terrainGround(
      (east, place) => {
        const { longitudeDegrees, latitudeDegrees } = enuToGeodetic([east, place, 0], origin);
        const onMap = toMap(longitudeDegrees, latitudeDegrees);
        const height = onMap === null ? null : terrain(onMap[0], onMap[1]);
        return height === null ? null : height - sinkOf(east, place);
      },
      heightsOf(heights, noData),
    );
  } finally {
    await tiff.close();
  }
}

/** Radius of the earth; good to a third of a percent anywhere, which is a centimeter over five kilometers. */
const EARTH_METERS = 6_371_000;

/** How far level ground sinks below the plane that touches it at the origin, meters. */
function sinkOf(east: number, north: number): number {
  return (east * east + north * north) / (2 * EARTH_METERS);
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

async function mapOfKeys(keys: GeoKeys, path: string): Promise<FromGround | null> {
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
