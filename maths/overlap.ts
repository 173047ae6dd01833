import { clip, convexHull, type Polygon, signedArea } from './polygon.ts';

/**
 * Share of the smaller of two footprints that both see, 0 to 1; null when one of them has no area.
 * Their convex hulls are taken, as distortion bends the edges of a footprint by a hair.
 *
 * @example
 * overlapOf(square, squareMovedByAQuarterOfItsSide); // 0.75
 */
export function overlapOf(a: Polygon, b: Polygon): number | null {
  return overlapOfHulls(convexHull(a), convexHull(b));
}

/** As `overlapOf`, of polygons that are convex and run counter-clockwise, as `convexHull` gives them. */
export function overlapOfHulls(hullA: Polygon, hullB: Polygon): number | null {
  const smaller = Math.min(signedArea(hullA), signedArea(hullB));
  return smaller > 0 ? Math.min(1, signedArea(clip(hullA, hullB)) / smaller) : null;
}

/** Overlaps of one image: with the next of its strip, and the best with a neighboring strip. */
export interface ImageOverlap {
  name: string;
  /** Null for the last of a strip. */
  forward: number | null;
  /** Null without another strip. */
  side: number | null;
}

/** An image in the order of its strip. */
export interface StripImage {
  name: string;
  footprint: Polygon;
}

/**
 * Forward and side overlap of every image: side overlap is the best with an image of the strip before
 * or after.
 *
 * @param strips in the order in which they lie beside each other, each in the order of flight.
 */
export function overlapsOf(strips: readonly (readonly StripImage[])[]): ImageOverlap[] {
  return strips.flatMap((strip, index) => {
    const beside = [...(strips[index - 1] ?? []), ...(strips[index + 1] ?? [])];
    return strip.map(({ name, footprint }, place) => {
      const next = strip[place + 1];
      const sides = beside.flatMap((other) => overlapOf(footprint, other.footprint) ?? []);
      return {
        name,
        forward: next === undefined ? null : overlapOf(footprint, next.footprint),
        side: sides.length === 0 ? null : Math.max(...sides),
      };
    });
  });
}
