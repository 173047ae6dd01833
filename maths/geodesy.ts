/** A place on or above the WGS84 ellipsoid. The height is above the ellipsoid, not above the sea. */
export interface GeodeticPosition {
  latitudeDegrees: number;
  longitudeDegrees: number;
  heightMeters: number;
}

/** Earth-centered, earth-fixed: meters along the axes to (0 N, 0 E), (0 N, 90 E) and the north pole. */
export type Ecef = readonly [x: number, y: number, z: number];

/** Local topocentric: meters east, north and up of an origin, in the plane that is level there. */
export type Enu = readonly [east: number, north: number, up: number];

/** Semi-major axis, flattening and squared eccentricity of the WGS84 ellipsoid. */
export const WGS84_A = 6378137;
export const WGS84_F = 1 / 298.257223563;
export const WGS84_E2 = WGS84_F * (2 - WGS84_F);

const WGS84_B = WGS84_A * (1 - WGS84_F);
const DEGREE = Math.PI / 180;
const NEWTON_STEPS = 3;
const MEAN_RADIUS = 6371008.7714;

/**
 * X = (N + h) cos lat cos lon, Y = (N + h) cos lat sin lon, Z = (N (1 - e2) + h) sin lat, with
 * N = a / sqrt(1 - e2 sin^2 lat).
 *
 * @example
 * geodeticToEcef({ latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 560 });
 * // [4182144.3870, 850866.8921, 4724726.0797]
 */
export function geodeticToEcef(position: GeodeticPosition): Ecef {
  const { heightMeters: h } = position;
  const latitude = position.latitudeDegrees * DEGREE;
  const longitude = position.longitudeDegrees * DEGREE;
  const n = WGS84_A / Math.sqrt(1 - WGS84_E2 * Math.sin(latitude) ** 2);
  return [
    (n + h) * Math.cos(latitude) * Math.cos(longitude),
    (n + h) * Math.cos(latitude) * Math.sin(longitude),
    (n * (1 - WGS84_E2) + h) * Math.sin(latitude),
  ];
}

/**
 * Back from ECEF, to 1e-9 m from the deep sea to the orbits of satellites.
 *
 * Source: B. R. Bowring, "Transformation from spatial to geographical coordinates", Survey Review 23,
 * 1976; T. Fukushima showed in 1999 that its iteration is Newton's on the parametric latitude.
 *
 * @throws {RangeError} near the center of the earth, where latitude has no meaning.
 */
export function ecefToGeodetic([x, y, z]: Ecef): GeodeticPosition {
  if (!(Math.hypot(x, y, z) > 100_000)) {
    throw new RangeError(
      `Cannot name a latitude near the center of the earth: found ${[x, y, z].join(', ')}`,
    );
  }
  const p = Math.hypot(x, y);
  const secondE2 = WGS84_E2 / (1 - WGS84_E2);
  let parametric = Math.atan2(z * WGS84_A, p * WGS84_B);
  let latitude = 0;
  for (let step = 0; step <= NEWTON_STEPS; step++) {
    latitude = Math.atan2(
      z + secondE2 * WGS84_B * Math.sin(parametric) ** 3,
      p - WGS84_E2 * WGS84_A * Math.cos(parametric) ** 3,
    );
    parametric = Math.atan2((1 - WGS84_F) * Math.sin(latitude), Math.cos(latitude));
  }
  const sine = Math.sin(latitude);
  // Unlike p / cos lat - N, this form stays exact at the poles.
  const heightMeters =
    p * Math.cos(latitude) + z * sine - WGS84_A * Math.sqrt(1 - WGS84_E2 * sine ** 2);
  return {
    latitudeDegrees: latitude / DEGREE,
    longitudeDegrees: Math.atan2(y, x) / DEGREE,
    heightMeters,
  };
}

/** enu = T (ecef - origin), with the rows of T pointing east, north and up at the origin. */
export function ecefToEnu(point: Ecef, origin: GeodeticPosition): Enu {
  const [x0, y0, z0] = geodeticToEcef(origin);
  const [dx, dy, dz] = [point[0] - x0, point[1] - y0, point[2] - z0];
  const [east, north, up] = enuAxes(origin);
  return [dot(east, dx, dy, dz), dot(north, dx, dy, dz), dot(up, dx, dy, dz)];
}

/** ecef = origin + T^t enu. */
export function enuToEcef([e, n, u]: Enu, origin: GeodeticPosition): Ecef {
  const [x0, y0, z0] = geodeticToEcef(origin);
  const [east, north, up] = enuAxes(origin);
  return [
    x0 + east[0] * e + north[0] * n + up[0] * u,
    y0 + east[1] * e + north[1] * n + up[1] * u,
    z0 + east[2] * e + north[2] * n + up[2] * u,
  ];
}

