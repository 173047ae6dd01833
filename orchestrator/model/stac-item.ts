import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import type { PlacedScene } from './placed-scene.ts';

const EXTENSIONS = {
  projection: 'https://stac-extensions.github.io/projection/v2.0.0/schema.json',
  accuracy: 'https://stac-extensions.github.io/accuracy/v1.0.0-beta.1/schema.json',
  file: 'https://stac-extensions.github.io/file/v2.1.0/schema.json',
};
/** What a multihash starts with that is a SHA-256 of 32 bytes. */
const SHA_256 = '1220';
/** An item has to have a time; of a scene that states none it is any. */
const ANY_TIME = {
  datetime: null,
  start_datetime: '1900-01-01T00:00:00Z',
  end_datetime: '9999-12-31T23:59:59Z',
};

/** A file beside the item. */
export interface StacAsset {
  href: string;
  type: string;
  title: string;
  roles: string[];
  sha256: string;
  bytes: number;
}

/**
 * A scene as an item of a SpatioTemporal Asset Catalog, version 1.1, with the extensions for projections,
 * accuracy and files. The accuracy is that of the place that is shown: of the scene's own georeference against
 * the reference or by its control points, or what is left of the place that a search has found.
 *
 * A scene that was found elsewhere than it states lies where it was found; what its file states stands in
 * `skyloom:stated_geometry`, and the projection of the file itself at its asset.
 *
 * @param id unique in its catalog.
 * @param registration null when the scene was compared with nothing.
 */
export function stacItem(
  id: string,
  { shown: scene, isFound, stated }: PlacedScene,
  registration: SceneRegistration | null,
  assets: Readonly<Record<string, StacAsset>>,
) {
  const accuracy =
    registration === null ? controlAccuracyOf(scene) : accuracyOf(registration, isFound);
  const extensions = [
    EXTENSIONS.projection,
    EXTENSIONS.file,
    ...(Object.keys(accuracy).length > 0 ? [EXTENSIONS.accuracy] : []),
  ];
  return {
    type: 'Feature',
    stac_version: '1.1.0',
    stac_extensions: extensions,
    id,
    ...placeOf(scene),
    properties: {
      ...ANY_TIME,
      title: scene.name,
      description: registration?.reason ?? scene.reason,
      ...(scene.gsd === null ? {} : { gsd: Math.sqrt(scene.gsd.column * scene.gsd.row) }),
      ...projectionOf(scene),
      ...accuracy,
      ...(stated === null ? {} : statedPlaceOf(stated, registration)),
    },
    links: [],
    assets: Object.fromEntries(
      Object.entries(assets).map(([name, { sha256, bytes, ...asset }]) => [
        name,
        {
          ...asset,
          'file:checksum': `${SHA_256}${sha256}`,
          'file:size': bytes,
          ...(stated !== null && name === 'data' ? mapOf(stated) : {}),
        },
      ]),
    ),
  };
}

/** A place and its box belong together: an item has both or neither. */
function placeOf({ footprint }: SceneLocation) {
  if (footprint === null) return { geometry: null };
  const parts = footprint.coordinates;
  return { bbox: boxOf(parts), geometry: footprint };
}

/** West, south, east, north; west is greater than east when the antimeridian lies between (RFC 7946, 5.2). */
function boxOf(parts: readonly (readonly (readonly (readonly [number, number])[])[])[]) {
  const points = parts.flatMap(([ring = []]) => ring);
  const latitudes = points.map(([, y]) => y);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const longitudes = points.map(([x]) => x);
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const isCut = parts.length > 1 && west === -180 && east === 180;
  if (!isCut) return [west, south, east, north];
  const eastern = longitudes.filter((x) => x > 0);
  const western = longitudes.filter((x) => x < 0);
  return [Math.min(...eastern), south, Math.max(...western), north];
}

function projectionOf(scene: SceneLocation) {
  const { width, height, footprint, center } = scene;
  return {
    ...mapOf(scene),
    ...(width === null || height === null ? {} : { 'proj:shape': [height, width] }),
    ...(footprint === null ? {} : { 'proj:geometry': footprint }),
    ...(center === null ? {} : { 'proj:centroid': { lon: center[0], lat: center[1] } }),
  };
}

/** The map of a scene, and the transform into it where six numbers can tell it. */
function mapOf({ crs, placement }: SceneLocation) {
  const map = placement && placement.kind !== 'rpc' ? placement.map : null;
  const code = map !== null && 'epsg' in map ? crs : null;
  const isWkt = map !== null && 'definition' in map && /^[A-Z]/.test(map.definition);
  const [x, a, b, y, d, e] = placement?.kind === 'affine' ? placement.transform : [];
  return {
    'proj:code': code,
    ...(isWkt ? { 'proj:wkt2': map.definition } : {}),
    ...(placement?.kind === 'affine' ? { 'proj:transform': [a, b, x, d, e, y, 0, 0, 1] } : {}),
  };
}

function statedPlaceOf({ footprint }: SceneLocation, registration: SceneRegistration | null) {
  const { eastMeters, northMeters } = registration?.displacement ?? {};
  return {
    'skyloom:stated_geometry': footprint,
    ...(eastMeters === undefined || northMeters === undefined
      ? {}
      : { 'skyloom:stated_offset': { east: eastMeters, north: northMeters } }),
  };
}

/** Of points that their model was fitted without; of a model that fits six numbers nothing but itself tells. */
function controlAccuracyOf({ control, gsd }: SceneLocation): Record<string, number> {
  const pixels = control?.leaveOneOutPixels;
  if (pixels === undefined || pixels === null || gsd === null) return {};
  return { 'accuracy:geometric_rmse': pixels * Math.sqrt(gsd.column * gsd.row) };
}

/** @param isFound whether the place that is shown is the corrected one. */
function accuracyOf(
  { displacement, residuals }: SceneRegistration,
  isFound: boolean,
): Record<string, number> {
  const { rmsBeforeMeters, rmsAfterMeters } = residuals;
  if (rmsAfterMeters === null) return {};
  const alongAxis = rmsAfterMeters / Math.SQRT2;
  const spread = {
    'accuracy:geometric_x_stddev': alongAxis,
    'accuracy:geometric_y_stddev': alongAxis,
  };
  if (isFound) return { ...spread, 'accuracy:geometric_rmse': rmsAfterMeters };
  if (displacement === null) return {};
  const bias = {
    'accuracy:geometric_x_bias': displacement.eastMeters,
    'accuracy:geometric_y_bias': displacement.northMeters,
  };
  if (rmsBeforeMeters === null) return bias;
  return { ...bias, ...spread, 'accuracy:geometric_rmse': rmsBeforeMeters };
}
