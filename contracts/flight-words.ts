import { canonicalJson } from '../maths/canonical-json.ts';
import type { BoundaryCoverage } from './flight.ts';
import type { StatedSettings } from './flight-settings.ts';

const origins = { request: 'the request', file: 'flight.json' } as const;

/** A value that a person stated of a flight, as terminals and pages show it. */
export interface StatedValue {
  path: string;
  value: string;
  origin: string;
}

/** Every value that a person stated of a flight, in order of its path. */
export function statedValues({ values, from }: StatedSettings): StatedValue[] {
  return Object.entries(from)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, origin]) => {
      const value = path
        .split('.')
        .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], values);
      const words = typeof value === 'string' ? value : canonicalJson(value);
      return { path, value: words, origin: origins[origin] };
    });
}

/**
 * How much of the area of interest is seen, as one line.
 *
 * @example
 * boundaryWords({ file: 'boundary.geojson', areaSquareMeters: 12_345, coverage: [{ images: 1, share: 1 }], imagesOutside: 2 });
 * // '1.23 ha, seen at least 100.0 % by 1; 2 images see nothing of it'
 */
export function boundaryWords({
  areaSquareMeters,
  coverage,
  imagesOutside,
}: BoundaryCoverage): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const shares = coverage.map(({ images, share }) => `${percent(share)} by ${images}`);
  const seen =
    shares.length === 0
      ? 'seen by nobody knows how many images'
      : `seen at least ${shares.join(', ')}`;
  const outside = imagesOutside === 0 ? '' : `; ${imagesOutside} images see nothing of it`;
  return `${areaWords(areaSquareMeters)}, ${seen}${outside}`;
}

function areaWords(squareMeters: number): string {
  if (squareMeters < 1e4) return `${squareMeters.toFixed(0)} m²`;
  if (squareMeters < 1e6) return `${(squareMeters / 1e4).toFixed(2)} ha`;
  return `${(squareMeters / 1e6).toFixed(2)} km²`;
}
