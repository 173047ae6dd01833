import { readFile } from 'node:fs/promises';
import proj4 from 'proj4';
import { z } from 'zod';
import type { ToGround } from '../model/footprint.ts';

const tableSchema = z.record(z.string(), z.string());
let table: Promise<Record<string, string>> | undefined;

/**
 * How map coordinates of an EPSG code are brought to WGS84 longitude and latitude. Axes are always east
 * and north, whatever the code's official order; datum shifts are those of its definition.
 *
 * @returns null when the code is not known, or has no such projection.
 */
export async function toGroundOf(epsg: number): Promise<ToGround | null> {
  table ??= readTable();
  const definition = (await table)[String(epsg)];
  if (definition === undefined) return null;
  try {
    const projection = proj4(definition, 'WGS84');
    return (x, y) => {
      try {
        const [longitude, latitude] = projection.forward([x, y]);
        const isOnGlobe = Number.isFinite(longitude) && Math.abs(latitude!) <= 90;
        return isOnGlobe ? [longitude!, latitude!] : null;
      } catch {
        // proj4 throws for points that the projection does not reach.
        return null;
      }
    };
  } catch {
    return null;
  }
}

async function readTable(): Promise<Record<string, string>> {
  const path = new URL('./epsg-table.json', import.meta.url);
  return tableSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
