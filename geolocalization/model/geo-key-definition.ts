/** Keys of a GeoTIFF that describe a projection of its own; numbers that are missing are undefined. */
export interface ProjectionKeys {
  ProjCoordTransGeoKey?: unknown;
  ProjLinearUnitsGeoKey?: unknown;
  ProjStdParallel1GeoKey?: unknown;
  ProjStdParallel2GeoKey?: unknown;
  ProjNatOriginLongGeoKey?: unknown;
  ProjNatOriginLatGeoKey?: unknown;
  ProjFalseOriginLongGeoKey?: unknown;
  ProjFalseOriginLatGeoKey?: unknown;
  ProjFalseEastingGeoKey?: unknown;
  ProjFalseNorthingGeoKey?: unknown;
  ProjFalseOriginEastingGeoKey?: unknown;
  ProjFalseOriginNorthingGeoKey?: unknown;
  ProjScaleAtNatOriginGeoKey?: unknown;
  ProjStraightVertPoleLongGeoKey?: unknown;
  ProjCenterLongGeoKey?: unknown;
  ProjCenterLatGeoKey?: unknown;
  GeographicTypeGeoKey?: unknown;
  GeogEllipsoidGeoKey?: unknown;
  GeogGeodeticDatumGeoKey?: unknown;
}

/** Codes of ProjCoordTransGeoKey, by the name that PROJ has for each. */
const PROJECTIONS: Readonly<Record<number, string>> = {
  1: 'tmerc',
  7: 'merc',
  8: 'lcc',
  9: 'lcc',
  10: 'laea',
  11: 'aea',
  12: 'aeqd',
  15: 'stere',
  17: 'eqc',
  24: 'sinu',
};
/** WGS 84 and GRS 80, by datum, geographic system and ellipsoid. */
const WGS84_CODES = new Set([4326, 6326, 7030]);
const GRS80_CODES = new Set([4258, 6258, 4269, 6269, 7019]);
/** Meter, foot, survey foot. */
const UNITS: Readonly<Record<number, string>> = {
  9001: '+units=m',
  9002: '+units=ft',
  9003: '+units=us-ft',
};

/**
 * The PROJ string of a projection that a GeoTIFF spells out by its keys instead of naming a code.
 *
 * Source: OGC GeoTIFF Standard 1.1, 2019, annex C.
 *
 * @returns null for other projections, datums or units than the common ones: no place is better than a wrong one.
 */
export function definitionByKeys(keys: ProjectionKeys): string | null {
  const projection = PROJECTIONS[Number(keys.ProjCoordTransGeoKey)];
  const figure = figureOf(keys);
  const unit = UNITS[Number(keys.ProjLinearUnitsGeoKey ?? 9001)];
  if (projection === undefined || figure === null || unit === undefined) return null;
  const parts = [
    `+proj=${projection}`,
    given('lat_1', keys.ProjStdParallel1GeoKey),
    given('lat_2', keys.ProjStdParallel2GeoKey),
    given(
      'lat_0',
      keys.ProjNatOriginLatGeoKey ?? keys.ProjFalseOriginLatGeoKey ?? keys.ProjCenterLatGeoKey,
    ),
    given(
      'lon_0',
      keys.ProjNatOriginLongGeoKey ??
        keys.ProjFalseOriginLongGeoKey ??
        keys.ProjStraightVertPoleLongGeoKey ??
        keys.ProjCenterLongGeoKey,
    ),
    given('k', keys.ProjScaleAtNatOriginGeoKey),
    given('x_0', keys.ProjFalseEastingGeoKey ?? keys.ProjFalseOriginEastingGeoKey),
    given('y_0', keys.ProjFalseNorthingGeoKey ?? keys.ProjFalseOriginNorthingGeoKey),
    figure,
    unit,
  ];
  return parts.filter((part) => part !== null).join(' ');
}

function figureOf(keys: ProjectionKeys): string | null {
  const codes = [
    keys.GeogGeodeticDatumGeoKey,
    keys.GeographicTypeGeoKey,
    keys.GeogEllipsoidGeoKey,
  ].map(Number);
  if (codes.some((code) => WGS84_CODES.has(code))) return '+datum=WGS84';
  return codes.some((code) => GRS80_CODES.has(code)) ? '+ellps=GRS80' : null;
}

function given(name: string, value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? `+${name}=${value}` : null;
}
