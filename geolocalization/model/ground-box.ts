import type { MultiPolygon } from './footprint.ts';

/** Share of its size by which a box is widened: heights move an outline. */
const MARGIN = 0.2;

/** West, south, east, north, degrees, around an outline, somewhat wider; null without one. */
export function boxAround(
  outline: MultiPolygon | null,
): [west: number, south: number, east: number, north: number] | null {
  const points = outline?.coordinates.flatMap(([ring = []]) => ring) ?? [];
  if (points.length === 0) return null;
  const [longitudes, latitudes] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [right, up] = [MARGIN * (east - west), MARGIN * (north - south)];
  return [west - right, south - up, east + right, north + up];
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
