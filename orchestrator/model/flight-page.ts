import type { FlightAccuracy, ImageAccuracy } from '../../contracts/accuracy.ts';
import type { Finding } from '../../contracts/findings.ts';
import { boundaryWords } from '../../contracts/flight-words.ts';
import type { ReportFigure, ReportImage } from '../../contracts/report.ts';
import type { Coverage } from '../../maths/coverage.ts';
import type { FlightReport } from './flight-report.ts';
import { type Html, html, pageOf } from '../../pages/html.ts';
import { figureList } from '../../pages/figure-list.ts';
import { accuracyCharts } from './report/charts.ts';
import { bundleSection } from './report/bundle-section.ts';
import { claimGroups } from './report/claims.ts';
import { flightMap } from './report/flight-map.ts';
import { relativeSection } from './report/relative-section.ts';
import { statedSection } from './report/stated-section.ts';
import {
  boresightSection,
  decidedBy,
  MAX_ROWS,
  observationsTable,
  pointsTable,
  suspectsSection,
  turnedWords,
} from './report/ground-sections.ts';
import { lengthWords, spreadWords } from './words.ts';

/** What the page of a flight is made of beside its report. */
export interface FlightPageContent {
  /** Null when the flight was rejected, or was only to be checked. */
  accuracy: FlightAccuracy | null;
  assessed: readonly ImageAccuracy[];
  rows: readonly ReportImage[];
  figures: readonly ReportFigure[];
  claims: readonly string[];
  findings: readonly Finding[];
  coverage: { raster: Coverage; picture: string } | null;
  /** Small pictures as `data:` addresses, by name of the image. */
  thumbnails: ReadonlyMap<string, string>;
}

/** The report of a flight as one page: verdict first, then what decided, the map, the images. */
export function flightPage(report: FlightReport, content: FlightPageContent): string {
  const { accuracy, assessed, rows, coverage } = content;
  const ground = accuracy?.ground ?? null;
  const title = `Flight ${report.jobId}`;
  return pageOf(
    title,
    html`<h1>${title}</h1>
      <p><span class="verdict ${report.verdict}">${report.verdict}</span></p>
      <ul class="lead">
        ${report.reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>
      ${keyFigures(report)} ${ground === null ? '' : decidedBy(ground)} ${claimsSection(content)}
      ${flightMap(assessed, ground)} ${ground === null ? '' : accuracyCharts(ground)}
      ${coverage === null ? '' : coverageSection(coverage, rows)}
      ${
        ground === null
          ? ''
          : html`${turnedWords(ground)} ${pointsTable(ground)} ${suspectsSection(ground)}
            ${boresightSection(ground)} ${observationsTable(ground)}`
      }
      ${accuracy?.relative ? relativeSection(accuracy.relative) : ''}
      ${accuracy?.bundle ? bundleSection(accuracy.bundle) : ''} ${findingsTable(content.findings)}
      ${imageTable(rows, content.thumbnails)} ${figuresTable(content.figures)}
      ${statedSection(report.settings)}`,
  );
}

function keyFigures(report: FlightReport): Html {
  const { counts, capturedFrom, capturedTo, ground, boundary } = report;
  const number = (value: number) => value.toFixed(2);
  const length = (value: number | null | undefined) =>
    value === null || value === undefined ? 'not measured' : lengthWords(value);
  const interval = ground?.interval ?? null;
  return figureList([
    ['Horizontal RMSE of the records', length(ground?.rmseHorizontal)],
    [
      'Its 95 % interval',
      interval === null
        ? 'not measured'
        : `${lengthWords(interval.lower)} to ${lengthWords(interval.upper)}`,
    ],
    ['Vertical RMSE, where rays meet', length(ground?.rmseVertical)],
    ['CE90: nine of ten are nearer', length(ground?.ce90)],
    ['Distinct surveyed points', String(ground?.points ?? 0)],
    ['Images usable', `${counts.usable} of ${counts.images}`],
    ['Images with a position', String(report.positions)],
    ...(boundary === undefined ? [] : [['Area of interest', boundaryWords(boundary)] as const]),
    ['Ground sample distance, mean (range)', spreadWords(report.gsd, lengthWords)],
    ['Tilt from straight down', spreadWords(report.tiltDegrees, (value) => `${value.toFixed(1)}°`)],
    ['Expected error, one sigma, computed', spreadWords(report.expectedSigma, lengthWords)],
    ['Blur (0 sharp, 1 featureless)', spreadWords(report.blur, number)],
    ['Mean luminance (0 to 1)', spreadWords(report.meanLuminance, number)],
    [
      'Camera',
      report.cameras.map(({ camera, images }) => `${camera} (${images})`).join(', ') || 'not known',
    ],
    [
      'Captured',
      capturedFrom === null
        ? 'not known'
        : `${timeWords(capturedFrom)} to ${timeWords(capturedTo)}`,
    ],
  ]);
}

/** Easier to read than ISO 8601, and as exact. */
function timeWords(time: string | null): string {
  return (time ?? '').replace('T', ' ');
}

