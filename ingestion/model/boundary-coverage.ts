import type { Finding } from '../../contracts/findings.ts';
import type { BoundaryCoverage } from '../../contracts/flight.ts';
import type { Boundary } from '../../contracts/flight-companions.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { coverageOfArea } from '../../maths/coverage.ts';
import { geodeticToEnu } from '../../maths/geodesy.ts';
import { areaOfGround, type GroundArea, sharesGround } from '../../maths/ground-area.ts';
import type { Place, Polygon } from '../../maths/polygon.ts';
import { fileFinding } from './file-finding.ts';
import type { FlightTrack } from './flight-track.ts';
import {
  groundDistance,
  type GroundPoint,
  isNearWhenExchanged,
  nearestDistance,
} from './ground-distance.ts';
import { type FlightFrame, originOf } from './placed-image.ts';
import { rounded } from './value-spread.ts';

/** Images that see a place: one shows it, two give its height, five tell that from an error. */
const CLASSES = [1, 2, 5] as const;
/** Ground this far away lies on no plane with that of the flight, meters. */
const MAX_REACH_METERS = 500_000;

/** What is to be said of the area of interest; `statistics` is null where it is that of another flight. */
export interface JudgedBoundary {
  statistics: BoundaryCoverage | null;
  /** Of images that see nothing of it. */
  outside: Finding[];
  flightFindings: (flightId: string) => Finding[];
}

/**
 * How much of the area of interest the footprints of a flight cover.
 *
 * @param gsd the usual one of the flight, meters; null when not one footprint is known.
 */
export function judgeBoundary(
  boundary: Boundary,
  { exposures }: FlightTrack,
  frame: FlightFrame,
  gsd: number | null,
  { maxUncoveredShare, maxGroundDistance }: FlightThresholds,
): JudgedBoundary {
  const { file } = boundary;
  const suspect = placeFinding(
    boundary,
    frame,
    exposures.map(({ description }) => description.position!),
    maxGroundDistance,
  );
  if (suspect !== null) return { statistics: null, outside: [], flightFindings: () => [suspect] };
  const area = onTheFrame(boundary, frame);
  const seen = exposures.filter(({ footprint }) => footprint !== null);
  const footprints = seen.map(({ footprint }) => footprint!);
  const covered = gsd === null ? null : coverageOfArea(area, footprints, gsd, CLASSES);
  const box = boxOf(area.flat(2));
  const outside = seen.filter(
    ({ footprint }, index) =>
      covered?.met.has(index) !== true &&
      !(areNear(box, boxOf(footprint!)) && sharesGround(area, footprint!)),
  );
  const statistics: BoundaryCoverage = {
    file,
    areaSquareMeters: rounded(areaOfGround(area), 1),
    coverage: (covered?.shares ?? []).map(({ images, share }) => ({
      images,
      share: rounded(share),
    })),
    imagesOutside: outside.reduce((sum, { bands }) => sum + bands.length, 0),
  };
  return {
    statistics,
    outside: outside.flatMap(({ bands }) => bands.map((name) => outsideFinding(name, file))),
    flightFindings: (flightId) => uncoveredFinding(flightId, statistics, maxUncoveredShare),
  };
}

function onTheFrame({ polygons }: Boundary, frame: FlightFrame): GroundArea {
  const origin = originOf(frame);
  return polygons.map((rings) =>
    rings.map((ring) =>
      ring.map(([longitudeDegrees, latitudeDegrees]): Place => {
        const place = { longitudeDegrees, latitudeDegrees, heightMeters: origin.heightMeters };
        const [east, north] = geodeticToEnu(place, origin);
        return [east, north];
      }),
    ),
  );
}

/** An area that lies elsewhere: of another flight, or with latitude and longitude exchanged. */
function placeFinding(
  { file, polygons }: Boundary,
  frame: FlightFrame,
  places: readonly GroundPoint[],
  far: number,
): Finding | null {
  if (places.length === 0) return null;
  const corners = polygons.flat(2).map(([longitude, latitude]) => ({ longitude, latitude }));
  const reach = corners.reduce((most, corner) => Math.max(most, groundDistance(corner, frame)), 0);
  const nearest = nearestDistance(corners, places, far);
  const isAround = polygons.some(([outline]) => isAmong(outline!, frame));
  const isFar = nearest > far && !isAround;
  if (!isFar && reach <= MAX_REACH_METERS) return null;
  const isSwapped = isNearWhenExchanged(corners, places, far);
  const hypothesis = isSwapped
    ? 'with latitude and longitude exchanged it lies among them, and GeoJSON has longitude first'
    : 'is it the area of another flight?';
  const distance = isFar ? nearest : reach;
  const reason = isFar
    ? `its area lies ${kilometers(distance)} from the nearest image: ${hypothesis}`
    : `its area reaches ${kilometers(distance)} away from the flight: ${hypothesis}`;
  return {
    ...fileFinding('CRS_SUSPECT', file, reason),
    values: {
      distance: rounded(distance, 0),
      limit: isFar ? far : MAX_REACH_METERS,
      swapped: isSwapped,
    },
  };
}

function isAmong(
  outline: readonly [number, number][],
  { latitude, longitude }: GroundPoint,
): boolean {
  const box = boxOf(outline);
  return areNear(box, boxOf([[longitude, latitude]]));
}

interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

function boxOf(places: Polygon): Box {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const [x, y] of places) {
    box.west = Math.min(box.west, x);
    box.south = Math.min(box.south, y);
    box.east = Math.max(box.east, x);
    box.north = Math.max(box.north, y);
  }
  return box;
}

function areNear(a: Box, b: Box): boolean {
  return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}

function outsideFinding(name: string, file: string): Finding {
  return {
    code: 'BOUNDARY_OUTSIDE',
    severity: 'info',
    scope: 'image',
    subject: name,
    message: `Image "${name}" sees nothing of the area in "${file}": leave it out, or draw the area larger`,
    values: { file },
  };
}

function uncoveredFinding(
  flightId: string,
  { file, areaSquareMeters, coverage }: BoundaryCoverage,
  limit: number,
): Finding[] {
  const [once] = coverage;
  if (once === undefined) return [];
  const uncovered = rounded(1 - once.share);
  if (uncovered <= limit) return [];
  const shares = Object.fromEntries(
    coverage.map(({ images, share }) => [`seenBy${images}`, share]),
  );
  return [
    {
      code: 'BOUNDARY_UNCOVERED',
      severity: 'warning',
      scope: 'flight',
      subject: flightId,
      message: `${percent(uncovered)} of the area in "${file}" are seen by no image, where ${percent(limit)} may be: fly what is missing, or draw the area smaller`,
      values: { uncovered, ...shares, areaSquareMeters, limit },
    },
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function kilometers(meters: number): string {
  return `${(meters / 1000).toFixed(0)} km`;
}
