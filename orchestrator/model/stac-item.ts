import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';

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
 * accuracy and files. The accuracy is that of the scene's own georeference against the reference.
 *
 * @param id unique in its catalog.
 * @param registration null when the scene was compared with nothing.
 */
export function stacItem(
  id: string,
  scene: SceneLocation,
  registration: SceneRegistration | null,
  assets: Readonly<Record<string, StacAsset>>,
) {
  const accuracy = registration === null ? {} : accuracyOf(registration);
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
    },
    links: [],
    assets: Object.fromEntries(
      Object.entries(assets).map(([name, { sha256, bytes, ...asset }]) => [
        name,
        { ...asset, 'file:checksum': `${SHA_256}${sha256}`, 'file:size': bytes },
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

function projectionOf({ crs, placement, width, height, footprint, center }: SceneLocation) {
  const isAffine = placement?.kind === 'affine';
  const code = isAffine && 'epsg' in placement.map ? crs : null;
  const [x, a, b, y, d, e] = isAffine ? placement.transform : [];
  return {
    'proj:code': code,
    ...(isAffine &&
    code === null &&
    'definition' in placement.map &&
    /^[A-Z]/.test(placement.map.definition)
      ? { 'proj:wkt2': placement.map.definition }
      : {}),
    ...(isAffine ? { 'proj:transform': [a, b, x, d, e, y, 0, 0, 1] } : {}),
    ...(width === null || height === null ? {} : { 'proj:shape': [height, width] }),
    ...(footprint === null ? {} : { 'proj:geometry': footprint }),
    ...(center === null ? {} : { 'proj:centroid': { lon: center[0], lat: center[1] } }),
  };
}

function accuracyOf({ displacement, residuals }: SceneRegistration): Record<string, number> {
  const { rmsBeforeMeters, rmsAfterMeters } = residuals;
  if (displacement === null || rmsAfterMeters === null) return {};
  const bias = {
    'accuracy:geometric_x_bias': displacement.eastMeters,
    'accuracy:geometric_y_bias': displacement.northMeters,
  };
  // Of one that a search found elsewhere only the place in its middle was compared with what it states.
  if (rmsBeforeMeters === null) return bias;
  const alongAxis = rmsAfterMeters / Math.SQRT2;
  return {
    ...bias,
    'accuracy:geometric_x_stddev': alongAxis,
    'accuracy:geometric_y_stddev': alongAxis,
    'accuracy:geometric_rmse': rmsBeforeMeters,
  };
}
