import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { StoredImage } from '../../contracts/images.ts';
import { figureList } from '../../pages/figure-list.ts';
import { type Html, html, pageOf } from '../../pages/html.ts';
import type { RunResult } from '../model/run-flow.ts';
import type { StepState } from '../model/step-record.ts';
import { toleratedFailures } from '../model/tolerated-failures.ts';
import { statesByPath } from './states-by-path.ts';
import { drawSvg } from './svg.ts';

/** Rows of a table, and characters of the output: all of it stands in `result.json`. */
const MAX_ROWS = 500;
const MAX_CHARACTERS = 20_000;
/** Steps that are drawn: laying out more takes a part of a second, in which a worker does nothing else. */
const MAX_DRAWN = 150;

const ORDER: readonly StepState[] = ['done', 'reused', 'skipped', 'failed', 'cancelled'];

/** Colors of the states, as pages of flights and scenes have them. */
const colors: Readonly<Record<RunResult['state'], string>> = {
  done: 'pass',
  stopped: 'review',
  paused: 'review',
  cancelled: 'review',
  failed: 'fail',
};

/** An image that the output of a run names. */
export interface ResultImage extends StoredImage {
  /** Whether it is one of several, and not a result of its own. */
  isListed: boolean;
}

export interface RunPageContent {
  definition: FlowDefinition;
  /** SHA-256 of the definition. */
  digest: string;
  result: RunResult;
  /** Of the run, with its long lists in it. */
  output: Json;
  images: readonly ResultImage[];
  /** `data:` addresses of those small enough to be shown, by SHA-256. */
  pictures: ReadonlyMap<string, string>;
}

/** How a run of a flow ended, as one page: its steps drawn with their states, its pictures, what failed. */
export function runPage(content: RunPageContent): string {
  const { definition, result } = content;
  const title = definition.title ?? definition.name;
  return pageOf(
    title,
    html`<h1>${title}</h1>
      <p>
        <span class="verdict ${colors[result.state]}">${result.state}</span>
        ${definition.name} ${definition.version}
      </p>
      ${reason(result)} ${figures(content)} ${pictures(content)} ${graph(content)}
      ${failures(content)} ${files(content)} ${output(content)}`,
  );
}

function reason({ failure, reason: words }: RunResult): Html {
  if (failure !== undefined) {
    return html`<p class="lead"><strong>${failure.step}</strong>: ${failure.message}</p>`;
  }
  return words === undefined ? html`` : html`<p class="lead">${words}</p>`;
}

function figures({ result: { states }, images, digest }: RunPageContent): Html {
  const all = Object.values(states);
  const counts = ORDER.map(
    (state) => [state, all.filter((each) => each === state).length] as const,
  );
  return figureList([
    ...counts.flatMap(([state, count]) =>
      count === 0 ? [] : [[`Steps ${state}`, String(count)] as const],
    ),
    ['Images', String(images.length)],
    ['Definition', digest.slice(0, 12)],
  ]);
}

/** What stands alone, such as a contact sheet, in full; one beside the other what is one of many. */
function pictures({ images, pictures: shown }: RunPageContent): Html {
  const found = images.filter(({ sha256 }) => shown.has(sha256));
  if (found.length === 0) return html``;
  const alone = found.filter(({ isListed }) => !isListed);
  const listed = found.filter(({ isListed }) => isListed);
  return html`<h2>Pictures</h2>
    ${alone.map(
      ({ sha256, name, width, height }) =>
        html`<figure>
          <img class="sheet" src="${shown.get(sha256)!}" alt="${name}" />
          <figcaption>${name}, ${width} x ${height}</figcaption>
        </figure>`,
    )}
    ${listed.length === 0 ? '' : grid(listed, shown)}`;
}

function grid(images: readonly ResultImage[], shown: ReadonlyMap<string, string>): Html {
  return html`<ul class="pictures">
    ${images.map(
      ({ sha256, name }) => html`<li><img src="${shown.get(sha256)!}" alt="${name}" />${name}</li>`,
    )}
  </ul>`;
}

/** As an image, so that its colors and those of the page do not meet. */
function graph({ definition, result }: RunPageContent): Html {
  const states = statesByPath(result.states);
  const steps = Object.keys(states).length;
  if (steps > MAX_DRAWN) {
    return html`<p>
      ${steps} steps are too many for a picture here: <code>skyloom flow graph</code> draws them.
    </p>`;
  }
  const svg = drawSvg(definition, states);
  return html`<h2>Steps</h2>
    <div class="wide">
      <img
        src="data:image/svg+xml,${encodeURIComponent(svg)}"
        alt="The steps of the flow with their states, as listed in result.json"
      />
    </div>`;
}

function failures({ result }: RunPageContent): Html {
  const failed = Object.entries(result.states).filter(([, state]) => state === 'failed');
  const told = [
    ...toleratedFailures(result.snapshot.root),
    ...(result.failure ? [result.failure] : []),
  ];
  const rows = new Map([
    ...failed.map(([step]) => [step, ''] as const),
    ...told.map(({ step, message }) => [step, message] as const),
  ]);
  if (rows.size === 0) return html``;
  return html`<h2>Failed</h2>
    <div class="wide">
      <table>
        <tr>
          <th>Step</th>
          <th>Why</th>
        </tr>
        ${[...rows].slice(0, MAX_ROWS).map(
          ([step, message]) =>
            html`<tr class="error">
              <td>${step}</td>
              <td>${message}</td>
            </tr>`,
        )}
      </table>
    </div>
    ${left(rows.size)}`;
}

function files({ images }: RunPageContent): Html {
  if (images.length === 0) return html``;
  return html`<h2>Images of the result</h2>
    <p>
      In the artifact store, by these SHA-256; <code>skyloom result</code> with <code>--save</code>
      writes them into a folder under their names.
    </p>
    <div class="wide">
      <table>
        <tr>
          <th>Name</th>
          <th class="number">Pixels</th>
          <th class="number">Bytes</th>
          <th>SHA-256</th>
        </tr>
        ${images.slice(0, MAX_ROWS).map(
          ({ name, width, height, bytes, sha256 }) =>
            html`<tr>
              <td>${name}</td>
              <td class="number">${width} x ${height}</td>
              <td class="number">${bytes}</td>
              <td><code>${sha256}</code></td>
            </tr>`,
        )}
      </table>
    </div>
    ${left(images.length)}`;
}

function left(rows: number): Html {
  return rows <= MAX_ROWS ? html`` : html`<p>${rows - MAX_ROWS} more stand in result.json.</p>`;
}

function output({ output: value }: RunPageContent): Html {
  const text = JSON.stringify(value, null, 2);
  const isWhole = text.length <= MAX_CHARACTERS;
  return html`<details>
    <summary>Output</summary>
    <pre>
${isWhole ? text : `${text.slice(0, MAX_CHARACTERS)}\n… the rest stands in result.json`}</pre>
  </details>`;
}
