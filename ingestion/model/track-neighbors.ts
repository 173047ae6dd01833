import { PointGrid } from '../../maths/point-grid.ts';
import { median } from '../../maths/robust.ts';
import type { FlightTrack } from './flight-track.ts';
import { bend } from './strips.ts';

/** Neighbors in other lines that are looked at: the nearest. */
const MOST_BESIDE = 6;
/** Lines are beside each other when their headings, either way, differ by less, degrees. */
const PARALLEL = 30;

/** The exposures around one: before and after it in its line, and the nearest of parallel lines. */
export interface Neighbors {
  before: number | null;
  after: number | null;
  beside: number[];
}

/** @returns the neighbors of each exposure of a track, by index. */
export function neighborsOf({ exposures, strips }: FlightTrack): Neighbors[] {
  const stripOf = new Int32Array(exposures.length);
  const neighbors = exposures.map((): Neighbors => ({ before: null, after: null, beside: [] }));
  strips.forEach(({ members }, id) => {
    members.forEach((member, at) => {
      stripOf[member] = id;
      neighbors[member]!.before = members[at - 1] ?? null;
      neighbors[member]!.after = members[at + 1] ?? null;
    });
  });
  const reach = median(exposures.flatMap(({ footprint }) => diagonalOf(footprint) ?? []));
  if (reach === null || !(reach > 0)) return neighbors;
  const grid = new PointGrid(
    exposures.map(({ place }) => place),
    reach / 2,
  );
  exposures.forEach(({ place }, index) => {
    const own = strips[stripOf[index]!]!;
    neighbors[index]!.beside = grid
      .within(place, reach)
      .filter((other) => {
        const strip = strips[stripOf[other]!]!;
        return strip !== own && areParallel(strip.heading, own.heading);
      })
      .map((other) => {
        const [x, y] = exposures[other]!.place;
        return { other, distance: Math.hypot(x - place[0], y - place[1]) };
      })
      .sort((a, b) => a.distance - b.distance || a.other - b.other)
      .slice(0, MOST_BESIDE)
      .map(({ other }) => other);
  });
  return neighbors;
}

function areParallel(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return false;
  const turn = Math.abs(bend(a, b));
  return Math.min(turn, 180 - turn) <= PARALLEL;
}

/** The longest way across a footprint, meters. */
function diagonalOf(footprint: readonly (readonly [number, number])[] | null): number | null {
  if (footprint === null) return null;
  const [xs, ys] = [footprint.map(([x]) => x), footprint.map(([, y]) => y)];
  return Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}
