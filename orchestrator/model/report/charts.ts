import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { GroundAccuracy } from '../../../contracts/ground-accuracy.ts';
import { Html, html } from '../../../pages/html.ts';
import { lengthWords } from '../words.ts';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

const GOOD = '#1a7f4b';
const BAD = '#c0392b';
const LINE = '#2b6cb0';
/** Dots of one chart: of more, every so many-th is drawn, so that a page stays small. */
const MOST_DOTS = 2000;

/** Plots of the residuals of a flight, and of the circular and linear errors; nothing without points. */
export function accuracyCharts(ground: GroundAccuracy): Html {
  const { statistics, percentiles } = ground;
  if (statistics === null || percentiles === null) return html``;
  return html`<h2>Residuals and errors</h2>
    <div class="charts">
      ${figure(
        residualPlot(ground),
        `Residuals of the observations, meters east and north: used (green), suspected (red). Circles: CE90 ${lengthWords(percentiles.ce90)} from the RMSE (line), ${lengthWords(percentiles.empirical.ce90)} as the points show it (dashed).`,
      )}
      ${figure(
        errorPlot(
          ground.points.map(({ east, north }) => Math.hypot(east, north)),
          percentiles.ce90,
          'horizontal error, m',
        ),
        'Share of the distinct points whose horizontal error stays below a length; the line is CE90.',
      )}
      ${
        percentiles.le90 === null
          ? ''
          : figure(
              errorPlot(
                ground.points.flatMap(({ up }) => (up === null ? [] : [Math.abs(up)])),
                percentiles.le90,
                'vertical error, m',
              ),
              'The same of the heights where rays meet; the line is LE90.',
            )
      }
    </div>`;
}

function figure(chart: Html, caption: string): Html {
  return html`<figure>
    ${chart}
    <figcaption>${caption}</figcaption>
  </figure>`;
}

function residualPlot({ residuals, percentiles }: GroundAccuracy): Html {
  const dots = thinned(residuals);
  const circle = (radius: number) =>
    Array.from({ length: 73 }, (_, step) => {
      const angle = (step * 2 * Math.PI) / 72;
      return { east: radius * Math.cos(angle), north: radius * Math.sin(angle) };
    });
  const { ce90, empirical } = percentiles!;
  const reach = Math.max(1e-6, ce90, empirical.ce90, ...dots.map(({ radial }) => radial));
  const domain = [-1.05 * reach, 1.05 * reach];
  const place = { x: 'east', y: 'north' };
  return drawn({
    width: 420,
    height: 420,
    x: { domain, label: 'east, m' },
    y: { domain, label: 'north, m' },
    marks: [
      Plot.ruleX([0], { strokeOpacity: 0.3 }),
      Plot.ruleY([0], { strokeOpacity: 0.3 }),
      Plot.line(circle(ce90), { ...place, stroke: LINE }),
      Plot.line(circle(empirical.ce90), { ...place, stroke: LINE, strokeDasharray: '4 3' }),
      Plot.dot(dots, {
        ...place,
        r: 3,
        fill: ({ used }: { used: boolean }) => (used ? GOOD : BAD),
        fillOpacity: 0.7,
      }),
    ],
  });
}

/** Steps of the empirical distribution. */
function errorPlot(errors: readonly number[], limit: number, label: string): Html {
  const sorted = errors.toSorted((a, b) => a - b);
  const steps = [
    { error: 0, share: 0 },
    ...sorted.map((error, index) => ({ error, share: (index + 1) / sorted.length })),
  ];
  return drawn({
    width: 420,
    height: 280,
    x: { label, domain: [0, 1.05 * Math.max(limit, sorted.at(-1) ?? 0, 1e-6)] },
    y: { label: 'share of points', domain: [0, 1], percent: false },
    marks: [
      Plot.ruleY([0.9], { strokeOpacity: 0.3 }),
      Plot.ruleX([limit], { stroke: LINE }),
      Plot.line(steps, { x: 'error', y: 'share', curve: 'step-after', stroke: GOOD }),
    ],
  });
}

function thinned<Item>(items: readonly Item[]): Item[] {
  const every = Math.ceil(items.length / MOST_DOTS);
  return items.filter((_, index) => index % every === 0);
}

function drawn(options: Plot.PlotOptions): Html {
  const chart = Plot.plot({
    ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    style: { background: 'transparent', fontSize: '12px' },
  });
  return new Html(chart.outerHTML);
}
