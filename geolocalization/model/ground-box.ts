import type { MultiPolygon } from './footprint.ts';

/** Share of its size by which a box is widened: heights move an outline. */
const MARGIN = 0.2;

type Box = [west: number, south: number, east: number, north: number];

/** West, south, east, north, degrees, around an outline, somewhat wider; null without one. */
export function boxAround(outline: MultiPolygon | null): Box | null {
  const box = boxOf(outline);
  if (box === null) return null;
  const [west, south, east, north] = box;
  const [right, up] = [MARGIN * (east - west), MARGIN * (north - south)];
  return [west - right, south - up, east + right, north + up];
}

/** West, south, east, north, degrees, of an outline; null without one. */
export function boxOf(outline: MultiPolygon | null): Box | null {
  const points = outline?.coordinates.flatMap(([ring = []]) => ring) ?? [];
  if (points.length === 0) return null;
  const [longitudes, latitudes] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [
    Math.min(...longitudes),
    Math.min(...latitudes),
    Math.max(...longitudes),
    Math.max(...latitudes),
  ];
}

/** Whether the box of an outline lies in that of another. */
export function isWithin(outline: MultiPolygon | null, other: MultiPolygon | null): boolean {
  const [inner, outer] = [boxOf(outline), boxOf(other)];
  if (inner === null || outer === null) return false;
  return (
    inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
  );
}

/** How many times wider or higher than the box of an outline that of a whole is. */
export function widthIn(outline: MultiPolygon, whole: MultiPolygon | null): number {
  const [part, all] = [boxOf(outline), boxOf(whole)];
  if (part === null || all === null) return Infinity;
  return Math.max((all[2] - all[0]) / (part[2] - part[0]), (all[3] - all[1]) / (part[3] - part[1]));
}

/** The outline of a box: west, south, east, north, degrees. */
export function outlineOfBox([west, south, east, north]: readonly [
  number,
  number,
  number,
  number,
]): MultiPolygon {
  return {
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    ],
  };
}

/** The box around each part of an outline, wider by a share of its size on every side. */
export function widenedOutline({ coordinates }: MultiPolygon, margin: number): MultiPolygon {
  const parts = coordinates.map(([ring = []]): MultiPolygon['coordinates'][number] => {
    const [longitudes, latitudes] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
    const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
    const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
    const [right, up] = [margin * (east - west), margin * (north - south)];
    const box = [west - right, south - up, east + right, north + up] as const;
    return outlineOfBox(box).coordinates[0]!;
  });
  return { type: 'MultiPolygon', coordinates: parts };
}
