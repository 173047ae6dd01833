import type { ImageAccuracy } from '../../../contracts/accuracy.ts';
import type { GroundAccuracy } from '../../../contracts/ground-accuracy.ts';
import { percentile } from '../../../maths/percentile.ts';
import { Html, html } from '../../../pages/html.ts';
import { lengthWords } from '../words.ts';

const WIDTH = 1000;
const MARGIN = 60;
/** Outlines drawn at most: more would only blacken the map. */
const MAX_OUTLINES = 2000;
const MAX_ARROWS = 1000;
/** Length of the arrow of a residual that nine of ten do not reach. */
const ARROW = 60;
/** Of latitude, in the middle between equator and pole; the map is a sketch. */
const METERS_A_DEGREE = 111_120;
/** A scale bar is at most this long. */
const BAR = 200;
/** From good to bad, told apart by those who see no red or green, too. */
const COLORS = ['#2c7bb6', '#abd9e9', '#ffffbf', '#fdae61', '#d7191c'] as const;

type Place = readonly [longitude: number, latitude: number];

/**
 * The flight from above, north up: footprints colored by the residual of each image where there is control,
 * else by its sharpness; surveyed points with arrows that show, much enlarged, where the images put them.
 */
export function flightMap(assessed: readonly ImageAccuracy[], ground: GroundAccuracy | null): Html {
  const all = assessed.filter(({ footprint }) => footprint !== null);
  const every = Math.ceil(all.length / MAX_OUTLINES);
  const drawn = all.filter((_, index) => index % every === 0);
  const points = ground?.points ?? [];
  const places = [
    ...drawn.flatMap(({ footprint }) => footprint as unknown as Place[]),
    ...points.map(({ longitude, latitude }): Place => [longitude, latitude]),
  ];
  if (places.length === 0) return html``;
  const frame = frameOf(places);
  const scale = colorScale(drawn);
  return html`<h2>The flight from above</h2>
    <svg
      class="map"
      viewBox="0 0 ${WIDTH} ${frame.height.toFixed(0)}"
      role="img"
      aria-label="Footprints and residuals, north up"
    >
      <defs>
        <marker
          id="tip"
          viewBox="0 0 6 6"
          refX="5"
          refY="3"
          markerWidth="5"
          markerHeight="5"
          orient="auto"
        >
          <path d="M0,0 L6,3 L0,6 z" fill="#111" />
        </marker>
      </defs>
      <g stroke-width="1.2" fill-opacity=".22">
        ${drawn.map((image) => outline(image, frame, scale))}
      </g>
      ${ground === null ? '' : arrows(ground, frame)} ${key(frame, ground)}
    </svg>
    ${legend(scale, ground, all.length - drawn.length)}`;
}

interface Frame {
  height: number;
  /** Of the drawing, to a meter on the ground. */
  unitsPerMeter: number;
  place: (place: Place) => [number, number];
}

