import { Html, html } from '../../pages/html.ts';

type Ring = readonly (readonly number[])[];

const WIDTH = 1000;
const MARGIN = 0.05;
/** Outlines drawn at most: more would only blacken the map. */
const MAX_OUTLINES = 2000;
/** Of the map's width: outlines that are smaller get a ring around them. */
const SMALL = 20;
const WRONG = html`class="wrong" `;

/**
 * Draws outlines as a map, north up, scaled so that east and north have one scale at its middle.
 *
 * @param rings WGS84 longitude and latitude; dashed in red those that `isWrong`.
 */
export function footprintMap(
  rings: readonly { title: string; ring: Ring; isWrong?: boolean }[],
): Html {
  const drawn = acrossAntimeridian(rings.slice(0, MAX_OUTLINES));
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
    ({ title, ring, isWrong = false }) =>
      html`<polygon ${isWrong ? WRONG : ''}points="${ring.map(place).join(' ')}"
        ><title>${title}</title></polygon
      >`,
  );
  // Far apart, outlines of scenes are dots: rings around them are seen.
  const rims = drawn.some(({ isWrong }) => isWrong) ? drawn.map(rimOf) : [];
  return html`<svg
    class="map"
    viewBox="0 0 ${WIDTH} ${height.toFixed(0)}"
    role="img"
    aria-label="Footprints, north up"
  >
    <g fill="#2b6cb0" fill-opacity=".07" stroke="#2b6cb0" stroke-width="1.5">${outlines}${rims}</g>
  </svg>`;

  function rimOf({ ring, isWrong = false }: { ring: Ring; isWrong?: boolean }): Html {
    const [xs, ys] = [ring.map(([x]) => x!), ring.map((point) => point[1]!)];
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
    if (Math.max((right - left) * shrink, top - bottom) * scale > SMALL) return html``;
    const [x, y] = place([(left + right) / 2, (bottom + top) / 2]).split(',') as [string, string];
    return html`<circle ${isWrong ? WRONG : ''}cx="${x}" cy="${y}" r="${SMALL}" />`;
  }
}

/** Outlines of both sides of the antimeridian side by side, when that is the shorter way round. */
function acrossAntimeridian<Outline extends { ring: Ring }>(
  outlines: readonly Outline[],
): Outline[] {
  const moved = outlines.map((outline) => {
    const isWest = outline.ring.reduce((sum, point) => sum + point[0]!, 0) < 0;
    if (!isWest) return outline;
    return { ...outline, ring: outline.ring.map(([x, ...rest]) => [x! + 360, ...rest]) };
  });
  return spanOf(moved) < spanOf(outlines) ? moved : [...outlines];
}

function spanOf(outlines: readonly { ring: Ring }[]): number {
  let [west, east] = [Infinity, -Infinity];
  for (const { ring } of outlines) {
    for (const [x] of ring) [west, east] = [Math.min(west, x!), Math.max(east, x!)];
  }
  return east - west;
}
