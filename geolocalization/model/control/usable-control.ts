import type { GroundControl } from '../../../contracts/scene-placement.ts';
import { upperMedian } from '../../../maths/upper-median.ts';

/** Of the length of a row of points, how far they have to reach to its sides. */
const LEAST_WIDTH = 1e-3;
/** Pixels, and a share of how far places lie from their middle: less apart is one place. */
const SAME_PIXEL = 1e-6;
const SAME_PLACE = 1e-9;
/** Times as far from the middle as half of the points are: that far lies no part of the same scene. */
const FAR = 1000;

export interface UsableControl {
  points: GroundControl[];
  /** One sentence each, about points that are left out. */
  warnings: string[];
}

/**
 * Control points that a model can be fitted to: each pixel and each place once, and not on a line.
 *
 * @returns the rest of the sentence `Scene "x" ...` when too few are left, or all lie on a line.
 */
export function usableControl(control: readonly GroundControl[]): UsableControl | string {
  const finite = control.filter(({ column, row, x, y }) =>
    [column, row, x, y].every(Number.isFinite),
  );
  const warnings: string[] = [];
  const infinite = control.length - finite.length;
  if (infinite > 0) {
    warnings.push(
      `${infinite} of its ${control.length} ground control points ${infinite === 1 ? 'is' : 'are'} left out as ${infinite === 1 ? 'it has' : 'they have'} numbers that are not finite`,
    );
  }
  const near = finite.filter(isNear(finite));
  if (near.length < finite.length) {
    const [{ column, row }] = finite.filter((point) => !near.includes(point)) as [GroundControl];
    warnings.push(
      `${finite.length - near.length} of its ${control.length} ground control points lie more than ${FAR} times as far off as the others and are left out, such as that at column ${column}, row ${row}`,
    );
  }
  const { kept, repeated, contradicted } = distinct(near);
  if (repeated > 0) {
    warnings.push(
      `${repeated} of its ${control.length} ground control points ${repeated === 1 ? 'repeats another and is' : 'repeat others and are'} left out`,
    );
  }
  if (contradicted.length > 0) {
    const { column, row } = contradicted[0]!;
    warnings.push(
      `${contradicted.length} of its ${control.length} ground control points are left out as they contradict each other, one pixel with two places or one place with two pixels, such as that at column ${column}, row ${row}`,
    );
  }
  const counted = `has ${control.length} ground control ${control.length === 1 ? 'point' : 'points'}`;
  if (kept.length < 3) {
    const used = kept.length < control.length ? `, of which ${kept.length} can be used` : '';
    return `${counted}${used}, and at least 3 that are not on a line are needed to place it`;
  }
  const isLine =
    isOnLine(kept.map(({ column, row }) => [column, row])) ||
    isOnLine(kept.map(({ x, y }) => [x, y]));
  if (isLine) {
    return `${counted} that lie on one line, and at least one beside it is needed to place the scene`;
  }
  return { points: kept, warnings };
}

function distinct(points: readonly GroundControl[]) {
  const size = Math.max(reachOf(points.map(({ x }) => x)), reachOf(points.map(({ y }) => y)));
  const pixelKey = ({ column, row }: GroundControl) =>
    `${Math.round(column / SAME_PIXEL)} ${Math.round(row / SAME_PIXEL)}`;
  const least = size === 0 ? 1 : SAME_PLACE * size;
  const placeKey = ({ x, y }: GroundControl) => `${Math.round(x / least)} ${Math.round(y / least)}`;
  const once = new Map(points.map((point) => [`${pixelKey(point)} ${placeKey(point)}`, point]));
  const kept = Array.from(once.values());
  const [pixels, places] = [counts(kept.map(pixelKey)), counts(kept.map(placeKey))];
  const isAlone = (point: GroundControl) =>
    pixels.get(pixelKey(point)) === 1 && places.get(placeKey(point)) === 1;
  return {
    kept: kept.filter(isAlone),
    repeated: points.length - kept.length,
    contradicted: kept.filter((point) => !isAlone(point)),
  };
}

function counts(keys: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}

/** Whether a point lies as far from the middle as others do, in the picture and in the map. */
function isNear(points: readonly GroundControl[]): (point: GroundControl) => boolean {
  const axes = (['column', 'row', 'x', 'y'] as const).map((axis) => {
    const values = points.map((point) => point[axis]);
    return { axis, middle: middleOf(values), reach: reachOf(values) };
  });
  // Of one side of the map the points may have one coordinate alone: the other axis tells then.
  const [pixels, meters] = [axes.slice(0, 2), axes.slice(2)].map((pair) =>
    Math.max(...pair.map(({ reach }) => reach)),
  ) as [number, number];
  return (point) =>
    axes.every(({ axis, middle }, index) => {
      const reach = index < 2 ? pixels : meters;
      return reach === 0 || Math.abs(point[axis] - middle) <= FAR * reach;
    });
}

/** Half of the values lie within so much of their middle. */
function reachOf(values: readonly number[]): number {
  const middle = middleOf(values);
  return middleOf(values.map((value) => Math.abs(value - middle)));
}

function middleOf(values: readonly number[]): number {
  return upperMedian(Float64Array.from(values));
}

/** By the two sizes of the ellipse that their spread makes. */
function isOnLine(places: readonly (readonly [number, number])[]): boolean {
  const count = places.length;
  const middleX = places.reduce((sum, [x]) => sum + x, 0) / count;
  const middleY = places.reduce((sum, [, y]) => sum + y, 0) / count;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of places) {
    xx += (x - middleX) ** 2;
    xy += (x - middleX) * (y - middleY);
    yy += (y - middleY) ** 2;
  }
  const [half, difference] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  const [long, short] = [half + difference, Math.max(0, half - difference)];
  return !(Math.sqrt(short) > LEAST_WIDTH * Math.sqrt(long));
}
