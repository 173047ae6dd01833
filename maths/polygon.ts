/** A place on a map, in one unit east and north. */
export type Place = readonly [x: number, y: number];

/** Corners in order, the first not repeated. */
export type Polygon = readonly Place[];

/** Area by the shoelace formula: positive when the corners run counter-clockwise. */
export function signedArea(polygon: Polygon): number {
  // Counted from a corner, so that large coordinates do not eat the digits.
  const [originX, originY] = polygon[0] ?? [0, 0];
  let twice = 0;
  polygon.forEach(([x, y], index) => {
    const [nextX, nextY] = polygon[(index + 1) % polygon.length]!;
    twice += (x - originX) * (nextY - originY) - (nextX - originX) * (y - originY);
  });
  return twice / 2;
}

/** Center of gravity of a polygon's area; null when it has none. */
export function centroid(polygon: Polygon): [number, number] | null {
  const area = signedArea(polygon);
  if (area === 0) return null;
  const [originX, originY] = polygon[0]!;
  let [sumX, sumY] = [0, 0];
  polygon.forEach((corner, index) => {
    const next = polygon[(index + 1) % polygon.length]!;
    const [x, y] = [corner[0] - originX, corner[1] - originY];
    const [nextX, nextY] = [next[0] - originX, next[1] - originY];
    const weight = x * nextY - nextX * y;
    sumX += (x + nextX) * weight;
    sumY += (y + nextY) * weight;
  });
  return [originX + sumX / (6 * area), originY + sumY / (6 * area)];
}

/**
 * The part of a polygon inside a convex one; empty when they do not meet.
 *
 * Source: I. Sutherland and G. Hodgman, "Reentrant polygon clipping", Communications of the ACM 17, 1974.
 *
 * @param window convex, in either order of corners; footprints of frame images are, but for a hair of
 * distortion at the edges.
 *
 * @example
 * // A unit square, and one moved by half a side:
 * signedArea(clip(square, moved)); // 0.5
 */
export function clip(subject: Polygon, window: Polygon): Polygon {
  const side = Math.sign(signedArea(window));
  // A window without area has no inner side.
  let kept: Polygon = side === 0 ? [] : subject;
  window.forEach((from, index) => {
    const to = window[(index + 1) % window.length]!;
    // Positive on the inner side of the edge.
    const depth = ([x, y]: Place) =>
      side * ((to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]));
    const next: Place[] = [];
    kept.forEach((corner, at) => {
      const follower = kept[(at + 1) % kept.length]!;
      const [here, there] = [depth(corner), depth(follower)];
      if (here >= 0) next.push(corner);
      if (here >= 0 !== there >= 0) {
        const share = here / (here - there);
        next.push([
          corner[0] + share * (follower[0] - corner[0]),
          corner[1] + share * (follower[1] - corner[1]),
        ]);
      }
    });
    kept = next;
  });
  return kept;
}

/** Whether a place lies inside; on the outline either answer is right. */
export function isInside(polygon: Polygon, [x, y]: Place): boolean {
  let inside = false;
  polygon.forEach(([fromX, fromY], index) => {
    const [toX, toY] = polygon[(index + 1) % polygon.length]!;
    if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) {
      inside = !inside;
    }
  });
  return inside;
}

/**
 * The smallest convex polygon around places, counter-clockwise; fewer than three corners when they lie
 * on a line.
 *
 * Source: A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions", Information
 * Processing Letters 9, 1979.
 */
export function convexHull(places: readonly Place[]): Polygon {
  const sorted = places.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chainOf = (run: readonly Place[]): Place[] => {
    const chain: Place[] = [];
    for (const place of run) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, place) <= 0) chain.pop();
      chain.push(place);
    }
    return chain.slice(0, -1);
  };
  return sorted.length < 2 ? sorted : [...chainOf(sorted), ...chainOf(sorted.toReversed())];
}

/** Positive when the way from a over b to c turns left. */
function turn(a: Place, b: Place, c: Place): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
