import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import type { Terrain } from '../model/rpc/locate-on-terrain.ts';
import { openGeometry } from './open-geometry.ts';
import { type GapsBeside, openRaster } from './read-raster.ts';

/** Heights in memory at a time: 128 MB. */
const MAX_PIXELS = 16e6;
const MARGIN = 4;

/** West, south, east, north, degrees. */
export type GroundBox = readonly [number, number, number, number];

/**
 * Heights of the ground inside a box, bilinear between pixel centers, as the file has them: above the
 * ellipsoid, or what is close enough to it.
 *
 * @param paths of the heights, and what is known of places without any.
 * @returns null when the file does not reach into the box, or its map is not understood.
 */
export async function readTerrain(
  dem: ReferenceFile,
  paths: [heights: string, beside?: GapsBeside],
  [west, south, east, north]: GroundBox,
): Promise<Terrain | null> {
  const { transform, map } = dem;
  const placement = { kind: 'affine', source: 'file', transform, map } as const;
  const geometry = await openGeometry(placement, { size: dem });
  if (geometry === null) return null;
  const corners = [
    [west, south],
    [west, north],
    [east, south],
    [east, north],
  ] as const;
  const places = corners.flatMap(([x, y]) => geometry.fromGround(x, y) ?? []);
  if (places.length === 0) return null;
  const [columns, rows] = [places.map(({ column }) => column), places.map(({ row }) => row)];
  const x = Math.max(0, Math.floor(Math.min(...columns)) - MARGIN);
  const y = Math.max(0, Math.floor(Math.min(...rows)) - MARGIN);
  const width = Math.min(dem.width, Math.ceil(Math.max(...columns)) + MARGIN) - x;
  const height = Math.min(dem.height, Math.ceil(Math.max(...rows)) + MARGIN) - y;
  if (width < 2 || height < 2) return null;
  const factor = Math.ceil(Math.sqrt((width * height) / MAX_PIXELS));
  const reader = await openRaster(...paths);
  try {
    const raster = await reader.read({ window: { x, y, width, height }, factor });
    const heightAt = (column: number, row: number): number | null => {
      if (column < 0 || row < 0 || column >= raster.width || row >= raster.height) return null;
      const pixel = row * raster.width + column;
      return raster.valid?.[pixel] === 0 ? null : raster.values[pixel]!;
    };
    return (longitude, latitude) => {
      const place = geometry.fromGround(longitude, latitude);
      if (place === null) return null;
      const [u, v] = [(place.column - x) / factor - 0.5, (place.row - y) / factor - 0.5];
      const [column, row] = [Math.floor(u), Math.floor(v)];
      const [a, b, c, d] = [
        heightAt(column, row),
        heightAt(column + 1, row),
        heightAt(column, row + 1),
        heightAt(column + 1, row + 1),
      ];
      if (a === null || b === null || c === null || d === null) return null;
      const [s, t] = [u - column, v - row];
      return (1 - t) * ((1 - s) * a + s * b) + t * ((1 - s) * c + s * d);
    };
  } finally {
    await reader.close();
  }
}
