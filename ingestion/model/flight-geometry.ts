import type { FlightGeometry } from '../../contracts/flight.ts';
import { coverageOf } from '../../maths/coverage.ts';
import { overlapOf } from '../../maths/overlap.ts';
import { convexHull, isInside, type Polygon } from '../../maths/polygon.ts';
import { median } from '../../maths/robust.ts';
import type { Exposure, FlightTrack } from './flight-track.ts';
import type { FlightFrame } from './placed-image.ts';
import type { Neighbors } from './track-neighbors.ts';
import { rounded, valueSpread } from './value-spread.ts';

/** Images that must see a place so that its height can be told apart from an error. */
const ENOUGH_IMAGES = 3;

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
  exposures.forEach((exposure, index) => {
    const { after, beside } = neighbors[index]!;
    const next = after === null ? null : pairOf(exposure, exposures[after]!);
    if (next !== null) overlaps.forward.push(next);
    let best: PairOverlap | null = null;
    for (const other of beside) {
      const pair = pairOf(exposure, exposures[other]!);
      if (pair !== null && (best === null || pair.overlap > best.overlap)) best = pair;
    }
    if (best !== null) overlaps.side.push(best);
  });
  return overlaps;
}

function pairOf(a: Exposure, b: Exposure): PairOverlap | null {
  if (a.footprint === null || b.footprint === null) return null;
  const overlap = overlapOf(a.footprint, b.footprint);
  return overlap === null ? null : { first: a.name, second: b.name, overlap };
}

/** The figures of a flight's geometry; null when not one footprint is known. */
export function flightGeometry(
  { exposures }: FlightTrack,
  { forward, side }: FlightOverlaps,
  frame: FlightFrame,
): FlightGeometry | null {
  const footprints = exposures.flatMap(({ footprint }) => (footprint === null ? [] : [footprint]));
  const sizes = exposures.flatMap(({ gsd }) => gsd ?? []);
  const usualSize = median(sizes);
  if (usualSize === null) return null;
  const covered = coverage(footprints, exposures, usualSize);
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
  };
}

function coverage(
  footprints: readonly Polygon[],
  exposures: readonly Exposure[],
  gsd: number,
): Pick<FlightGeometry, 'coverage' | 'holeShare'> {
  const seen = coverageOf(footprints, gsd);
  if (seen === null) return { coverage: [], holeShare: null };
  const below = convexHull(exposures.map(({ place }) => place));
  let [cells, holes] = [0, 0];
  for (let row = 0, index = 0; row < seen.rows; row++) {
    const y = seen.south + (row + 0.5) * seen.cell;
    for (let column = 0; column < seen.columns; column++, index++) {
      if (!isInside(below, [seen.west + (column + 0.5) * seen.cell, y])) continue;
      cells++;
      if (seen.counts[index]! < ENOUGH_IMAGES) holes++;
    }
  }
  return {
    coverage: seen.shares.map(({ images, share }) => ({ images, share: rounded(share) })),
    holeShare: cells === 0 ? null : rounded(holes / cells),
  };
}
