import type { Position } from '../../maths/map-projection.ts';
import { type Geotransform, toMap } from './affine.ts';
import { asMatrix, inverse } from './registration/corrected-geotransform.ts';
import { locateOnTerrain, type Terrain } from './rpc/locate-on-terrain.ts';
import { locatePixel } from './rpc/locate-pixel.ts';
import { isExtrapolated, projectGround } from './rpc/project-ground.ts';
import type { RationalPolynomials } from './rpc/rational-polynomials.ts';

/** Columns and rows of a raster, from the outer corner of its first pixel. */
export interface RasterPlace {
  column: number;
  row: number;
}

/** How a raster and the ground belong together; null where they do not. */
export interface SceneGeometry {
  toGround: (column: number, row: number) => Position | null;
  fromGround: (longitudeDegrees: number, latitudeDegrees: number) => RasterPlace | null;
}

/** Both ways through a map. */
export interface MapWays {
  toGround: (x: number, y: number) => Position | null;
  fromGround: (
    longitudeDegrees: number,
    latitudeDegrees: number,
  ) => readonly [x: number, y: number] | null;
}

/** Of a raster that lies in a map by six numbers. */
export function affineGeometry(transform: Geotransform, map: MapWays): SceneGeometry {
  const [a, b, c, d, e, f] = inverse(asMatrix(transform));
  return {
    toGround: (column, row) => map.toGround(...toMap(transform, column, row)),
    fromGround: (longitude, latitude) => {
      const place = map.fromGround(longitude, latitude);
      if (place === null) return null;
      const [x, y] = place;
      return { column: a * x + b * y + c, row: d * x + e * y + f };
    },
  };
}

/**
 * Of a raster with a sensor model: where its pixels meet the terrain, or else the height.
 *
 * @param rpc of the raster's own pixels, from pixel centers.
 * @param heightMeters above the ellipsoid, where the terrain has no value.
 */
export function rpcGeometry(
  rpc: RationalPolynomials,
  heightMeters: number,
  terrain: Terrain = () => null,
): SceneGeometry {
  return {
    toGround: (column, row) => {
      const pixel = { sample: column - 0.5, line: row - 0.5 };
      const onTerrain = locateOnTerrain(rpc, pixel, terrain, heightMeters);
      const place =
        onTerrain?.isOnTerrain === true ? onTerrain : locatePixel(rpc, pixel, heightMeters);
      return place === null ? null : [place.longitudeDegrees, place.latitudeDegrees];
    },
    fromGround: (longitudeDegrees, latitudeDegrees) => {
      const height = terrain(longitudeDegrees, latitudeDegrees) ?? heightMeters;
      const ground = { longitudeDegrees, latitudeDegrees, heightMeters: height };
      // Far outside its domain a model of the third degree may come back into the image.
      if (isExtrapolated(rpc, ground)) return null;
      const { sample, line } = projectGround(rpc, ground);
      return { column: sample + 0.5, row: line + 0.5 };
    },
  };
}
