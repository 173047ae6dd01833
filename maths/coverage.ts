import type { GroundArea } from './ground-area.ts';
import { convexHull, type Polygon } from './polygon.ts';

/** Images that see a place, in the classes that professional reports print. */
export const COVERAGE_CLASSES = [2, 3, 5, 9] as const;

const CELL_IN_PIXELS = 5;
const MOST_CELLS_A_SIDE = 1000;

/** How many images see each cell of the ground; row 0 in the south. */
export interface Coverage {
  west: number;
  south: number;
  /** Side of a cell, meters. */
  cell: number;
  columns: number;
  rows: number;
  /** Row-major; cells outside the hull of all footprints count, too. */
  counts: Uint16Array;
  /** Share of the hull that at least so many images see, 0 to 1. */
  shares: { images: number; share: number }[];
}

/**
 * Counts the images that see each cell of the ground, and the share of the hull of all footprints
 * that enough of them see. A cell is seen when its center is.
 *
 * @param gsd of the flight, meters: cells are five pixels wide, or wider where that would make more than
 * 1000 a side.
 * @returns null without footprints.
 */
export function coverageOf(footprints: readonly Polygon[], gsd: number): Coverage | null {
  const places = footprints.flat();
  if (places.length === 0 || !(gsd > 0)) return null;
  const box = boundsOf(places);
  const extent = Math.max(box.east - box.west, box.north - box.south);
  const cell = Math.max(CELL_IN_PIXELS * gsd, extent / MOST_CELLS_A_SIDE);
  const grid = gridOver(box, cell);
  const counts = new Uint16Array(grid.columns * grid.rows);
  for (const footprint of footprints) forCellsInside(grid, footprint, (index) => counts[index]!++);
  return { ...grid, counts, shares: sharesOf(grid, counts, convexHull(places)) };
}

/** Cells of an area in each direction, at least: a small one is told as well as a large one. */
const LEAST_CELLS_A_SIDE = 100;

/** How many images see the cells of an area. */
export interface AreaCoverage {
  /** Share of the area that at least so many images see, 0 to 1; none where it is narrower than any cell. */
  shares: { images: number; share: number }[];
  /** Footprints that hold the center of a cell of the area, by their place in the list. */
  met: ReadonlySet<number>;
}

/**
 * As `coverageOf`, of an area that is given, whether footprints lie in it or not.
 *
 * @param classes numbers of images.
 */
export function coverageOfArea(
  area: GroundArea,
  footprints: readonly Polygon[],
  gsd: number,
  classes: readonly number[],
): AreaCoverage {
  const box = boundsOf(area.flat(2));
  const extent = Math.max(box.east - box.west, box.north - box.south);
  const wanted = Math.min(CELL_IN_PIXELS * gsd, extent / LEAST_CELLS_A_SIDE);
  const grid = gridOver(box, Math.max(wanted, extent / MOST_CELLS_A_SIDE));
  const isOfArea = new Uint8Array(grid.columns * grid.rows);
  // Pieces may overlap, so that cells are marked before they are counted.
  for (const rings of area) forCellsInRings(grid, rings, (index) => (isOfArea[index] = 1));
  const counts = new Uint16Array(isOfArea.length);
  const met = new Set<number>();
  footprints.forEach((footprint, image) =>
    forCellsInside(grid, footprint, (index) => {
      counts[index]!++;
      if (isOfArea[index] === 1) met.add(image);
    }),
  );
  let cells = 0;
  const seen = classes.map(() => 0);
  isOfArea.forEach((isInside, index) => {
    if (isInside === 0) return;
    cells++;
    classes.forEach((images, rank) => {
      if (counts[index]! >= images) seen[rank]!++;
    });
  });
  const shares = classes.map((images, rank) => ({ images, share: seen[rank]! / cells }));
  return { shares: cells === 0 ? [] : shares, met };
}

function gridOver(box: ReturnType<typeof boundsOf>, cell: number): Grid {
  const columns = Math.max(1, Math.ceil((box.east - box.west) / cell - 1e-9));
  const rows = Math.max(1, Math.ceil((box.north - box.south) / cell - 1e-9));
  return { west: box.west, south: box.south, cell, columns, rows };
}

/** Where the cells lie. */
type Grid = Pick<Coverage, 'west' | 'south' | 'cell' | 'columns' | 'rows'>;

function sharesOf(grid: Grid, counts: Uint16Array, hull: Polygon): Coverage['shares'] {
  let cells = 0;
  const seen = COVERAGE_CLASSES.map(() => 0);
  forCellsInside(grid, hull, (index) => {
    cells++;
    COVERAGE_CLASSES.forEach((images, rank) => {
      if (counts[index]! >= images) seen[rank]!++;
    });
  });
  return COVERAGE_CLASSES.map((images, rank) => ({
    images,
    share: cells === 0 ? 0 : seen[rank]! / cells,
  }));
}

/**
 * Calls `visit` with the index of every cell whose center lies inside, row by row: between each pair of
 * edges that a row meets.
 */
export function forCellsInside(grid: Grid, polygon: Polygon, visit: (index: number) => void): void {
  forCellsInRings(grid, [polygon], visit);
}

/** The same of an outline and the holes in it. */
function forCellsInRings(
  grid: Grid,
  rings: readonly Polygon[],
  visit: (index: number) => void,
): void {
  const { west, south, cell, columns, rows } = grid;
  const box = boundsOf(rings.flat());
  const first = Math.max(0, Math.floor((box.south - south) / cell));
  const last = Math.min(rows, Math.floor((box.north - south) / cell + 1));
  for (let row = first; row < last; row++) {
    const met = crossings(rings, south + (row + 0.5) * cell);
    for (let pair = 0; pair + 1 < met.length; pair += 2) {
      const [from, to] = [met[pair]!, met[pair + 1]!];
      // From the cell before: whether the first is inside is told by its center, not by rounding.
      let column = Math.max(0, Math.floor((from - west) / cell - 0.5));
      if (west + (column + 0.5) * cell < from) column++;
      for (; column < columns && west + (column + 0.5) * cell < to; column++) {
        visit(row * columns + column);
      }
    }
  }
}

/** Where edges meet the line at height `y`, from west to east. */
function crossings(rings: readonly Polygon[], y: number): number[] {
  const met: number[] = [];
  for (const ring of rings) {
    for (let index = 0; index < ring.length; index++) {
      const [fromX, fromY] = ring[index]!;
      const [toX, toY] = ring[(index + 1) % ring.length]!;
      if (fromY > y !== toY > y) met.push(fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX));
    }
  }
  return met.sort((a, b) => a - b);
}

function boundsOf(places: Polygon): { west: number; south: number; east: number; north: number } {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of places) {
    west = Math.min(west, x);
    south = Math.min(south, y);
    east = Math.max(east, x);
    north = Math.max(north, y);
  }
  return { west, south, east, north };
}
