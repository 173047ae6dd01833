import { type Enu, enuToGeodetic, type GeodeticPosition } from './geodesy.ts';
import { clip, type Polygon, signedArea } from './polygon.ts';

/** GeoJSON (RFC 7946): longitude and latitude, WGS84, degrees; rings counter-clockwise and closed. */
export interface MapOutline {
  type: 'MultiPolygon';
  coordinates: [number, number][][][];
}

/** A tenth of a millimeter on the ground: what lies below is noise. */
const DECIMALS = 1e9;

/** The world between two antimeridians, and its neighbors to the west and east. */
const TURNS = [-360, 0, 360] as const;

/**
 * An outline on the ground as GeoJSON, cut in two where it crosses the antimeridian. An outline that holds
 * a pole is not cut right.
 *
 * @param outline without crossings, in either order, meters east, north, up of the origin.
 * @returns null when it has no area.
 */
export function mapOutline(outline: readonly Enu[], origin: GeodeticPosition): MapOutline | null {
  const ring = outline.map((point): [number, number] => {
    const { longitudeDegrees, latitudeDegrees } = enuToGeodetic(point, origin);
    // On the origin's side of the antimeridian, so that neighbors stay neighbors.
    const turns = Math.round((longitudeDegrees - origin.longitudeDegrees) / 360);
    return [longitudeDegrees - 360 * turns, latitudeDegrees];
  });
  const parts = TURNS.flatMap((turn) => {
    const part = clip(ring, worldBeside(turn));
    if (signedArea(part) === 0) return [];
    return [finish(part.map(([longitude, latitude]) => [longitude - turn, latitude]))];
  });
  if (parts.length === 0) return null;
  return { type: 'MultiPolygon', coordinates: parts.map((part) => [part]) };
}

function worldBeside(turn: number): Polygon {
  return [
    [turn - 180, -90],
    [turn + 180, -90],
    [turn + 180, 90],
    [turn - 180, 90],
  ];
}

function finish(part: Polygon): [number, number][] {
  const round = (degrees: number) => Math.round(degrees * DECIMALS) / DECIMALS;
  const ring = part.map(([longitude, latitude]): [number, number] => [
    round(longitude),
    round(latitude),
  ]);
  if (signedArea(ring) < 0) ring.reverse();
  return [...ring, ring[0]!];
}
