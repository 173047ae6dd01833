import type { Position, ToGround } from '../../maths/map-projection.ts';
import { type Geotransform, toMap } from './affine.ts';

/** A closed list of positions: the last is the first. */
export type Ring = Position[];

export interface MultiPolygon {
  type: 'MultiPolygon';
  coordinates: Ring[][];
}

export interface Footprint {
  /** Null when fewer than three points of the outline reach the ground. */
  geometry: MultiPolygon | null;
  droppedPoints: number;
}

export const POINTS_PER_EDGE = 21;
/** 0.1 mm on the ground: what lies below is noise of the projection. */
const DECIMALS = 1e9;

/**
 * The outline of a raster on the ground: counter-clockwise, closed, cut at the antimeridian (RFC 7946).
 *
 * The outer edges of the outer pixels, 21 points an edge with both corners, since a straight line of the
 * map is a curve on the ground. Points that do not transform are left out and counted. Between two
 * neighboring points the shorter way round the earth is meant; an outline that goes once round it holds
 * a pole, namely the one of the hemisphere in which most of it lies.
 */
export function footprintOf(
  transform: Geotransform,
  width: number,
  height: number,
  toGround: ToGround,
): Footprint {
  return footprintThrough(width, height, (column, row) =>
    toGround(...toMap(transform, column, row)),
  );
}

/**
 * The same of a raster whose pixels reach the ground in any way.
 *
 * @param toGround from columns and rows, counted from the outer corner of the first pixel.
 */
export function footprintThrough(
  width: number,
  height: number,
  toGround: (column: number, row: number) => Position | null,
): Footprint {
  const points = outlineOfRaster(width, height).map(([column, row]) => toGround(column, row));
  return footprintOfPoints(points);
}

/** The outline through places on the ground in their order; those that are not found are left out. */
export function footprintOfPoints(points: readonly (Position | null)[]): Footprint {
  const found = points.filter((point) => point !== null);
  const droppedPoints = points.length - found.length;
  if (found.length < 3) return { geometry: null, droppedPoints };
  const rings = splitAtAntimeridian(closeOverPole(unwrap(found)));
  if (rings.length === 0) return { geometry: null, droppedPoints };
  return {
    geometry: { type: 'MultiPolygon', coordinates: rings.map((ring) => [finishRing(ring)]) },
    droppedPoints,
  };
}

function outlineOfRaster(width: number, height: number): [column: number, row: number][] {
  const steps = POINTS_PER_EDGE - 1;
  const along = Array.from({ length: steps }, (_, step) => step / steps);
  return [
    ...along.map((share): [number, number] => [share * width, 0]),
    ...along.map((share): [number, number] => [width, share * height]),
    ...along.map((share): [number, number] => [(1 - share) * width, height]),
    ...along.map((share): [number, number] => [0, (1 - share) * height]),
  ];
}

/** Adds full turns to longitudes, so that neighbors are less than half a turn apart. */
function unwrap(points: readonly Position[]): Position[] {
  let before = points[0]![0];
  return points.map(([longitude, latitude]) => {
    before = nearestTurn(longitude, before);
    return [before, latitude];
  });
}

function nearestTurn(longitude: number, reference: number): number {
  return longitude - 360 * Math.round((longitude - reference) / 360);
}

/** An outline that ends a turn away from its start runs along the edge of the map over the pole. */
function closeOverPole(points: Position[]): Position[] {
  const [startLongitude, startLatitude] = points[0]!;
  const end = nearestTurn(startLongitude, points.at(-1)![0]);
  if (Math.abs(end - startLongitude) < 180) return points;
  const mean = points.reduce((sum, [, latitude]) => sum + latitude, 0);
  const pole = mean < 0 ? -90 : 90;
  return [...points, [end, startLatitude], [end, pole], [startLongitude, pole]];
}

function splitAtAntimeridian(points: Position[]): Position[][] {
  const longitudes = points.map(([longitude]) => longitude);
  const west = Math.min(...longitudes);
  // A raster that overlaps itself, such as 360.5 degrees of pixels, covers the earth once.
  const east = Math.min(Math.max(...longitudes), west + 360);
  const rings: Position[][] = [];
  for (let strip = Math.floor((west + 180) / 360); strip * 360 - 180 < east; strip++) {
    const middle = strip * 360;
    const clipped = clip(points, Math.max(west, middle - 180), Math.min(east, middle + 180));
    const ring = clipped.map(([longitude, latitude]): Position => [longitude - middle, latitude]);
    if (Math.abs(signedArea(ring)) > 1e-12) rings.push(ring);
  }
  return rings;
}

/** Cuts a ring down to a band of longitudes (I. Sutherland and G. Hodgman, 1974). */
function clip(points: Position[], west: number, east: number): Position[] {
  const eastOfWest = clipAt(points, west, (longitude) => longitude >= west);
  return clipAt(eastOfWest, east, (longitude) => longitude <= east);
}

function clipAt(
  points: Position[],
  limit: number,
  isInside: (longitude: number) => boolean,
): Position[] {
  return points.flatMap((point, index): Position[] => {
    const before = points.at(index - 1)!;
    const crosses = isInside(point[0]) !== isInside(before[0]);
    const kept: Position[] = isInside(point[0]) ? [point] : [];
    return crosses ? [crossing(before, point, limit), ...kept] : kept;
  });
}

function crossing(from: Position, to: Position, longitude: number): Position {
  const share = (longitude - from[0]) / (to[0] - from[0]);
  return [longitude, from[1] + share * (to[1] - from[1])];
}

function finishRing(points: Position[]): Ring {
  const rounded = points.map(([x, y]): Position => [roundDegrees(x), roundDegrees(y)]);
  const distinct = rounded.filter(([x, y], index) => {
    const [beforeX, beforeY] = rounded.at(index - 1)!;
    return x !== beforeX || y !== beforeY;
  });
  const ring = signedArea(distinct) < 0 ? distinct.reverse() : distinct;
  return [...ring, [...ring[0]!]];
}

/** Rounds to 1e-9 degree, and never gives a negative zero. */
export function roundDegrees(degrees: number): number {
  return Math.round(degrees * DECIMALS) / DECIMALS + 0;
}

/** In square degrees, positive when counter-clockwise. */
function signedArea(points: readonly Position[]): number {
  return (
    points.reduce((sum, [x, y], index) => {
      const [beforeX, beforeY] = points.at(index - 1)!;
      return sum + (beforeX * y - x * beforeY);
    }, 0) / 2
  );
}
