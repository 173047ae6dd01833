import { type Html, html } from './html.ts';

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
