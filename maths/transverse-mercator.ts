import { WGS84_A, WGS84_E2, WGS84_F } from './geodesy.ts';

/** A transverse Mercator projection of the WGS84 ellipsoid; lengths in meters, angles in degrees. */
export interface TransverseMercator {
  centralMeridianDegrees: number;
  /** Scale on the central meridian: 0.9996 for UTM. */
  scale: number;
  falseEasting: number;
  falseNorthing: number;
}

/** A place in the grid, and how the grid lies there. */
export interface GridPosition {
  easting: number;
  northing: number;
  /** True azimuth minus grid azimuth, degrees: positive east of the central meridian in the north. */
  convergenceDegrees: number;
  /** Length in the grid over length on the ellipsoid. */
  pointScale: number;
}

const DEGREE = Math.PI / 180;
const A = WGS84_A;
const E = Math.sqrt(WGS84_E2);
const N = WGS84_F / (2 - WGS84_F);

/** Meridian radius that turns the series' angles into meters. */
const RECTIFYING_RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);

/** Of sin(2 j xi): from the conformal sphere to the grid, and back. */
const FORWARD = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3 + (41 / 180) * N ** 4,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3 + (557 / 1440) * N ** 4,
  (61 / 240) * N ** 3 - (103 / 140) * N ** 4,
  (49561 / 161280) * N ** 4,
];
const BACKWARD = [
  N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3 - (1 / 360) * N ** 4,
  (1 / 48) * N ** 2 + (1 / 15) * N ** 3 - (437 / 1440) * N ** 4,
  (17 / 480) * N ** 3 - (37 / 840) * N ** 4,
  (4397 / 161280) * N ** 4,
];

/**
 * A zone of the Universal Transverse Mercator grid.
 *
 * @param zone 1 to 60.
 * @throws {RangeError} for another zone.
 */
export function utmZone(zone: number, hemisphere: 'north' | 'south'): TransverseMercator {
  if (!(Number.isInteger(zone) && zone >= 1 && zone <= 60)) {
    throw new RangeError(`Cannot name a UTM zone as it must be 1 to 60: found ${zone}`);
  }
  return {
    centralMeridianDegrees: 6 * zone - 183,
    scale: 0.9996,
    falseEasting: 500_000,
    falseNorthing: hemisphere === 'north' ? 0 : 10_000_000,
  };
}

/**
 * Where a place lies in the grid, with convergence and point scale; a micrometer up to 30 degrees from
 * the central meridian.
 *
 * Source: L. Krüger, "Konforme Abbildung des Erdellipsoids in der Ebene", 1912, in the form of C. Karney,
 * "Transverse Mercator with an accuracy of a few nanometers", Journal of Geodesy 85, 2011.
 *
 * @throws {RangeError} 80 degrees or more from the central meridian, where the series says nothing.
 *
 * @example
 * toGrid(utmZone(32, 'north'), 48.1, 11.5); // 686121.7558, 5330438.1302, 1.86131037, 1.000025666
 */
export function toGrid(
  projection: TransverseMercator,
  latitudeDegrees: number,
  longitudeDegrees: number,
): GridPosition {
  const offset = wrapDegrees(longitudeDegrees - projection.centralMeridianDegrees);
  if (!(Math.abs(offset) < 80)) {
    throw new RangeError(
      `Cannot project a place as it must lie within 80 degrees of the central meridian: found ${offset}`,
    );
  }
  const lambda = offset * DEGREE;
  const sine = Math.sin(latitudeDegrees * DEGREE);
  const conformal = Math.sinh(Math.atanh(sine) - E * Math.atanh(E * sine));
  const reach = Math.hypot(conformal, Math.cos(lambda));
  const xi0 = Math.atan2(conformal, Math.cos(lambda));
  const eta0 = Math.asinh(Math.sin(lambda) / reach);
  let [xi, eta, p, q] = [xi0, eta0, 1, 0];
  FORWARD.forEach((coefficient, index) => {
    const twice = 2 * (index + 1);
    xi += coefficient * Math.sin(twice * xi0) * Math.cosh(twice * eta0);
    eta += coefficient * Math.cos(twice * xi0) * Math.sinh(twice * eta0);
    p += twice * coefficient * Math.cos(twice * xi0) * Math.cosh(twice * eta0);
    q += twice * coefficient * Math.sin(twice * xi0) * Math.sinh(twice * eta0);
  });
  const radius = projection.scale * RECTIFYING_RADIUS;
  const spherical = Math.atan2(
    conformal * Math.sin(lambda),
    Math.hypot(1, conformal) * Math.cos(lambda),
  );
  const secant = 1 / Math.cos(latitudeDegrees * DEGREE);
  return {
    easting: projection.falseEasting + radius * eta,
    northing: projection.falseNorthing + radius * xi,
    convergenceDegrees: (spherical + Math.atan2(q, p)) / DEGREE,
    pointScale:
      (((radius * Math.hypot(p, q)) / A) * (Math.sqrt(1 - (E * sine) ** 2) * secant)) / reach,
  };
}

/**
 * Latitude and longitude, degrees, of a place in the grid; undoes `toGrid`.
 *
 * @throws {RangeError} when a coordinate is not finite.
 */
export function fromGrid(
  projection: TransverseMercator,
  easting: number,
  northing: number,
): { latitudeDegrees: number; longitudeDegrees: number } {
  if (!Number.isFinite(easting) || !Number.isFinite(northing)) {
    throw new RangeError(
      `Cannot place grid coordinates as they must be finite: found ${easting}, ${northing}`,
    );
  }
  const radius = projection.scale * RECTIFYING_RADIUS;
  const xi = (northing - projection.falseNorthing) / radius;
  const eta = (easting - projection.falseEasting) / radius;
  let [xi0, eta0] = [xi, eta];
  BACKWARD.forEach((coefficient, index) => {
    const twice = 2 * (index + 1);
    xi0 -= coefficient * Math.sin(twice * xi) * Math.cosh(twice * eta);
    eta0 -= coefficient * Math.cos(twice * xi) * Math.sinh(twice * eta);
  });
  const conformal = Math.sin(xi0) / Math.hypot(Math.sinh(eta0), Math.cos(xi0));
  const longitude =
    projection.centralMeridianDegrees + Math.atan2(Math.sinh(eta0), Math.cos(xi0)) / DEGREE;
  return {
    latitudeDegrees: latitudeOf(conformal) / DEGREE,
    longitudeDegrees: wrapDegrees(longitude),
  };
}

/** Newton's method on the tangent of the conformal latitude; three steps reach the last digit. */
function latitudeOf(conformal: number): number {
  let tangent = conformal;
  for (let step = 0; step < 5; step++) {
    const sine = tangent / Math.hypot(1, tangent);
    const sigma = Math.sinh(E * Math.atanh(E * sine));
    const found = tangent * Math.hypot(1, sigma) - sigma * Math.hypot(1, tangent);
    tangent +=
      (((conformal - found) / Math.hypot(1, found)) * (1 + (1 - E ** 2) * tangent ** 2)) /
      ((1 - E ** 2) * Math.hypot(1, tangent));
  }
  return Math.atan(tangent);
}

/** Brings an angle into [-180, 180). */
function wrapDegrees(angle: number): number {
  return ((((angle + 180) % 360) + 360) % 360) - 180;
}
