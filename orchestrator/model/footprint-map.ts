import { Html, html } from '../../pages/html.ts';

type Ring = readonly (readonly number[])[];

const WIDTH = 1000;
const MARGIN = 0.05;
/** Outlines drawn at most: more would only blacken the map. */
const MAX_OUTLINES = 2000;

/**
 * Draws outlines as a map, north up, scaled so that east and north have one scale at its middle.
 *
 * @param rings WGS84 longitude and latitude.
 */
export function footprintMap(rings: readonly { title: string; ring: Ring }[]): Html {
  const drawn = rings.slice(0, MAX_OUTLINES);
  if (drawn.length === 0) return html``;
  const points = drawn.flatMap(({ ring }) => ring);
  const longitudes = points.map((point) => point[0]!);
  const latitudes = points.map((point) => point[1]!);
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const shrink = Math.max(0.05, Math.cos((((south + north) / 2) * Math.PI) / 180));
  const spanX = Math.max((east - west) * shrink, 1e-9);
  const spanY = Math.max(north - south, 1e-9);
  const scale = (WIDTH * (1 - 2 * MARGIN)) / spanX;
  const height = spanY * scale + 2 * MARGIN * WIDTH;
  const place = (point: readonly number[]) => {
    const x = MARGIN * WIDTH + (point[0]! - west) * shrink * scale;
    const y = MARGIN * WIDTH + (north - point[1]!) * scale;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const outlines = drawn.map(
    ({ title, ring }) =>
      html`<polygon points="${ring.map(place).join(' ')}"><title>${title}</title></polygon>`,
  );
  return html`<svg
    class="map"
    viewBox="0 0 ${WIDTH} ${height.toFixed(0)}"
    role="img"
    aria-label="Footprints, north up"
  >
    <g fill="#2b6cb0" fill-opacity=".07" stroke="#2b6cb0" stroke-width="1.5">${outlines}</g>
  </svg>`;
}