/**
 * @example
 * // Seen from 48.1 N 11.5 E 560 m:
 * geodeticToEnu({ latitudeDegrees: 48.1005, longitudeDegrees: 11.501, heightMeters: 565 }, origin);
 * // [74.486885, 55.601551, 4.999323]
 */
export function geodeticToEnu(position: GeodeticPosition, origin: GeodeticPosition): Enu {
  return ecefToEnu(geodeticToEcef(position), origin);
}

/** The place that lies `enu` from the origin. */
export function enuToGeodetic(enu: Enu, origin: GeodeticPosition): GeodeticPosition {
  return ecefToGeodetic(enuToEcef(enu, origin));
}

/**
 * Length of the geodesic between two places on the ellipsoid, meters; heights do not count.
 *
 * Good to 0.1 mm; between places that are nearly opposite, where the iteration has no limit, a
 * spherical distance is given (good to 0.6 %).
 *
 * Source: T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid", Survey Review 23,
 * 1975.
 *
 * @param from longitude and latitude, degrees.
 */
export function groundDistanceMeters(
  from: readonly [longitude: number, latitude: number],
  to: readonly [longitude: number, latitude: number],
): number {
  const difference = wrapRadians((to[0] - from[0]) * DEGREE);
  const u1 = Math.atan((1 - WGS84_F) * Math.tan(from[1] * DEGREE));
  const u2 = Math.atan((1 - WGS84_F) * Math.tan(to[1] * DEGREE));
  let lambda = difference;
  for (let step = 0; step < 100; step++) {
    const sinSigma = Math.hypot(
      Math.cos(u2) * Math.sin(lambda),
      Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda),
    );
    if (sinSigma === 0) return 0;
    const cosSigma = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (Math.cos(u1) * Math.cos(u2) * Math.sin(lambda)) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    // On the equator the geodesic has no vertex and the middle term is 0.
    const cos2Middle =
      cos2Alpha < 1e-15 ? 0 : cosSigma - (2 * Math.sin(u1) * Math.sin(u2)) / cos2Alpha;
    const c = (WGS84_F / 16) * cos2Alpha * (4 + WGS84_F * (4 - 3 * cos2Alpha));
    const next =
      difference +
      (1 - c) *
        WGS84_F *
        sinAlpha *
        (sigma + c * sinSigma * (cos2Middle + c * cosSigma * (2 * cos2Middle ** 2 - 1)));
    if (Math.abs(next) > Math.PI) break;
    if (Math.abs(next - lambda) < 1e-12) return vincentyLength(cos2Alpha, cos2Middle, sigma);
    lambda = next;
  }
  return sphericalDistance(from[1] * DEGREE, to[1] * DEGREE, difference);
}

function vincentyLength(cos2Alpha: number, cos2Middle: number, sigma: number): number {
  const sinSigma = Math.sin(sigma);
  const cosSigma = Math.cos(sigma);
  const uSquared = (cos2Alpha * (WGS84_A ** 2 - WGS84_B ** 2)) / WGS84_B ** 2;
  const a = 1 + (uSquared / 16384) * (4096 + uSquared * (-768 + uSquared * (320 - 175 * uSquared)));
  const b = (uSquared / 1024) * (256 + uSquared * (-128 + uSquared * (74 - 47 * uSquared)));
  const correction =
    b *
    sinSigma *
    (cos2Middle +
      (b / 4) *
        (cosSigma * (2 * cos2Middle ** 2 - 1) -
          (b / 6) * cos2Middle * (4 * sinSigma ** 2 - 3) * (4 * cos2Middle ** 2 - 3)));
  return WGS84_B * a * (sigma - correction);
}

function sphericalDistance(latitude1: number, latitude2: number, difference: number): number {
  const half =
    Math.sin((latitude2 - latitude1) / 2) ** 2 +
    Math.cos(latitude1) * Math.cos(latitude2) * Math.sin(difference / 2) ** 2;
  return 2 * MEAN_RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}

function enuAxes(origin: GeodeticPosition): [Ecef, Ecef, Ecef] {
  const latitude = origin.latitudeDegrees * DEGREE;
  const longitude = origin.longitudeDegrees * DEGREE;
  const [sinLat, cosLat] = [Math.sin(latitude), Math.cos(latitude)];
  const [sinLon, cosLon] = [Math.sin(longitude), Math.cos(longitude)];
  return [
    [-sinLon, cosLon, 0],
    [-sinLat * cosLon, -sinLat * sinLon, cosLat],
    [cosLat * cosLon, cosLat * sinLon, sinLat],
  ];
}

function dot(axis: Ecef, x: number, y: number, z: number): number {
  return axis[0] * x + axis[1] * y + axis[2] * z;
}

/** Brings an angle into [-pi, pi). */
function wrapRadians(angle: number): number {
  const turn = 2 * Math.PI;
  return ((((angle + Math.PI) % turn) + turn) % turn) - Math.PI;
}
