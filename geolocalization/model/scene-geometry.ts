import type { Position } from '../../maths/map-projection.ts';
import type { ControlModel, GroundControl } from '../../contracts/scene-placement.ts';
import { type Geotransform, toMap } from './affine.ts';
import { controlFromMap, controlToMap } from './control/control-geometry.ts';
import { fitGeotransform } from './registration/fit-geotransform.ts';
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
  /** After so much of x the map is at the same place again: 360 degrees, in a map of degrees. */
  period?: number | undefined;
}

/**
 * Of a raster that lies in a map by six numbers.
 *
 * @param size of the raster: of the turns around the earth it tells which one is meant.
 */
export function affineGeometry(
  transform: Geotransform,
  map: MapWays,
  size?: { width: number; height: number },
): SceneGeometry {
  const [a, b, c, d, e, f] = inverse(asMatrix(transform));
  const middle = size && toMap(transform, size.width / 2, size.height / 2)[0];
  return {
    toGround: (column, row) => map.toGround(...toMap(transform, column, row)),
    fromGround: (longitude, latitude) => {
      const place = map.fromGround(longitude, latitude);
      if (place === null) return null;
      const y = place[1];
      const x = nearTo(middle, place[0], map.period);
      return { column: a * x + b * y + c, row: d * x + e * y + f };
    },
  };
}

function nearTo(middle: number | undefined, x: number, period: number | undefined): number {
  if (middle === undefined || period === undefined || Math.abs(x - middle) <= period / 2) return x;
  return x + period * Math.round((middle - x) / period);
}

/**
 * Of a raster that lies in a map by a model of its control points.
 *
 * @param points that the model was fitted to: the way back starts from the six numbers that fit them best.
 */
export function controlGeometry(
  model: ControlModel,
  points: readonly GroundControl[],
  map: MapWays,
): SceneGeometry {
  const span = (values: readonly number[]) => Math.max(1, ...values.map(Math.abs));
  const rough = fitGeotransform(
    points.map(({ column, row, x, y }) => ({ place: { column, row }, x, y })),
    { width: span(points.map(({ column }) => column)), height: span(points.map(({ row }) => row)) },
  );
  const start = rough === null ? null : inverse(asMatrix(rough.transform));
  const middle = points.reduce((sum, { x }) => sum + x / points.length, 0);
  return {
    toGround: (column, row) => {
      const place = controlToMap(model, column, row);
      return place === null ? null : map.toGround(...place);
    },
    fromGround: (longitude, latitude) => {
      const place = map.fromGround(longitude, latitude);
      if (place === null || start === null) return null;
      const [a, b, c, d, e, f] = start;
      const [x, y] = [nearTo(middle, place[0], map.period), place[1]];
      const from = [a * x + b * y + c, d * x + e * y + f] as const;
      const pixel = controlFromMap(model, [x, y], from);
      return pixel === null ? null : { column: pixel[0], row: pixel[1] };
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
