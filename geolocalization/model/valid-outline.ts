/** One cell of a mask at a corner of which an outline turns, columns and rows from the first corner. */
export type Corner = readonly [column: number, row: number];

/** Cells that a simplified outline may lie off. */
const TOLERANCE = 0.75;

/**
 * The outline of the largest connected part of a mask, along the edges of its cells, simplified: holes and
 * smaller parts are left out. Cells that touch at a corner only are not connected.
 *
 * @param mask row-major, 1 where a cell belongs.
 * @returns corners in order, not closed; null when no cell belongs.
 */
export function validOutline(
  mask: Uint8Array,
  { width, height }: { width: number; height: number },
): Corner[] | null {
  const part = largestPart(mask, width, height);
  if (part === null) return null;
  return simplified(cornersOf(part.isInside, part.first, width, height));
}

function largestPart(
  mask: Uint8Array,
  width: number,
  height: number,
): { isInside: (column: number, row: number) => boolean; first: number } | null {
  const labels = new Int32Array(width * height);
  let [best, label] = [{ label: 0, size: 0, first: 0 }, 0];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] !== 1 || labels[start] !== 0) continue;
    label++;
    const size = fill(mask, labels, { start, label, width });
    if (size > best.size) best = { label, size, first: start };
  }
  if (best.size === 0) return null;
  const isInside = (column: number, row: number) =>
    column >= 0 &&
    row >= 0 &&
    column < width &&
    row < height &&
    labels[row * width + column] === best.label;
  return { isInside, first: best.first };
}

function fill(
  mask: Uint8Array,
  labels: Int32Array,
  { start, label, width }: { start: number; label: number; width: number },
): number {
  const open = [start];
  labels[start] = label;
  let size = 0;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    size++;
    const column = cell % width;
    const neighbors = [
      ...(column > 0 ? [cell - 1] : []),
      ...(column < width - 1 ? [cell + 1] : []),
      cell - width,
      cell + width,
    ];
    for (const next of neighbors) {
      if (mask[next] !== 1 || labels[next] !== 0) continue;
      labels[next] = label;
      open.push(next);
    }
  }
  return size;
}

/** East, south, west, north. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** Walks along the edges with the part on the right hand, from the top left corner of its first cell. */
function cornersOf(
  isInside: (column: number, row: number) => boolean,
  first: number,
  width: number,
  height: number,
): Corner[] {
  const start: Corner = [first % width, Math.floor(first / width)];
  const corners: Corner[] = [];
  let [[column, row], direction] = [start, 0];
  // A walk has at most four edges a cell.
  for (let step = 0; step < 4 * width * height; step++) {
    corners.push([column, row]);
    [column, row] = [column + STEPS[direction]![0], row + STEPS[direction]![1]];
    if (column === start[0] && row === start[1]) break;
    // Cells ahead of the corner: right of the walk and left of it.
    const [right, left] = cellsAhead(column, row, direction);
    if (!isInside(...right)) direction = (direction + 1) % 4;
    else if (isInside(...left)) direction = (direction + 3) % 4;
  }
  return corners;
}

function cellsAhead(column: number, row: number, direction: number): [right: Corner, left: Corner] {
  const southEast: Corner = [column, row];
  const southWest: Corner = [column - 1, row];
  const northWest: Corner = [column - 1, row - 1];
  const northEast: Corner = [column, row - 1];
  switch (direction) {
    case 0:
      return [southEast, northEast];
    case 1:
      return [southWest, southEast];
    case 2:
      return [northWest, southWest];
    default:
      return [northEast, northWest];
  }
}

/** Leaves out corners that the line between their neighbors passes (D. Douglas and T. Peucker, 1973). */
function simplified(ring: readonly Corner[]): Corner[] {
  const far = farthest(ring, 0, ring.length - 1, ring[0]!, ring[0]!).index;
  const kept = new Set([0, far]);
  const open: [number, number][] = [
    [0, far],
    [far, ring.length],
  ];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span;
    const { index, distance } = farthest(ring, from, to, ring[from]!, ring[to % ring.length]!);
    if (distance <= TOLERANCE) continue;
    kept.add(index);
    open.push([from, index], [index, to]);
  }
  return Array.from(kept)
    .sort((a, b) => a - b)
    .map((index) => ring[index]!);
}

function farthest(
  ring: readonly Corner[],
  from: number,
  to: number,
  [x1, y1]: Corner,
  [x2, y2]: Corner,
): { index: number; distance: number } {
  const length = Math.hypot(x2 - x1, y2 - y1);
  let best = { index: from, distance: 0 };
  for (let index = from + 1; index < to; index++) {
    const [x, y] = ring[index]!;
    const distance =
      length === 0
        ? Math.hypot(x - x1, y - y1)
        : Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
    if (distance > best.distance) best = { index, distance };
  }
  return best;
}
