import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import { type Html, html } from '../../pages/html.ts';

const WIDTH = 480;
const HEIGHT = 120;
const BINS = 20;
/** Pixels: windows that are off by more do not agree. */
const MOST = 1;

/** How far the agreeing windows are off after the correction. */
export function residualHistogram({ arrows }: SceneRegistration): Html {
  const residuals = arrows.flatMap(({ residual, isInlier }) =>
    isInlier && residual !== null ? [residual] : [],
  );
  if (residuals.length === 0) return html``;
  const counts = Array.from({ length: BINS }, () => 0);
  for (const residual of residuals) {
    counts[Math.min(BINS - 1, Math.floor((residual / MOST) * BINS))]!++;
  }
  const most = Math.max(...counts);
  const step = WIDTH / BINS;
  const bars = counts.map((count, bin) => {
    const height = (count / most) * HEIGHT;
    const [from, to] = [(bin / BINS) * MOST, ((bin + 1) / BINS) * MOST];
    return html`<rect
      x="${(bin * step + 1).toFixed(1)}"
      y="${(HEIGHT - height).toFixed(1)}"
      width="${(step - 2).toFixed(1)}"
      height="${height.toFixed(1)}"
    >
      <title>${count} windows from ${from.toFixed(2)} to ${to.toFixed(2)} px</title>
    </rect>`;
  });
  return html`<svg
      class="histogram"
      viewBox="0 0 ${WIDTH} ${HEIGHT + 18}"
      role="img"
      aria-label="Histogram of residuals"
    >
      <g fill="#2b6cb0">${bars}</g>
      <text x="0" y="${HEIGHT + 14}" font-size="12" fill="currentColor">0 px</text>
      <text x="${WIDTH}" y="${HEIGHT + 14}" font-size="12" text-anchor="end" fill="currentColor">
        ${MOST} px
      </text>
    </svg>
    <p>Residuals of ${residuals.length} agreeing windows after the correction.</p>`;
}
