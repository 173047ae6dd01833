import type { FlightGeometry } from '../../contracts/flight.ts';
import { coverageOf, forCellsInside } from '../../maths/coverage.ts';
import { overlapOfHulls } from '../../maths/overlap.ts';
import { convexHull, type Polygon } from '../../maths/polygon.ts';
import { median } from '../../maths/robust.ts';
import type { Exposure, FlightTrack } from './flight-track.ts';
import type { FlightFrame } from './placed-image.ts';
import type { Neighbors } from './track-neighbors.ts';
import { rounded, valueSpread } from './value-spread.ts';

/** Images of other lines among which that with the largest overlap is. */
const NEAREST = 3;

/** Overlap of two images of one flight, by name. */
export interface PairOverlap {
  first: string;
  second: string;
  overlap: number;
}

/** Overlaps of a flight, each pair once. */
export interface FlightOverlaps {
  forward: PairOverlap[];
  /** Of each image with that of a parallel line that it shares most with. */
  side: PairOverlap[];
}

export function overlapsOfTrack(
  { exposures }: FlightTrack,
  neighbors: readonly Neighbors[],
): FlightOverlaps {
  const overlaps: FlightOverlaps = { forward: [], side: [] };
  const hulls = exposures.map(({ footprint }) =>
    footprint === null ? null : convexHull(footprint),
  );
  const pairOf = (a: number, b: number): PairOverlap | null => {
    const [hullA, hullB] = [hulls[a] ?? null, hulls[b] ?? null];
    const overlap = hullA === null || hullB === null ? null : overlapOfHulls(hullA, hullB);
    if (overlap === null) return null;
    return { first: exposures[a]!.name, second: exposures[b]!.name, overlap };
  };
  neighbors.forEach((_, index) => {
    const { after, beside } = neighbors[index]!;
    const next = after === null ? null : pairOf(index, after);
    if (next !== null) overlaps.forward.push(next);
    let best: PairOverlap | null = null;
    for (const other of beside.slice(0, NEAREST)) {
      const pair = pairOf(index, other);
      if (pair !== null && (best === null || pair.overlap > best.overlap)) best = pair;
    }
    if (best !== null) overlaps.side.push(best);
  });
  return overlaps;
}

/**
 * The figures of a flight's geometry; null when not one footprint is known.
 *
 * @param enough images that must see a place so that its height can be told apart from an error.
 */
export function flightGeometry(
  { exposures }: FlightTrack,
  { forward, side }: FlightOverlaps,
  frame: FlightFrame,
  enough: number,
): FlightGeometry | null {
  const footprints = exposures.flatMap(({ footprint }) => (footprint === null ? [] : [footprint]));
  const sizes = exposures.flatMap(({ gsd }) => gsd ?? []);
  const usualSize = median(sizes);
  if (usualSize === null) return null;
  const covered = coverage(footprints, exposures, usualSize, enough);
  return {
    origin: {
      latitude: rounded(frame.latitude, 9),
      longitude: rounded(frame.longitude, 9),
      height: frame.groundAltitude === null ? null : rounded(frame.groundAltitude, 3),
    },
    forwardOverlap: valueSpread(forward.map(({ overlap }) => overlap)),
    sideOverlap: valueSpread(side.map(({ overlap }) => overlap)),
    gsd: valueSpread(sizes),
    tiltDegrees: valueSpread(exposures.flatMap(({ tiltDegrees }) => tiltDegrees ?? [])),
    ...covered,
    ...(frame.ground === undefined && frame.isGroundStated !== true
      ? {}
      : { heightsFrom: heightsFrom(exposures, frame) }),
  };
}

function heightsFrom(
  exposures: readonly Exposure[],
  { isGroundStated }: FlightFrame,
): NonNullable<FlightGeometry['heightsFrom']> {
  const counts = { groundModel: 0, statedGround: 0, takeOff: 0, levelGround: 0 };
  for (const { heightSource } of exposures) if (heightSource !== null) counts[heightSource]++;
  const { statedGround, ...others } = counts;
  return isGroundStated === true ? { ...others, statedGround } : others;
}

function coverage(
  footprints: readonly Polygon[],
  exposures: readonly Exposure[],
  gsd: number,
  enough: number,
): Pick<FlightGeometry, 'coverage' | 'holeShare'> {
  const seen = coverageOf(footprints, gsd);
  if (seen === null) return { coverage: [], holeShare: null };
  const below = convexHull(exposures.map(({ place }) => place));
  let [cells, holes] = [0, 0];
  forCellsInside(seen, below, (index) => {
    cells++;
    if (seen.counts[index]! < enough) holes++;
  });
  return {
    coverage: seen.shares.map(({ images, share }) => ({ images, share: rounded(share) })),
    holeShare: cells === 0 ? null : rounded(holes / cells),
  };
}
