import type { ImageAccuracy } from '../../contracts/accuracy.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage } from '../../contracts/flight.ts';
import type { FlightReport } from './flight-report.ts';
import { footprintMap } from './footprint-map.ts';
import { type Html, html, pageOf } from './html.ts';
import { lengthWords, spreadWords } from './words.ts';

/** Rows of the table of images; the rest stands in the documents. */
const MAX_ROWS = 1000;

/** The report of a flight as one page: verdict first, then the figures, the map, the images. */
export function flightPage(
  report: FlightReport,
  images: readonly FlightImage[],
  assessed: readonly ImageAccuracy[],
  thumbnails: ReadonlyMap<string, string>,
): string {
  const title = `Flight ${report.jobId}`;
  const footprints = assessed.flatMap(({ name, footprint }) =>
    footprint === null ? [] : [{ title: name, ring: footprint }],
  );
  return pageOf(
    title,
    html`<h1>${title}</h1>
      <p><span class="verdict ${report.verdict}">${report.verdict}</span></p>
      <ul>
        ${report.reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>
      ${figures(report)}
      ${findingsTable(
        'Images with errors',
        report.failedImages.flatMap(({ findings }) => findings),
      )}
      ${findingsTable('Warnings', report.warnings)}
      ${
        footprints.length === 0
          ? ''
          : html`<h2>Footprints on the ground</h2>
              ${footprintMap(footprints)}`
      }
      ${pictures(images, thumbnails)} ${imageTable(images, assessed)}
      <h2>What is claimed, and what is not</h2>
      <p>
        Footprints and ground sample distances follow from the recorded positions, attitudes and
        heights above take-off over flat ground. The expected error is computed from the stated
        accuracy of the receiver, or 3 m where none is stated, and 1 degree of attitude; it was not
        measured. No control point was used.
      </p>`,
  );
}

function figures(report: FlightReport): Html {
  const { counts, capturedFrom, capturedTo } = report;
  const number = (value: number) => value.toFixed(2);
  return figureList([
    ['Images usable', `${counts.usable} of ${counts.images}`],
    ['Images with a position', String(report.positions)],
    ['Ground sample distance', spreadWords(report.gsd, lengthWords)],
    ['Tilt', spreadWords(report.tiltDegrees, (value) => `${value.toFixed(1)}°`)],
    ['Expected error, one sigma', spreadWords(report.expectedSigma, lengthWords)],
    ['Blur (0 sharp, 1 featureless)', spreadWords(report.blur, number)],
    ['Mean luminance (0 to 1)', spreadWords(report.meanLuminance, number)],
    [
      'Camera',
      report.cameras.map(({ camera, images }) => `${camera} (${images})`).join(', ') || 'not known',
    ],
    ['Captured', capturedFrom === null ? 'not known' : `${capturedFrom} to ${capturedTo}`],
  ]);
}

/** Figures with their names, side by side. */
export function figureList(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl class="figures">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function findingsTable(title: string, findings: readonly Finding[]): Html {
  if (findings.length === 0) return html``;
  return html`<h2>${title}</h2>
    <div class="wide">
      <table>
        <tr>
          <th>Code</th>
          <th>What was found</th>
        </tr>
        ${findings.slice(0, MAX_ROWS).map(
          ({ code, message }) =>
            html`<tr>
              <td>${code}</td>
              <td>${message}</td>
            </tr>`,
        )}
      </table>
    </div>`;
}

function pictures(images: readonly FlightImage[], thumbnails: ReadonlyMap<string, string>): Html {
  if (thumbnails.size === 0) return html``;
  return html`<h2>Images</h2>
    <ul class="pictures">
      ${images.flatMap(({ name, findings }) => {
        const picture = thumbnails.get(name);
        if (picture === undefined) return [];
        const hasFailed = findings.some(({ severity }) => severity === 'error');
        return [
          html`<li class="${hasFailed ? 'error' : ''}">
            <img src="${picture}" alt="" loading="lazy" />${name}
          </li>`,
        ];
      })}
    </ul>`;
}

function imageTable(images: readonly FlightImage[], assessed: readonly ImageAccuracy[]): Html {
  const accuracies = new Map(assessed.map((image) => [image.name, image]));
  const rows = images.slice(0, MAX_ROWS).map(({ name, findings, description }) => {
    const accuracy = accuracies.get(name);
    const gsd = accuracy?.gsd?.mean ?? accuracy?.gsd?.nominal;
    return html`<tr>
      <td>${name}</td>
      <td class="number">${gsd === undefined ? '' : lengthWords(gsd)}</td>
      <td class="number">${description?.measures?.blur.toFixed(3) ?? ''}</td>
      <td class="number">${description?.measures?.meanLuminance.toFixed(2) ?? ''}</td>
      <td>${[...new Set(findings.map(({ code }) => code))].join(', ')}</td>
    </tr>`;
  });
  return html`<h2>Image by image</h2>
    <div class="wide">
      <table>
        <tr>
          <th>Image</th>
          <th>GSD</th>
          <th>Blur</th>
          <th>Luminance</th>
          <th>Findings</th>
        </tr>
        ${rows}
      </table>
    </div>
    ${images.length > MAX_ROWS ? html`<p>The first ${MAX_ROWS} of ${images.length}; all are in manifest.json and its parts.</p>` : ''}`;
}
