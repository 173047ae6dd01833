import type { GroundAccuracy } from '../../../contracts/ground-accuracy.ts';
import { type Html, html } from '../../../pages/html.ts';
import { lengthWords } from '../words.ts';

/** Rows of one table on the page; the rest stands in the documents. */
export const MAX_ROWS = 1000;

/** Lengths of a table, in one unit, so that they can be compared at a glance: meters with four digits. */
export function metersCell(value: number | null): Html {
  return html`<td class="number">${value === null ? '' : value.toFixed(4)}</td>`;
}

/** What decided: the numbers that the gate compared with the class. */
export function decidedBy({ gate }: GroundAccuracy): Html {
  if (gate.numbers.length === 0) return html``;
  return html`<h2>The numbers that decided</h2>
    <div class="wide">
      <table>
        <tr>
          <th>Direction</th>
          <th class="number">Class (RMSE)</th>
          <th class="number">RMSE with survey</th>
          <th class="number">95 % interval</th>
          <th class="number">Shift common to all</th>
          <th class="number">Distinct points</th>
        </tr>
        ${gate.numbers.map(
          ({ direction, classMeters, rmse, interval, bias, points }) =>
            html`<tr>
              <td>${direction}</td>
              <td class="number">${lengthWords(classMeters)}</td>
              <td class="number">${lengthWords(rmse)}</td>
              <td class="number">
                ${lengthWords(interval.lower)} to ${lengthWords(interval.upper)}
              </td>
              <td class="number">${lengthWords(bias)}</td>
              <td class="number">${points}</td>
            </tr>`,
        )}
      </table>
    </div>`;
}

/** Images that were assessed as their neighbors show them, not as they are recorded. */
export function turnedWords({ turnedImages }: GroundAccuracy): Html {
  const turned = Object.entries(turnedImages);
  if (turned.length === 0) return html``;
  const named = turned.slice(0, MAX_ROWS).map(([name, degrees]) => `${name} by ${degrees}°`);
  return html`<h2>Images that were turned back</h2>
    <p>
      These fit their neighbors only when they are turned, against their recorded yaw (finding
      YAW_IMAGE_INCONSISTENT): ${named.join(', ')}. All figures here are with them turned back; as
      recorded, their points would lie on the wrong side of the image.
    </p>`;
}

/** Surveyed points: each with the mean of its observations, and where its rays meet. */
export function pointsTable(ground: GroundAccuracy): Html {
  if (ground.points.length === 0) return html``;
  const rows = ground.points.slice(0, MAX_ROWS).map(
    (point) =>
      html`<tr>
        <td>${point.point}</td>
        <td>${point.role}</td>
        <td class="number">${point.observations}</td>
        ${metersCell(point.east)} ${metersCell(point.north)}
        ${metersCell(Math.hypot(point.east, point.north))} ${metersCell(point.up)}
        <td class="number">
          ${point.rayAngleDegrees === null ? '' : `${point.rayAngleDegrees.toFixed(1)}°`}
        </td>
        <td>${point.reason ?? ''}</td>
      </tr>`,
  );
  return html`<h2>Surveyed points</h2>
    <p>
      Product minus reference, meters: horizontally the mean of the observations of a point, each
      cut at its surveyed height; vertically where its rays meet.
    </p>
    <div class="wide">
      <table>
        <tr>
          <th>Point</th>
          <th>Role</th>
          <th class="number">Images</th>
          <th class="number">East</th>
          <th class="number">North</th>
          <th class="number">Horizontal</th>
          <th class="number">Up</th>
          <th class="number">Rays differ by</th>
          <th>Remark</th>
        </tr>
        ${rows}
      </table>
    </div>
    ${more(ground.points.length, 'points.csv')}`;
}

