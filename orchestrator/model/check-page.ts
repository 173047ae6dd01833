import type { CheckedFlight } from '../../contracts/checked-flight.ts';
import { boundaryWords } from '../../contracts/flight-words.ts';
import type { Finding } from '../../contracts/findings.ts';
import { figureList } from '../../pages/figure-list.ts';
import { type Html, html, pageOf } from '../../pages/html.ts';
import { statedSection } from './report/stated-section.ts';
import { lengthWords } from './words.ts';

/** Rows of a table; the rest stands in the manifest. */
const MAX_ROWS = 2000;

/** Colors of the verdicts, as pages of results have them. */
const colors = { accepted: 'pass', accepted_with_warnings: 'review', rejected: 'fail' } as const;

const order: readonly Finding['severity'][] = ['error', 'warning', 'info'];

/** What a check found, as one page: the verdict, the figures, every finding, the images that have one. */
export function checkPage(checked: CheckedFlight, thumbnails: ReadonlyMap<string, string>): string {
  const title = `Check of flight ${checked.flightId}`;
  const { verdict, counts } = checked;
  const summary = `${counts.usable} of ${counts.images} images are usable; only checked: accuracy was not assessed`;
  return pageOf(
    title,
    html`<h1>${title}</h1>
      <p><span class="verdict ${colors[verdict]}">${verdict.replaceAll('_', ' ')}</span></p>
      <p>${summary}</p>
      ${figures(checked)} ${findingsTable(checked)} ${pictures(checked, thumbnails)}
      ${statedSection(checked.settings)} ${limits(checked)}`,
  );
}

function figures({ statistics, counts, strips = [], control = [] }: CheckedFlight): Html {
  const { geometry, orientation, cameras, capturedFrom, capturedTo, groups = [] } = statistics;
  const { boundary } = statistics;
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const spread = (
    values: { minimum: number; median: number; maximum: number } | null | undefined,
    words: (value: number) => string,
  ) =>
    values === null || values === undefined
      ? 'not known'
      : `${words(values.median)} (${words(values.minimum)} to ${words(values.maximum)})`;
  const coverage = (geometry?.coverage ?? []).map(
    ({ images, share }) => `${percent(share)} by ${images}`,
  );
  return figureList([
    [
      'Camera',
      cameras.map(({ camera, images }) => `${camera} (${images})`).join(', ') || 'not known',
    ],
    ['Captured', capturedFrom === null ? 'not known' : `${capturedFrom} to ${capturedTo}`],
    ['Lines', String(strips.filter(({ images }) => images.length > 1).length)],
    ['Groups', groups.map(({ group, images }) => `${group} (${images})`).join(', ') || 'none'],
    ['Ground sample distance', spread(geometry?.gsd, lengthWords)],
    ['Tilt', spread(geometry?.tiltDegrees, (value) => `${value.toFixed(1)}°`)],
    ['Forward overlap', spread(geometry?.forwardOverlap, percent)],
    ['Side overlap', spread(geometry?.sideOverlap, percent)],
    ['Ground seen at least', coverage.join(', ') || 'not known'],
    ...(boundary === undefined ? [] : [['Area of interest', boundaryWords(boundary)] as const]),
    ...(counts.excluded === undefined
      ? []
      : [['Left out by flight.json', `${counts.excluded} images`] as const]),
    ['Control points', String(control.length)],
    [
      'Orientation',
      orientation === null || orientation === undefined
        ? 'not tested'
        : `${orientation.fitting} fit, ${orientation.turned} turned, ${orientation.undecided} undecided`,
    ],
  ]);
}

function findingsTable({ findings, images }: CheckedFlight): Html {
  const all = [...findings, ...images.flatMap((image) => image.findings)];
  const sorted = all.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  if (sorted.length === 0) return html`<p>Nothing was found.</p>`;
  return html`<h2>Findings</h2>
    <div class="wide">
      <table>
        <tr>
          <th>Severity</th>
          <th>Subject</th>
          <th>Code</th>
          <th>What was found</th>
        </tr>
        ${sorted.slice(0, MAX_ROWS).map(
          ({ severity, subject, code, message }) =>
            html`<tr>
              <td>${severity}</td>
              <td>${subject}</td>
              <td>${code}</td>
              <td>${message}</td>
            </tr>`,
        )}
      </table>
    </div>
    ${sorted.length > MAX_ROWS ? html`<p>The first ${MAX_ROWS} of ${sorted.length}.</p>` : ''}`;
}

function pictures({ images }: CheckedFlight, thumbnails: ReadonlyMap<string, string>): Html {
  const shown = images.flatMap(({ name, findings }) => {
    const picture = thumbnails.get(name);
    if (picture === undefined) return [];
    const hasFailed = findings.some(({ severity }) => severity === 'error');
    return [
      html`<li class="${hasFailed ? 'error' : ''}">
        <img src="${picture}" alt="" loading="lazy" />${name}
      </li>`,
    ];
  });
  if (shown.length === 0) return html``;
  return html`<h2>Images with findings</h2>
    <ul class="pictures">
      ${shown}
    </ul>`;
}

function limits({ thresholds }: CheckedFlight): Html {
  const rows = Object.entries(thresholds).map(
    ([name, limit]) =>
      html`<tr>
        <td>${name}</td>
        <td class="number">${limit}</td>
      </tr>`,
  );
  return html`<h2>Limits that it was judged by</h2>
    <div class="wide">
      <table>
        ${rows}
      </table>
    </div>`;
}
