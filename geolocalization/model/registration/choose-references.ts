import type { MultiPolygon } from '../footprint.ts';

/** Files that are read as one reference: more would keep too many open. */
export const MAX_REFERENCES = 16;

type Box = readonly [west: number, south: number, east: number, north: number];

/**
 * The files whose footprints overlap a scene's, the one that covers most of it first; of equal ones the
 * first by name. Overlaps are those of the boxes around the footprints.
 *
 * @param scene null for one that may lie anywhere: then as many as can be read, by name.
 * @returns `leftOut` counts those that overlap and are too many to be read.
 */
export function chooseReferences<Entry extends { name: string; footprint: MultiPolygon | null }>(
  scene: MultiPolygon | null,
  entries: readonly Entry[],
): { chosen: Entry[]; leftOut: number } {
  if (scene === null) {
    const named = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return firstOf(named);
  }
  const boxes = boxesOf(scene);
  const overlapping = entries
    .map((entry) => ({ entry, overlap: overlapOf(boxes, boxesOf(entry.footprint)) }))
    .filter(({ overlap }) => overlap > 0)
    .sort((a, b) => b.overlap - a.overlap || (a.entry.name < b.entry.name ? -1 : 1));
  return firstOf(overlapping.map(({ entry }) => entry));
}

function firstOf<Entry>(entries: readonly Entry[]): { chosen: Entry[]; leftOut: number } {
  const chosen = entries.slice(0, MAX_REFERENCES);
  return { chosen, leftOut: entries.length - chosen.length };
}

/** One box for each part of an outline that the antimeridian cuts. */
function boxesOf(outline: MultiPolygon | null): Box[] {
  return (outline?.coordinates ?? []).map(([ring = []]) => {
    const [longitudes, latitudes] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
    return [
      Math.min(...longitudes),
      Math.min(...latitudes),
      Math.max(...longitudes),
      Math.max(...latitudes),
    ];
  });
}

function overlapOf(boxes: readonly Box[], others: readonly Box[]): number {
  let sum = 0;
  for (const [west, south, east, north] of boxes) {
    for (const other of others) {
      const width = Math.min(east, other[2]) - Math.max(west, other[0]);
      const height = Math.min(north, other[3]) - Math.max(south, other[1]);
      if (width > 0 && height > 0) sum += width * height;
    }
  }
  return sum;
}
