import { readFile } from 'node:fs/promises';
import proj4, { type Converter } from 'proj4';
import { z } from 'zod';
import type { Ground, ToGround } from '../maths/map-projection.ts';

const tableSchema = z.record(z.string(), z.string());
let table: Promise<Record<string, string>> | undefined;

/** Geographic rasters may run over the antimeridian, from -180 to 180 or from 0 to 360; not further. */
const MAX_LONGITUDE = 540;
/** Share of a coordinate's size, of at least a thousand kilometers: 0.1 m. */
const ROUND_TRIP_TOLERANCE = 1e-7;
const ROUND_TRIP_SIZE = 1e6;
/** Some 0.2 m at the edge of the world: far more than rounding, far less than a pixel there. */
const NUDGE = 1e-8;

/**
 * How map coordinates of an EPSG code are brought to WGS84 longitude and latitude. Axes are always east
 * and north, whatever the code's official order; datum shifts are those of its definition.
 */
export async function groundOf(epsg: number): Promise<Ground> {
  table ??= readTable();
  const definition = (await table)[String(epsg)];
  const toGround = definition === undefined ? null : toGroundBy(definition);
  if (definition === undefined || toGround === null) {
    return { fault: `names EPSG:${epsg}, whose projection is not known here` };
  }
  return { toGround, warnings: hasDatumShift(definition) ? [] : [datumWarning(epsg)] };
}

/** As `groundOf`, of a PROJ string or WKT that a file states. */
export function groundBy(definition: string): Ground {
  const toGround = definition === '' ? null : toGroundBy(definition);
  if (toGround === null) return { fault: 'states a system that is not understood' };
  return { toGround, warnings: [] };
}

/**
 * A point counts only when its way back ends where it started: outside its domain a projection may give
 * numbers that mean nothing.
 *
 * @returns null when the definition cannot be used.
 */
export function toGroundBy(definition: string): ToGround | null {
  try {
    const projection = proj4(definition, 'WGS84');
    const isGeographic = /\+proj=(longlat|latlong)\b/.test(definition);
    return (x, y) => {
      const position = finite(() => projection.forward([x, y]));
      if (position === null || Math.abs(position[1]) > 90) return null;
      if (isGeographic) return Math.abs(x) <= MAX_LONGITUDE ? position : null;
      return comesBack(projection, x, y) ? position : null;
    };
  } catch {
    return null;
  }
}

/** The way back: from WGS84 longitude and latitude to the map; null where the projection has no answer. */
export type FromGround = (
  longitudeDegrees: number,
  latitudeDegrees: number,
) => [x: number, y: number] | null;

/** Both ways through a map that an EPSG code or a definition names; null when it is not understood. */
export async function bothWays(
  map: { epsg: number } | { definition: string },
): Promise<{ toGround: ToGround; fromGround: FromGround } | null> {
  table ??= readTable();
  const definition = 'epsg' in map ? (await table)[String(map.epsg)] : map.definition;
  const toGround = definition === undefined ? null : toGroundBy(definition);
  if (definition === undefined || toGround === null) return null;
  const projection = proj4(definition, 'WGS84');
  return {
    toGround,
    fromGround: (longitude, latitude) => finite(() => projection.inverse([longitude, latitude])),
  };
}

/** Whether the coordinates of a map are longitude and latitude in degrees. */
export async function isGeographic(
  map: { epsg: number } | { definition: string },
): Promise<boolean> {
  table ??= readTable();
  const definition = 'epsg' in map ? (await table)[String(map.epsg)] : map.definition;
  return /\+proj=(longlat|latlong)\b|^GEOG/.test(definition ?? '');
}

/** At the seam of a map of the world the way back may end on its other side: a step inwards tells. */
function comesBack(projection: Converter, x: number, y: number): boolean {
  return [x, x * (1 - NUDGE), x * (1 + NUDGE)].some((start) => {
    const back = finite(() => projection.inverse(projection.forward([start, y])));
    if (back === null) return false;
    const size = Math.max(ROUND_TRIP_SIZE, Math.abs(start), Math.abs(y));
    return Math.hypot(back[0] - start, back[1] - y) <= ROUND_TRIP_TOLERANCE * size;
  });
}

function finite(transform: () => number[]): [number, number] | null {
  try {
    const [x, y] = transform();
    return Number.isFinite(x) && Number.isFinite(y) ? [x!, y!] : null;
  } catch {
    // proj4 throws for points that the projection does not reach.
    return null;
  }
}

/** Datums that follow GRS 80 or WGS 84 are taken for WGS 84: they differ by a meter or two. */
function hasDatumShift(definition: string): boolean {
  return /\+towgs84=|\+datum=|\+nadgrids=@null|\+ellps=(GRS80|WGS84)\b/.test(definition);
}

function datumWarning(epsg: number): string {
  return `the definition of EPSG:${epsg} has no shift to WGS 84, so the place may be some hundred meters off`;
}

async function readTable(): Promise<Record<string, string>> {
  const path = new URL('./epsg-table.json', import.meta.url);
  return tableSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
