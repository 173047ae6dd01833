import { WGS84_A, WGS84_E2 } from '../../maths/geodesy.ts';
import type { Position } from '../../maths/map-projection.ts';
import type { MultiPolygon } from './footprint.ts';

const DEGREE = Math.PI / 180;
/** Longest piece of an edge that is integrated at once, degrees. */
const PIECE = 1;
/** Gauss-Legendre, three points on [0, 1]. */
const NODES = [
  [0.5 - Math.sqrt(0.15), 5 / 18],
  [0.5, 8 / 18],
  [0.5 + Math.sqrt(0.15), 5 / 18],
] as const;

/**
 * Area on the WGS84 ellipsoid, square meters.
 *
 * Edges are straight lines in longitude and latitude, as GeoJSON has them (RFC 7946, 3.1.1), not
 * geodesics. The area between an edge and the equator is a^2 / 2 times the integral of q(latitude) over
 * longitude, where q is that of the authalic latitude.
 *
 * Source: J. P. Snyder, "Map projections: a working manual", USGS, 1987, equation 3-12.
 */
export function areaSquareMeters({ coordinates }: MultiPolygon): number {
  return coordinates.reduce(
    (sum, rings) => sum + rings.reduce((part, ring) => part + Math.abs(ringIntegral(ring)), 0),
    0,
  );
}

function ringIntegral(ring: readonly Position[]): number {
  let sum = 0;
  for (let index = 1; index < ring.length; index++) {
    sum += edgeIntegral(ring[index - 1]!, ring[index]!);
  }
  return ((WGS84_A * WGS84_A) / 2) * sum;
}

function edgeIntegral([x1, y1]: Position, [x2, y2]: Position): number {
  const width = (x2 - x1) * DEGREE;
  if (width === 0) return 0;
  const pieces = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / PIECE));
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++) {
    for (const [node, weight] of NODES) {
      sum += weight * q((y1 + ((piece + node) / pieces) * (y2 - y1)) * DEGREE);
    }
  }
  return (sum / pieces) * width;
}

function q(latitude: number): number {
  const e = Math.sqrt(WGS84_E2);
  const sine = Math.sin(latitude);
  return (1 - WGS84_E2) * (sine / (1 - WGS84_E2 * sine * sine) + Math.atanh(e * sine) / e);
}
