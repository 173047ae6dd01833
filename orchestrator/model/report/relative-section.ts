import type { RelativeStatement } from '../../../contracts/relative-pairs.ts';
import { type Html, html } from '../../../pages/html.ts';
import { lengthWords } from '../words.ts';

/** What overlapping images say of each other, without any control. */
export function relativeSection({ inStrip, acrossStrips, claim }: RelativeStatement): Html {
  return html`<h2>Relative accuracy</h2>
    <p>${claim}</p>
    <div class="wide">
      <table>
        <tr>
          <th>Pairs</th>
          <th class="number">Found again</th>
          <th class="number">One sigma an image</th>
          <th class="number">RMS</th>
          <th class="number">Median east</th>
          <th class="number">Median north</th>
          <th>Remark</th>
        </tr>
        ${row('in strip', inStrip)} ${row('across strips', acrossStrips)}
      </table>
    </div>`;
}

function row(where: string, figures: RelativeStatement['inStrip']): Html {
  const { pairs, accepted } = figures;
  const length = (value: number | undefined) =>
    value === undefined ? '' : `${value < 0 ? '-' : ''}${lengthWords(Math.abs(value))}`;
  const known = figures.measurable ? figures : undefined;
  return html`<tr>
    <td>${where}</td>
    <td class="number">${accepted} of ${pairs}</td>
    <td class="number">${length(known?.perImage)}</td>
    <td class="number">${length(known?.rms)}</td>
    <td class="number">${length(known?.medianEast)}</td>
    <td class="number">${length(known?.medianNorth)}</td>
    <td>${figures.measurable ? '' : `not measurable: ${figures.reason}`}</td>
  </tr>`;
}
