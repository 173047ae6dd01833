import type { StatedSettings } from '../../../contracts/flight-settings.ts';
import { statedValues } from '../../../contracts/flight-words.ts';
import { type Html, html } from '../../../pages/html.ts';

/** Every value that a person stated of a flight, and where; nothing where nobody did. */
export function statedSection(settings: StatedSettings | undefined): Html {
  if (settings === undefined) return html``;
  return html`<h2>What was stated of the flight</h2>
    <p>
      The request goes before flight.json, and that before what the images record. Everything else
      is as recorded, or a default.
    </p>
    <div class="wide">
      <table>
        <tr>
          <th>Setting</th>
          <th>Value</th>
          <th>Stated in</th>
        </tr>
        ${statedValues(settings).map(
          ({ path, value, origin }) =>
            html`<tr>
              <td>${path}</td>
              <td>${value}</td>
              <td>${origin}</td>
            </tr>`,
        )}
      </table>
    </div>`;
}
