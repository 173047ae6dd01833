import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { type Graph, type GraphEdge, graphOf, type GraphNode } from '../model/graph.ts';
import type { StepState } from '../model/step-record.ts';
import { plain, wordsOf } from './plain-words.ts';

/**
 * A flow for the terminal: steps by level, what is inside them below, and at the end of each line
 * where it comes from.
 *
 * @param states of a run, by address; shown before the step.
 *
 * @example
 * // diamond 1.0.0
 * // 0  extract     demo.extract@1
 * // 1  transforms  parallel          ← extract
 * //    │ a         demo.transform@1
 */
export function drawText(
  definition: FlowDefinition,
  states: Readonly<Record<string, StepState>> = {},
): string {
  const graph = graphOf(definition);
  const rows = rowsOf(graph, undefined, 0, states);
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => Array.from(row[column]!).length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell))
      .join('  ')
      .trimEnd(),
  );
  return `${[`${definition.name} ${definition.version}`, ...lines].join('\n')}\n`;
}

type Row = readonly [level: string, name: string, words: string, from: string];

function rowsOf(
  graph: Graph,
  parent: string | undefined,
  depth: number,
  states: Readonly<Record<string, StepState>>,
): Row[] {
  const bars = '│ '.repeat(depth);
  const own = graph.nodes
    .filter((node) => node.parent === parent)
    .flatMap((node): Row[] => [
      [
        depth === 0 ? String(node.level) : '',
        `${bars}${plain(node.title ?? node.id)}`,
        `${wordsOf(node)}${stateOf(states[node.path])}`,
        waysTo(node, graph.edges),
      ],
      ...rowsOf(graph, node.path, depth + 1, states),
    ]);
  const branches = graph.groups
    .filter((group) => group.parent !== undefined && group.parent === parent)
    .flatMap(({ path, label }): Row[] => [
      ['', `${bars}${label}:`, '', ''],
      ...rowsOf(graph, path, depth + 1, states),
    ]);
  return [...own, ...branches];
}

function stateOf(state: StepState | undefined): string {
  return state === undefined ? '' : ` [${state}]`;
}

function waysTo({ path }: GraphNode, edges: readonly GraphEdge[]): string {
  const last = (place: string) => place.split('.').at(-1)!;
  const from = edges.filter(({ to, kind }) => to === path && kind !== 'route');
  const jumps = edges.filter((edge) => edge.from === path && edge.kind === 'route');
  const ways = from.map((edge) => `${last(edge.from)}${edge.kind === 'order' ? ' (order)' : ''}`);
  const parts = [
    ...(ways.length === 0 ? [] : [`← ${ways.join(', ')}`]),
    ...jumps.map(({ label, to }) => `⤳ ${last(to)} (${plain(label!)})`),
  ];
  return parts.join('  ');
}
