import type { MultiPolygon } from './footprint.ts';

/** Share of its size by which a box is widened: heights move an outline. */
const MARGIN = 0.2;

/** Degrees. One that the antimeridian cuts goes on beyond 180: 179 to 181. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** Around an outline, somewhat wider; null without one. */
export function boxAround(outline: MultiPolygon | null): Box | null {
  const box = boxOf(outline);
  return box === null ? null : widened(box, MARGIN);
}

/** Around an outline; null without one. Of parts on both sides of the antimeridian the shorter way round. */
export function boxOf(outline: MultiPolygon | null): Box | null {
  const parts = (outline?.coordinates ?? []).flatMap(([ring = []]) =>
    ring.length === 0 ? [] : [boxOfRing(ring)],
  );
  if (parts.length === 0) return null;
  const beyond = parts.map(([west, south, east, north]): Box =>
    west + east < 0 ? [west + 360, south, east + 360, north] : [west, south, east, north],
  );
  const [direct, around] = [boxOfBoxes(parts), boxOfBoxes(beyond)];
  return around[2] - around[0] < direct[2] - direct[0] ? around : direct;
}

function boxOfRing(ring: readonly (readonly [number, number])[]): Box {
  return boxOfBoxes(ring.map(([x, y]): Box => [x, y, x, y]));
}

function boxOfBoxes(boxes: readonly Box[]): Box {
  return [
    boxes.reduce((least, [west]) => Math.min(least, west), Infinity),
    boxes.reduce((least, [, south]) => Math.min(least, south), Infinity),
    boxes.reduce((most, [, , east]) => Math.max(most, east), -Infinity),
    boxes.reduce((most, [, , , north]) => Math.max(most, north), -Infinity),
  ];
}

/** Whether the box of an outline lies in that of another. */
export function isWithin(outline: MultiPolygon | null, other: MultiPolygon | null): boolean {
  const [inner, outer] = [boxOf(outline), boxOf(other)];
  if (inner === null || outer === null) return false;
  const isBetween = inner[1] >= outer[1] && inner[3] <= outer[3];
  const isAllAround = outer[2] - outer[0] >= 360;
  return (
    isBetween &&
    (isAllAround ||
      [-360, 0, 360].some((turn) => inner[0] + turn >= outer[0] && inner[2] + turn <= outer[2]))
  );
}

/** How many times wider or higher than the box of an outline that of a whole is. */
export function widthIn(outline: MultiPolygon, whole: MultiPolygon | null): number {
  const [part, all] = [boxOf(outline), boxOf(whole)];
  if (part === null || all === null) return Infinity;
  return Math.max((all[2] - all[0]) / (part[2] - part[0]), (all[3] - all[1]) / (part[3] - part[1]));
}

/**
 * A box as the parts of it that lie on either side of the antimeridian, each from -180 to 180.
 *
 * @param box with west greater than east where it is cut (RFC 7946, 5.2), or east beyond 180.
 *
 * @example
 * partsOfBox([179, 10, -178, 12]); // [[179, 10, 180, 12], [-180, 10, -178, 12]]
 */
export function partsOfBox([west, south, east, north]: Box): Box[] {
  const width = east - west + (west > east ? 360 : 0);
  if (width >= 360) return [[-180, south, 180, north]];
  const start = west - 360 * Math.floor((west + 180) / 360);
  const end = start + width;
  if (end <= 180) return [[start, south, end, north]];
  return [
    [start, south, 180, north],
    [-180, south, end - 360, north],
  ];
}

/** The outline of a box, cut at the antimeridian. */
export function outlineOfBox(box: Box): MultiPolygon {
  return {
    type: 'MultiPolygon',
    coordinates: partsOfBox(box).map(([west, south, east, north]) => [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ]),
  };
}

/** The box around an outline, wider by a share of its size on every side, cut at the antimeridian. */
export function widenedOutline(outline: MultiPolygon, margin: number): MultiPolygon {
  const box = boxOf(outline);
  return box === null ? outline : outlineOfBox(widened(box, margin));
}

function widened([west, south, east, north]: Box, margin: number): Box {
  const [right, up] = [margin * (east - west), margin * (north - south)];
  return [west - right, south - up, east + right, north + up];
}
