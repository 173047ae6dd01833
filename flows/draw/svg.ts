import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { graphOf } from '../model/graph.ts';
import type { StepState } from '../model/step-record.ts';
import { layOut } from './graph-layout.ts';
import type { PlacedBlock, PlacedBox, PlacedEdge } from './placed.ts';
import { plain } from './plain-words.ts';
import { fontSizes, svgStyle } from './svg-style.ts';
import { breakLines, textWidth } from './text-width.ts';

const MARGIN = 20;
const HEADING = 34;
const CORNER = 6;

/**
 * A flow as a picture that stands for itself: no script, no font, no file beside it. It has a ground of
 * its own and turns dark where the reader's page is dark.
 *
 * @param states of a run, by address; shown as colors and in words.
 */
export function drawSvg(
  definition: FlowDefinition,
  states: Readonly<Record<string, StepState>> = {},
): string {
  const block = layOut(graphOf(definition), states);
  const heading = plain(`${definition.title ?? definition.name} · ${definition.version}`);
  const least = Math.min(textWidth(heading, fontSizes.heading, true), 600);
  const width = Math.ceil(Math.max(block.width, least) + 2 * MARGIN);
  const height = Math.ceil(block.height + HEADING + 2 * MARGIN);
  const room = { width: width - 2 * MARGIN, fontSize: fontSizes.heading, isBold: true, most: 1 };
  const [line = ''] = breakLines(heading, room);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif">`,
    `<title>${escapeXml(heading)}</title>`,
    `<style>${svgStyle}</style>`,
    '<defs>',
    arrowHead('arrow', 'arrow-head'),
    arrowHead('jump', 'jump-head'),
    '</defs>',
    `<rect class="ground" width="${width}" height="${height}" rx="${CORNER}"/>`,
    `<text class="name" x="${MARGIN}" y="${MARGIN + fontSizes.heading}" font-size="${fontSizes.heading}">${escapeXml(line)}</text>`,
    ...blockLines({ ...block, x: (width - block.width) / 2, y: MARGIN + HEADING }),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function blockLines({ x, y, boxes, edges }: PlacedBlock): string[] {
  return [
    `<g transform="translate(${round(x)} ${round(y)})">`,
    ...boxes.flatMap(boxLines),
    ...edges.flatMap(edgeLines),
    '</g>',
  ];
}

function boxLines(box: PlacedBox): string[] {
  const { kind, state, words, width, height, lines, inner } = box;
  const isPause = kind === 'approve' || kind === 'wait';
  const group = inner === undefined ? 'step' : kind === 'branch' ? 'branch' : 'group';
  const corner = isPause ? Math.min(height / 2, 18) : CORNER;
  return [
    // A nested picture shows nothing outside of its own edge: no font is wide enough to leave the box.
    `<svg x="${round(box.x)}" y="${round(box.y)}" width="${round(width)}" height="${round(height)}">`,
    `<title>${escapeXml(state === undefined ? words : `${words} (${state})`)}</title>`,
    `<rect class="${[group, state].filter(Boolean).join(' ')}" x="1" y="1" width="${round(width - 2)}" height="${round(height - 2)}" rx="${corner}"/>`,
    ...lines.map((line) => {
      const size = line.kind === 'name' ? fontSizes.name : fontSizes.words;
      const style = [line.kind, state === 'skipped' ? 'back' : ''].filter(Boolean).join(' ');
      return `<text class="${style}" x="${round(line.x)}" y="${round(line.y)}" font-size="${size}">${escapeXml(line.text)}</text>`;
    }),
    ...(inner === undefined ? [] : blockLines(inner)),
    '</svg>',
  ];
}

function edgeLines({ kind, points, label, labelAt }: PlacedEdge): string[] {
  const marker = kind === 'route' ? 'jump' : 'arrow';
  const line = `<path class="way ${kind}" d="${pathThrough(points)}" marker-end="url(#${marker})"/>`;
  if (label === undefined || labelAt === undefined) return [line];
  const width = textWidth(label, fontSizes.label) + 6;
  const { x, y } = labelAt;
  return [
    line,
    `<rect class="label-ground" x="${round(x - width / 2)}" y="${round(y - fontSizes.label / 2 - 2)}" width="${round(width)}" height="${fontSizes.label + 4}" rx="3"/>`,
    `<text class="label" x="${round(x)}" y="${round(y + fontSizes.label / 2 - 2)}" font-size="${fontSizes.label}" text-anchor="middle">${escapeXml(label)}</text>`,
  ];
}

/** A line that rounds its corners: a curve from the middle of each straight piece to that of the next. */
function pathThrough(points: PlacedEdge['points']): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${at(first)}`];
  for (const [place, point] of rest.entries()) {
    const next = rest[place + 1];
    if (next === undefined) parts.push(`L${at(point)}`);
    else
      parts.push(`Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`);
  }
  return parts.join('');
}

function at({ x, y }: { x: number; y: number }): string {
  return `${round(x)} ${round(y)}`;
}

function arrowHead(id: string, style: string): string {
  return `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="${style}" d="M0 0L10 5L0 10z"/></marker>`;
}

/** A tenth of a pixel is enough, and gives the same text on every machine. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that XML takes as text; what XML has no way to say is left out. */
function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!).replaceAll(/[\uFFFE\uFFFF]/g, '');
}
