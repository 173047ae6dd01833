import { z } from 'zod';
import type { Finding } from '../../contracts/findings.ts';
import type { Boundary } from '../../contracts/flight-companions.ts';
import { signedArea } from '../../maths/polygon.ts';
import { fileFinding } from './file-finding.ts';
import { faultsIn, parseJson } from './json-file.ts';

export const BOUNDARY_FILE = 'boundary.geojson';

/** An outline that was digitized by hand has some hundreds; each image is compared with all of them. */
const MAX_CORNERS = 10_000;
/** Three corners, and the first once more. */
const LEAST_POSITIONS = 4;

const position = z.tuple([z.number(), z.number()], z.number());
const rings = z.array(z.array(position)).min(1);
const polygon = z.object({ type: z.literal('Polygon'), coordinates: rings });
const multiPolygon = z.object({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(rings).min(1),
});
const geometry = z.discriminatedUnion('type', [polygon, multiPolygon]);
const feature = z.object({ type: z.literal('Feature'), geometry: geometry.nullable() });
const collection = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(feature),
});
/** RFC 7946 has one system only; older writers name it, or another. */
const namedCrs = z.object({
  crs: z.object({ properties: z.object({ name: z.string() }) }).nullish(),
});
const boundaryFile = z.discriminatedUnion('type', [polygon, multiPolygon, feature, collection]);

type Ring = z.infer<typeof position>[];

const DEGREES = /CRS84$|EPSG:+(?:[\d.]*:)?4326$/i;

/**
 * Reads the area of interest: GeoJSON (RFC 7946), a polygon or several, as such or as features. Holes count as
 * holes; which way a ring runs does not matter.
 *
 * @param file its name, for the finding.
 */
export function parseBoundaryFile(
  content: string,
  file: string,
): { boundary: Boundary | null; findings: Finding[] } {
  const json = parseJson(content);
  if ('fault' in json) return refused(file, `it ${json.fault}`);
  const crs = namedCrs.safeParse(json.value).data?.crs?.properties.name;
  if (crs !== undefined && !DEGREES.test(crs)) {
    return refused(
      file,
      `GeoJSON is in WGS84 degrees: found "${crs.slice(0, 80)}", export it in EPSG:4326`,
    );
  }
  const parsed = boundaryFile.safeParse(json.value);
  if (!parsed.success) {
    const faults = faultsIn(parsed.error.issues, json.value, []);
    return refused(
      file,
      `it must be a GeoJSON Polygon or MultiPolygon, or features of them: ${faults}`,
    );
  }
  const polygons = polygonsOf(parsed.data);
  const fault = faultOf(polygons);
  if (fault !== null) return refused(file, fault);
  return { boundary: { file, polygons: polygons.map((each) => each.map(openRing)) }, findings: [] };
}

function polygonsOf(value: z.infer<typeof boundaryFile>): Ring[][] {
  switch (value.type) {
    case 'Polygon':
      return [value.coordinates];
    case 'MultiPolygon':
      return value.coordinates;
    case 'Feature':
      return value.geometry === null ? [] : polygonsOf(value.geometry);
    case 'FeatureCollection':
      return value.features.flatMap(polygonsOf);
  }
}

function faultOf(polygons: readonly Ring[][]): string | null {
  const all = polygons.flat();
  const corners = all.reduce((sum, ring) => sum + ring.length, 0);
  if (corners === 0) return 'it holds no polygon';
  if (corners > MAX_CORNERS) {
    return `an area may have ${MAX_CORNERS} corners: found ${corners}, simplify it`;
  }
  for (const ring of all) {
    const fault = faultOfRing(ring);
    if (fault !== null) return fault;
  }
  return polygons.every(([outline]) => signedArea(openRing(outline!)) !== 0)
    ? null
    : 'one of its polygons has no area';
}

function faultOfRing(ring: Ring): string | null {
  const [first, last] = [ring[0], ring.at(-1)];
  if (ring.length < LEAST_POSITIONS) {
    return `a ring needs ${LEAST_POSITIONS} positions, the last like the first: found ${ring.length}`;
  }
  if (first![0] !== last![0] || first![1] !== last![1]) {
    return `a ring must end where it begins: found ${first![0]}, ${first![1]} and ${last![0]}, ${last![1]}`;
  }
  for (const [index, [longitude, latitude]] of ring.entries()) {
    if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) {
      return `${longitude}, ${latitude} are no longitude and latitude in degrees: export it in EPSG:4326, longitude first`;
    }
    if (Math.abs(longitude - (ring[index + 1] ?? first!)[0]) > 180) {
      return 'one of its rings crosses the antimeridian: cut it there into two polygons, as RFC 7946 has it';
    }
  }
  return null;
}

function openRing(ring: Ring): [number, number][] {
  return ring.slice(0, -1).map(([longitude, latitude]) => [longitude, latitude]);
}

function refused(file: string, reason: string): { boundary: null; findings: Finding[] } {
  return { boundary: null, findings: [fileFinding('COMPANION_INVALID', file, reason)] };
}
