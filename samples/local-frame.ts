import proj4 from 'proj4';

/** A place on the WGS84 ellipsoid: degrees, and meters above the ellipsoid. */
export interface Geodetic {
  latitudeDegrees: number;
  longitudeDegrees: number;
  heightMeters: number;
}

/** Meters east, north and up of the sample flight's origin, on the plane that touches it there. */
export interface LocalPoint {
  east: number;
  north: number;
  up: number;
}

/** Easting and northing in EPSG:32632 (UTM zone 32 north), and height above the ellipsoid; meters. */
export interface MapPoint {
  easting: number;
  northing: number;
  height: number;
}

const SEMI_MAJOR = 6378137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;
const UTM_32N = '+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs';

type Vector = [number, number, number];

const primeVertical = (sinLatitude: number) => SEMI_MAJOR / Math.sqrt(1 - E2 * sinLatitude ** 2);

function toEarthCentered(place: Geodetic): Vector {
  const [lat, lon] = [place.latitudeDegrees * RADIANS, place.longitudeDegrees * RADIANS];
  const n = primeVertical(Math.sin(lat));
  const ring = (n + place.heightMeters) * Math.cos(lat);
  const axis = (n * (1 - E2) + place.heightMeters) * Math.sin(lat);
  return [ring * Math.cos(lon), ring * Math.sin(lon), axis];
}

function toGeodetic([x, y, z]: Vector): Geodetic {
  const ring = Math.hypot(x, y);
  let lat = Math.atan2(z, ring * (1 - E2));
  // Each round gains more than two digits near the ground; eight reach the limit of a double.
  for (let round = 0; round < 8; round++) {
    const sin = Math.sin(lat);
    lat = Math.atan2(z + E2 * primeVertical(sin) * sin, ring);
  }
  const heightMeters =
    ring * Math.cos(lat) + z * Math.sin(lat) - SEMI_MAJOR ** 2 / primeVertical(Math.sin(lat));
  return {
    latitudeDegrees: lat / RADIANS,
    longitudeDegrees: Math.atan2(y, x) / RADIANS,
    heightMeters,
  };
}

/**
 * Brings a local point to the ellipsoid.
 *
 * Written apart from the product's own geodesy on purpose: the sample is the truth that the product
 * is measured against, and a shared mistake would not show.
 */
export function localToGeodetic(point: LocalPoint, origin: Geodetic): Geodetic {
  const [lat, lon] = [origin.latitudeDegrees * RADIANS, origin.longitudeDegrees * RADIANS];
  const [sinLat, cosLat, sinLon, cosLon] = [
    Math.sin(lat),
    Math.cos(lat),
    Math.sin(lon),
    Math.cos(lon),
  ];
  const { east, north, up } = point;
  const [x, y, z] = toEarthCentered(origin);
  return toGeodetic([
    x - sinLon * east - sinLat * cosLon * north + cosLat * cosLon * up,
    y + cosLon * east - sinLat * sinLon * north + cosLat * sinLon * up,
    z + cosLat * north + sinLat * up,
  ]);
}

/** Brings a local point to the map that the sample's control list is written in. */
export function localToMap(point: LocalPoint, origin: Geodetic): MapPoint {
  const place = localToGeodetic(point, origin);
  const [easting, northing] = proj4(UTM_32N, [place.longitudeDegrees, place.latitudeDegrees]);
  return { easting, northing, height: place.heightMeters };
}
