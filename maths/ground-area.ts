import { isInside, type Place, type Polygon, signedArea } from './polygon.ts';

/** Pieces of ground, each an outline and the holes in it. */
export type GroundArea = readonly (readonly Polygon[])[];

/** Square units; pieces that overlap each other count twice. */
export function areaOfGround(area: GroundArea): number {
  const sizeOf = (ring: Polygon | undefined) => Math.abs(signedArea(ring ?? []));
  return area.reduce(
    (sum, [outline, ...holes]) =>
      sum + sizeOf(outline) - holes.reduce((all, hole) => all + sizeOf(hole), 0),
    0,
  );
}

/** Whether a place lies in a piece of ground and in none of its holes; on an outline either answer is right. */
export function isOnGround(area: GroundArea, place: Place): boolean {
  return area.some((rings) => rings.filter((ring) => isInside(ring, place)).length % 2 === 1);
}

/**
 * Whether a polygon shares ground with an area: a corner of one lies in the other, or their outlines cross.
 *
 * @example
 * // A square in the hole of a ring of ground:
 * sharesGround(ringOfGround, square); // false
 */
export function sharesGround(area: GroundArea, polygon: Polygon): boolean {
  if (polygon.some((place) => isOnGround(area, place))) return true;
  const edges = edgesOf(polygon);
  return area.some((rings) =>
    rings.some(
      (ring) =>
        ring.some((place) => isInside(polygon, place)) ||
        edgesOf(ring).some((edge) => edges.some((other) => areCrossing(edge, other))),
    ),
  );
}

type Edge = readonly [from: Place, to: Place];

function edgesOf(ring: Polygon): Edge[] {
  return ring.map((from, index) => [from, ring[(index + 1) % ring.length]!]);
}

function areCrossing([a, b]: Edge, [c, d]: Edge): boolean {
  return sideOf(a, b, c) !== sideOf(a, b, d) && sideOf(c, d, a) !== sideOf(c, d, b);
}

/** Whether a place lies to the left of the way from one place to another. */
function sideOf([fromX, fromY]: Place, [toX, toY]: Place, [x, y]: Place): boolean {
  return (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX) > 0;
}
