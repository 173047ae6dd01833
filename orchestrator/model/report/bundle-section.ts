import type { BundleStatement } from '../../../contracts/bundle.ts';
import { type Html, html } from '../../../pages/html.ts';
import { lengthWords } from '../words.ts';

function heldBy(points: readonly string[]): string {
  return points.length === 0 ? '' : `, held to the ground by surveyed points: ${points.join(', ')}`;
}

/** What the adjustment of poses and camera found, and why it is not believed, where it is not. */
export function bundleSection(bundle: BundleStatement): Html {
  if ('reason' in bundle) {
    return html`<h2>Bundle adjustment</h2>
      <p>None was made: ${bundle.reason}.</p>`;
  }
  const { images, leftOutImages, tiePoints, observations, rmsPixels, doubts } = bundle;
  const [east, north, up] = bundle.positionRms.map(lengthWords);
  const { checkRmseBefore: before, checkRmseAfter: after } = bundle;
  return html`<h2>Bundle adjustment</h2>
    ${
      doubts.length === 0
        ? ''
        : html`<p><strong>Not to be believed:</strong></p>
            <ul>
              ${doubts.map(({ words }) => html`<li>${words}</li>`)}
            </ul>`
    }
    <ul>
      <li>
        ${images} images held together by ${tiePoints} tie points with ${observations} observations,
        ${rmsPixels.toFixed(2)} pixels left (root mean square)${heldBy(bundle.controlPoints ?? [])}
      </li>
      <li>
        Focal length ${bundle.focalPixels.toFixed(1)} pixels, ${bundle.focalRatio.toFixed(4)} of the
        longer side: ${(100 * bundle.focalChange).toFixed(1)} % from what was assumed
      </li>
      <li>
        Positions moved by ${east!} east, ${north!} north and ${up!} up (root mean square), images
        turned by at most ${bundle.largestTurnDegrees.toFixed(1)}°
      </li>
      ${
        before === null || after === null
          ? ''
          : html`<li>
              Horizontal RMSE of the observations of ${(bundle.checkPoints ?? []).length} surveyed
              points that took no part: ${lengthWords(before)} before, ${lengthWords(after)} after
            </li>`
      }
      ${leftOutImages.length === 0 ? '' : html`<li>Not tied to the others: ${leftOutImages.join(', ')}</li>`}
    </ul>`;
}
