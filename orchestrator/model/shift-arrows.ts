import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import { type Html, html } from '../../pages/html.ts';
import { lengthWords } from './words.ts';

const WIDTH = 640;
/** Of the drawing's width: the longest arrow of an agreeing window. */
const LONGEST = 0.08;

/** Where windows were compared, and by how much each is off: agreeing ones in blue, the others in red. */
export function shiftArrows({ grid, arrows, distortion }: SceneRegistration): Html {
  if (grid === null || arrows.length === 0) return html``;
  const scale = WIDTH / grid.width;
  const height = grid.height * scale;
  const agreeing = arrows.filter(({ isInlier }) => isInlier);
  const longest = Math.max(
    0.05,
    ...agreeing.map(({ shiftX, shiftY }) => Math.hypot(shiftX, shiftY)),
  );
  const stretch = (LONGEST * WIDTH) / longest;
  const lines = arrows.map(({ x, y, shiftX, shiftY, isInlier }) => {
    const [fromX, fromY] = [x * scale, y * scale];
    // Outliers may be off by tens of pixels: their direction is what counts.
    const length = Math.hypot(shiftX, shiftY);
    const factor = stretch * Math.min(1, (1.5 * longest) / Math.max(length, 1e-9));
    const color = isInlier ? '#2b6cb0' : '#c0392b';
    return html`<g stroke="${color}" fill="${color}">
      <circle cx="${fromX.toFixed(1)}" cy="${fromY.toFixed(1)}" r="2.5" stroke="none" />
      <line
        x1="${fromX.toFixed(1)}"
        y1="${fromY.toFixed(1)}"
        x2="${(fromX + factor * shiftX).toFixed(1)}"
        y2="${(fromY + factor * shiftY).toFixed(1)}"
        stroke-width="2"
      >
        <title>${shiftX.toFixed(2)} px right, ${shiftY.toFixed(2)} px down</title>
      </line>
    </g>`;
  });
  return html`<svg
      class="map"
      viewBox="0 0 ${WIDTH} ${height.toFixed(0)}"
      role="img"
      aria-label="Shifts of ${arrows.length} windows"
    >
      ${lines}
    </svg>
    <p>
      Shifts of ${arrows.length} windows on the reference, ${stretch.toFixed(0)} times enlarged;
      ${agreeing.length} agree (blue).
      ${
        distortion === undefined
          ? ''
          : `What the correction leaves of them: ${lengthWords(distortion.rmsMeters)} rms, ${lengthWords(distortion.largestMeters)} at most, as a map in distortion.tif.`
      }
    </p>`;
}