/** Statement by statement: accuracies of different kinds are never mixed. */
function claimsSection({ accuracy, claims }: FlightPageContent): Html {
  const list = (sentences: readonly string[]) =>
    html`<ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>`;
  return html`<h2>What is claimed, and what is not</h2>
    ${
      accuracy === null
        ? list(claims)
        : claimGroups(accuracy).map(
            ({ statement, sentences }) =>
              html`<h3>${statement}</h3>
                ${list(sentences)}`,
          )
    }`;
}

function coverageSection(
  { raster, picture }: { raster: Coverage; picture: string },
  rows: readonly ReportImage[],
): Html {
  const overlaps = rows.flatMap(({ overlapWithNext }) => overlapWithNext ?? []);
  const flown = overlaps.filter((share) => share > 0).toSorted((a, b) => a - b);
  const middle = flown[Math.floor(flown.length / 2)];
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return html`<h2>Overlap and coverage</h2>
    <p>
      Images that see each place, white none to dark nine and more; a cell is
      ${lengthWords(raster.cell)}. North is up.
    </p>
    <img class="raster" src="${picture}" alt="Number of images that see each place" />
    ${figureList([
      ...raster.shares.map(
        ({ images, share }) => [`Seen by ${images} images or more`, percent(share)] as const,
      ),
      ['Overlap with the next image, median', middle === undefined ? 'not known' : percent(middle)],
    ])}`;
}

function findingsTable(findings: readonly Finding[]): Html {
  if (findings.length === 0) return html``;
  const order = { error: 0, warning: 1, info: 2 };
  const sorted = findings.toSorted((a, b) => order[a.severity] - order[b.severity]);
  return html`<h2>Findings</h2>
    <div class="wide">
      <table>
        <tr>
          <th>Severity</th>
          <th>Code</th>
          <th>What was found</th>
        </tr>
        ${sorted.slice(0, MAX_ROWS).map(
          ({ code, message, severity }) =>
            html`<tr class="${severity}">
              <td>${severity}</td>
              <td>${code}</td>
              <td>${message}</td>
            </tr>`,
        )}
      </table>
    </div>
    ${findings.length > MAX_ROWS ? html`<p>The first ${MAX_ROWS} of ${findings.length}; all are in report.json.</p>` : ''}`;
}

function imageTable(rows: readonly ReportImage[], thumbnails: ReadonlyMap<string, string>): Html {
  const length = (value: number | null) => (value === null ? '' : lengthWords(value));
  const lines = rows.slice(0, MAX_ROWS).map((row) => {
    const picture = thumbnails.get(row.name);
    return html`<tr class="${row.usable ? '' : 'error'}">
      <td>${picture === undefined ? '' : html`<img src="${picture}" alt="" loading="lazy" />`}</td>
      <td>${row.name}</td>
      <td class="number">${length(row.rmseRadial)}</td>
      <td class="number">${row.observations}</td>
      <td class="number">${length(row.expectedSigma)}</td>
      <td class="number">${length(row.gsd)}</td>
      <td class="number">${row.tiltDegrees === null ? '' : `${row.tiltDegrees.toFixed(1)}°`}</td>
      <td class="number">${row.blur?.toFixed(3) ?? ''}</td>
      <td class="number">${row.meanLuminance?.toFixed(2) ?? ''}</td>
      <td>${[...row.findings, ...row.reasons].join(', ')}</td>
    </tr>`;
  });
  return html`<h2>Image by image</h2>
    <p>
      RMSE of the surveyed points in the image beside the error to be expected of its record; blur
      from 0 (sharp) to 1, luminance from 0 (black) to 1.
    </p>
    <div class="wide">
      <table>
        <tr>
          <th></th>
          <th>Image</th>
          <th class="number">RMSE</th>
          <th class="number">Points seen</th>
          <th class="number">Expected, 1 σ</th>
          <th class="number">GSD</th>
          <th class="number">Tilt</th>
          <th class="number">Blur</th>
          <th class="number">Luminance</th>
          <th>Findings</th>
        </tr>
        ${lines}
      </table>
    </div>
    ${rows.length > MAX_ROWS ? html`<p>The first ${MAX_ROWS} of ${rows.length}; all are in images.csv.</p>` : ''}`;
}

function figuresTable(figures: readonly ReportFigure[]): Html {
  if (figures.length === 0) return html``;
  const digits = { m: 4, px: 3, deg: 4, '1': 4, count: 0 } as const;
  return html`<details>
    <summary>All figures, each with its unit and origin</summary>
    <div class="wide">
      <table>
        <tr>
          <th>Figure</th>
          <th class="number">Value</th>
          <th>Unit</th>
          <th>Origin</th>
          <th class="number">n</th>
          <th>Remark</th>
        </tr>
        ${figures.map(
          ({ title, value, unit, origin, n, note }) =>
            html`<tr>
              <td>${title}</td>
              <td class="number">${value === null ? '' : value.toFixed(digits[unit])}</td>
              <td>${unit}</td>
              <td>${origin}</td>
              <td class="number">${n ?? ''}</td>
              <td>${note ?? ''}</td>
            </tr>`,
        )}
      </table>
    </div>
  </details>`;
}
