/** Markup that may be put into a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Html | string | number | readonly (Html | string)[];

/**
 * Markup from a template; every value that is not markup itself is escaped, so that a file name cannot
 * become part of a page.
 *
 * @example
 * html`<b>${'<i>'}</b>`.markup; // '<b>&lt;i&gt;</b>'
 */
export function html(texts: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(texts.map((text, index) => text + markupOf(values[index] ?? '')).join(''));
}

function markupOf(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(markupOf).join('');
  return String(part)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** One self-contained page: no script, no network. */
export function pageOf(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.markup;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #1a7f4b; --bad: #c0392b; --open: #b7791f; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h2, p, li { overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; } h3 + ul { margin-top: 0; }
.verdict { display: inline-block; padding: .1rem .7rem; border-radius: 1rem; color: #fff; font-weight: 600; text-transform: uppercase; letter-spacing: .04em; font-size: .85rem; }
.pass, .stated { background: var(--good); } .fail, .unlocated { background: var(--bad); } .review { background: var(--open); }
dl.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 10.5rem), 1fr)); gap: .5rem; margin: 1rem 0; }
dl.figures div { background: var(--soft); border-radius: .5rem; padding: .5rem .75rem; }
dt { font-size: .8rem; opacity: .75; } dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th.number, td.number { text-align: right; } td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
ul.pictures { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: .5rem; }
ul.pictures li { font-size: .75rem; overflow-wrap: anywhere; }
ul.pictures img { width: 100%; display: block; border-radius: .3rem; outline: 2px solid transparent; }
ul.pictures li.error img { outline-color: var(--bad); }
svg.map { width: 100%; max-height: 44rem; background: #fff; border-radius: .5rem; outline: 1px solid var(--line); }
svg.map .key line { stroke: #111; stroke-width: 1.5; } svg.map text { font-size: 15px; fill: #111; paint-order: stroke; stroke: #fff; stroke-width: 4px; } svg.map .points circle { fill: #fff; stroke: #111; stroke-width: 2; }
svg.map polygon { vector-effect: non-scaling-stroke; } svg.map .wrong { stroke: #c0392b; fill: none; stroke-dasharray: 10 6; stroke-width: 2.5; } .legend i.right { background: #2b6cb0; } .legend i.wrong { background: none; border: 2px dashed #c0392b; box-sizing: border-box; }
@media (max-width: 40rem) { svg.map text { font-size: 28px; } svg.histogram text { font-size: 16px; } }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; } .legend i { display: inline-block; width: .9em; height: .9em; margin-right: .3em; border-radius: .15em; vertical-align: -.1em; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; } .charts svg { max-width: 100%; height: auto; }
figure { margin: 0; } figcaption { font-size: .85rem; opacity: .8; } img.raster { width: 100%; max-width: 40rem; image-rendering: pixelated; border-radius: .5rem; outline: 1px solid var(--line); background: #fff; }
td img { width: 4.5rem; display: block; border-radius: .2rem; } tr.error td:first-child { border-left: 3px solid var(--bad); } tr.suspect td { color: var(--bad); }
.lead { font-size: 1.15rem; } details { margin: .5rem 0; } summary { cursor: pointer; font-weight: 600; }
img.sheet { max-width: 100%; border-radius: .5rem; outline: 1px solid var(--line); } pre { overflow-x: auto; font-size: .85rem; }
img.preview { max-width: 100%; width: 20rem; border-radius: .5rem; }
.located { background: var(--good); } .weak { background: var(--open); } .no-match, .not-comparable { background: var(--bad); }
svg.histogram { width: 100%; max-width: 30rem; }
.swipe, .blink { position: relative; display: block; width: min(480px, 100%); container-type: inline-size; }
.swipe img, .blink img { display: block; width: 100cqw; max-width: none; image-rendering: pixelated; }
.swipe .upper { position: absolute; inset: 0 auto auto 0; width: 50%; max-width: 100%; overflow: hidden; resize: horizontal; border-right: 2px solid #fff; }
.blink { display: none; } .blink .upper { position: absolute; inset: 0 auto auto 0; animation: blink 1.2s steps(1) infinite; }
.swipe-words:has(.blink-switch:hover, .blink-switch:focus) + .blink { display: block; }
@media (pointer: coarse) { .by-mouse { display: none; } } .blink-switch { text-decoration: underline dotted; cursor: help; }
@keyframes blink { 50% { opacity: 0; } }
`;