function frameOf(places: readonly Place[]): Frame {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude, latitude] of places) {
    [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
    [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
  }
  const shrink = Math.max(0.05, Math.cos((((south + north) / 2) * Math.PI) / 180));
  const spanX = Math.max((east - west) * shrink, 1e-9);
  const spanY = Math.max(north - south, 1e-9);
  const scale = Math.min((WIDTH - 2 * MARGIN) / spanX, (1.5 * WIDTH) / spanY);
  const left = (WIDTH - spanX * scale) / 2;
  return {
    height: spanY * scale + 2 * MARGIN,
    unitsPerMeter: scale / METERS_A_DEGREE,
    place: ([longitude, latitude]) => [
      left + (longitude - west) * shrink * scale,
      MARGIN + (north - latitude) * scale,
    ],
  };
}

interface ColorScale {
  what: 'residual' | 'blur';
  limits: number[];
  valueOf: (image: ImageAccuracy) => number | null;
}

/** Five classes of equal size. */
function colorScale(images: readonly ImageAccuracy[]): ColorScale {
  const residual = (image: ImageAccuracy) => image.control?.figures?.rmseRadial ?? null;
  const hasResiduals = images.some((image) => residual(image) !== null);
  const valueOf = hasResiduals ? residual : ({ blur }: ImageAccuracy) => blur;
  const values = images.flatMap((image) => valueOf(image) ?? []);
  const limits = [0.2, 0.4, 0.6, 0.8].flatMap((share) => percentile(values, share) ?? []);
  return { what: hasResiduals ? 'residual' : 'blur', limits, valueOf };
}

function outline(image: ImageAccuracy, frame: Frame, { limits, valueOf, what }: ColorScale): Html {
  const value = valueOf(image);
  const color = value === null ? '#888' : COLORS[limits.filter((limit) => value > limit).length]!;
  const words =
    value === null ? '' : what === 'residual' ? `: ${lengthWords(value)}` : `: ${value.toFixed(3)}`;
  const corners = (image.footprint as unknown as Place[]).map((place) =>
    frame
      .place(place)
      .map((pixel) => pixel.toFixed(1))
      .join(','),
  );
  return html`<polygon points="${corners.join(' ')}" fill="${color}" stroke="${color}">
    <title>${image.name}${words}</title>
  </polygon>`;
}

function arrowScale({ residuals }: GroundAccuracy): number {
  const usual = percentile(
    residuals.map(({ radial }) => radial),
    0.9,
  );
  return usual === null || usual === 0 ? 0 : ARROW / usual;
}

function arrows(ground: GroundAccuracy, frame: Frame): Html {
  const scale = arrowScale(ground);
  const starts = new Map(
    ground.points.map(({ point, longitude, latitude }) => [
      point,
      frame.place([longitude, latitude]),
    ]),
  );
  const lines = ground.residuals.slice(0, MAX_ARROWS).map(({ point, image, east, north, used }) => {
    const [x, y] = starts.get(point)!;
    // A blunder's arrow would leave the map.
    const length = Math.hypot(east, north) * scale;
    const shorten = length > 4 * ARROW ? (4 * ARROW) / length : 1;
    const [dx, dy] = [east * scale * shorten, -north * scale * shorten];
    return html`<line
      x1="${x.toFixed(1)}"
      y1="${y.toFixed(1)}"
      x2="${(x + dx).toFixed(1)}"
      y2="${(y + dy).toFixed(1)}"
      stroke="${used ? '#111' : '#c0392b'}"
      marker-end="url(#tip)"
      ><title>${point} in ${image}: ${lengthWords(Math.hypot(east, north))}</title></line
    >`;
  });
  const dots = [...starts].map(
    ([name, [x, y]]) =>
      html`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5" /><text
          x="${(x + 8).toFixed(1)}"
          y="${(y - 8).toFixed(1)}"
          >${name}</text
        >`,
  );
  return html`<g stroke-width="1.5">${lines}</g> <g class="points">${dots}</g>`;
}

/** In the lower corner: which way is north, how long the ground is, how long an arrow. */
function key(frame: Frame, ground: GroundAccuracy | null): Html {
  const meters = roundLength(BAR / frame.unitsPerMeter);
  const bar = (meters * frame.unitsPerMeter).toFixed(1);
  const scale = ground === null ? 0 : arrowScale(ground);
  const line = (y: number, width: string | number, words: string, isArrow: boolean) =>
    html`<line
        x1="20"
        y1="${y}"
        x2="${20 + Number(width)}"
        y2="${y}"
        ${isArrow ? new Html('marker-end="url(#tip)"') : ''}
      />
      <text x="${30 + Number(width)}" y="${y + 5}">${words}</text>`;
  const bottom = Math.round(frame.height);
  return html`<g class="key">
    <line x1="30" y1="50" x2="30" y2="20" marker-end="url(#tip)" />
    <text x="38" y="38">north</text>
    ${line(bottom - 20, bar, `${barWords(meters)} on the ground`, false)}
    ${scale === 0 ? '' : line(bottom - 55, ARROW, `residual of ${lengthWords(ARROW / scale)}`, true)}
  </g>`;
}

/** A round length without digits that say nothing. */
function barWords(meters: number): string {
  if (meters < 1) return lengthWords(meters);
  return meters < 1000 ? `${meters} m` : `${meters / 1000} km`;
}

/** The greatest of 1, 2 and 5 times a power of ten that is not above a length. */
function roundLength(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return power * ([5, 2].find((factor) => factor * power <= length) ?? 1);
}

function legend(
  { what, limits }: ColorScale,
  ground: GroundAccuracy | null,
  undrawn: number,
): Html {
  const words = (value: number) => (what === 'residual' ? lengthWords(value) : value.toFixed(3));
  const classes =
    limits.length === 0
      ? []
      : COLORS.map((color, index) => {
          const [low, high] = [limits[index - 1], limits[index]];
          const range =
            low === undefined
              ? `up to ${words(high!)}`
              : high === undefined
                ? `above ${words(low)}`
                : `to ${words(high)}`;
          return html`<span><i style="background:${color}"></i>${range}</span>`;
        });
  const scale = ground === null ? 0 : arrowScale(ground);
  const title =
    what === 'residual'
      ? 'Footprints by the RMSE of the surveyed points in them (gray: none)'
      : 'Footprints by blur, 0 sharp';
  return html`<p class="legend">
    <span>${title}:</span> ${classes}
    ${scale === 0 ? '' : html`<span>Arrows, enlarged: from the surveyed place to where an image puts it.</span>`}
    ${undrawn > 0 ? html`<span>${undrawn} more footprints stand in footprints.geojson.</span>` : ''}
  </p>`;
}