/** Every observation: the point, the image, the residual on the ground and in the image. */
export function observationsTable(ground: GroundAccuracy): Html {
  if (ground.residuals.length === 0) return html``;
  const rows = ground.residuals.slice(0, MAX_ROWS).map(
    (seen) =>
      html`<tr class="${seen.used ? '' : 'suspect'}">
        <td>${seen.image}</td>
        <td>${seen.point}</td>
        ${metersCell(seen.east)} ${metersCell(seen.north)} ${metersCell(seen.radial)}
        ${metersCell(seen.along)} ${metersCell(seen.across)}
        <td class="number">${seen.du.toFixed(2)}</td>
        <td class="number">${seen.dv.toFixed(2)}</td>
        <td>${seen.used ? '' : 'suspected'}</td>
      </tr>`,
  );
  return html`<h2>Surveyed points, image by image</h2>
    <p>
      On the ground, product minus reference, cut at the surveyed height; along the heading of the
      image and across it to the right. In the image, observed minus projected: u to the right, v
      down.
    </p>
    <div class="wide">
      <table>
        <tr>
          <th>Image</th>
          <th>Point</th>
          <th class="number">East, m</th>
          <th class="number">North, m</th>
          <th class="number">Length, m</th>
          <th class="number">Along, m</th>
          <th class="number">Across, m</th>
          <th class="number">u, px</th>
          <th class="number">v, px</th>
          <th></th>
        </tr>
        ${rows}
      </table>
    </div>
    ${more(ground.residuals.length, 'points.csv')}`;
}

/** Blunders by what they have in common, and what could not be used. */
export function suspectsSection({ patterns, unusable, suspects }: GroundAccuracy): Html {
  if (patterns.length + unusable.length === 0) return html``;
  return html`<h2>Suspected blunders</h2>
    <p>
      ${suspects.length} of the observations do not go with the others. Nothing was left out:
      figures are given with them and without.
    </p>
    <ul>
      ${patterns.slice(0, MAX_ROWS).map(({ words }) => html`<li>${words}</li>`)}
      ${unusable
        .slice(0, MAX_ROWS)
        .map(
          ({ point, image, reason }) => html`<li>${point} in ${image} was not used: ${reason}</li>`,
        )}
    </ul>`;
}

/** The constant shift and turn that the control shows, and what it would bring. */
export function boresightSection({ boresight, points, triggerDelay }: GroundAccuracy): Html {
  if (points.length === 0) return html``;
  const delay = delayWords(triggerDelay ?? null);
  if ('reason' in boresight) {
    return html`<h2>Constant shift and turn of the records</h2>
      <ul>
        <li>Not estimated: ${boresight.reason}</li>
        ${delay}
      </ul>`;
  }
  const { significant, entangled, snooped, isWorthwhile } = boresight;
  const { checkRmseBefore: before, checkRmseAfter: after, checkPoints, controlPoints } = boresight;
  return html`<h2>Constant shift and turn of the records</h2>
    <ul>
      ${
        significant.length === 0
          ? html`<li>None stands out from its uncertainty.</li>`
          : significant.map((words) => html`<li>${words}</li>`)
      }
      ${entangled.map(
        ({ between, correlation }) =>
          html`<li>
            ${between[0]} and ${between[1]} cannot be told apart on this flight (correlation
            ${correlation.toFixed(2)})
          </li>`,
      )}
      ${
        isWorthwhile && before !== null && after !== null
          ? html`<li>
              Estimated from ${controlPoints.length} points, it takes the RMSE of the
              ${checkPoints.length} points held back from ${lengthWords(before)} to
              ${lengthWords(after)}
            </li>`
          : ''
      }
      ${snooped.map(
        ({ point, image }) =>
          html`<li>${point} in ${image} was left out of the estimate, as it does not fit</li>`,
      )}
      ${delay}
    </ul>`;
}

function delayWords(delay: GroundAccuracy['triggerDelay'] | null): Html {
  if (delay === null || delay === undefined) return html``;
  const { alongMeters, seconds, images, isToAndFro } = delay;
  return html`<li>
    In ${images} images of known speed, points come out ${lengthWords(Math.abs(alongMeters))}
    ${alongMeters < 0 ? 'behind' : 'ahead'} along the heading, which is no accident: a camera that
    fires ${Math.abs(seconds).toFixed(3)} s too ${seconds > 0 ? 'late' : 'early'} does that, and so
    does one that is tilted in its
    mount${isToAndFro ? '' : ', or a shift of all positions, as all were flown one way'}
  </li>`;
}

function more(total: number, file: string): Html {
  return total > MAX_ROWS
    ? html`<p>The first ${MAX_ROWS} of ${total}; all are in ${file}.</p>`
    : html``;
}
