import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { type Graph, graphOf, type GraphNode } from '../model/graph.ts';
import type { StepState } from '../model/step-record.ts';
import { wordsOf } from './plain-words.ts';
import { stateColors } from './state-colors.ts';

const ARROWS = { data: '-->', order: '-.->', route: '-.->' } as const;

/**
 * A flow as a Mermaid flowchart: data solid, mere order and jumps dashed, jumps with their name.
 *
 * @param states of a run, by address; shown as colors.
 */
export function drawMermaid(
  definition: FlowDefinition,
  states: Readonly<Record<string, StepState>> = {},
): string {
  const graph = graphOf(definition);
  const drawing = new MermaidDrawing(graph);
  const lines = ['flowchart TD', ...drawing.blockLines(undefined, '  '), ...drawing.edgeLines()];
  const used = new Set<StepState>();
  for (const node of graph.nodes) {
    const state = states[node.path];
    if (state === undefined || stateColors[state] === undefined) continue;
    used.add(state);
    lines.push(`  class ${drawing.idOf(node.path)} ${state}`);
  }
  for (const state of [...used].sort()) lines.push(`  classDef ${state} ${styleOf(state)}`);
  return `${lines.join('\n')}\n`;
}

class MermaidDrawing {
  private readonly graph: Graph;
  /** Names of steps could be words of Mermaid: the drawing has its own. */
  private readonly ids = new Map<string, string>();

  constructor(graph: Graph) {
    this.graph = graph;
    for (const { path } of [...graph.nodes, ...graph.groups]) {
      if (!this.ids.has(path)) this.ids.set(path, `n${this.ids.size}`);
    }
  }

  idOf(path: string): string {
    return this.ids.get(path)!;
  }

  blockLines(parent: string | undefined, indent: string): string[] {
    const { nodes, groups } = this.graph;
    const own = nodes
      .filter((node) => node.parent === parent)
      .flatMap((node) => this.nodeLines(node, indent));
    const branches = groups
      .filter((group) => group.parent !== undefined && group.parent === parent)
      .flatMap(({ path, label }) => this.subgraph(path, label, indent));
    return [...own, ...branches];
  }

  edgeLines(): string[] {
    return this.graph.edges.map(({ from, to, kind, label }) => {
      const name = label === undefined ? '' : `|"${escape(label)}"|`;
      return `  ${this.idOf(from)} ${ARROWS[kind]}${name} ${this.idOf(to)}`;
    });
  }

  private nodeLines(node: GraphNode, indent: string): string[] {
    const name = node.title ?? node.id;
    const isGroup = this.graph.groups.some(
      ({ path, parent }) => path === node.path || parent === node.path,
    );
    if (isGroup) return this.subgraph(node.path, `${name} · ${wordsOf(node)}`, indent);
    const isPause = node.kind === 'approve' || node.kind === 'wait';
    const [open, close] = isPause ? ['(["', '"])'] : ['["', '"]'];
    const label = `${escape(name)}<br/>${escape(wordsOf(node))}`;
    return [`${indent}${this.idOf(node.path)}${open}${label}${close}`];
  }

  private subgraph(path: string, label: string, indent: string): string[] {
    return [
      `${indent}subgraph ${this.idOf(path)}["${escape(label)}"]`,
      ...this.blockLines(path, `${indent}  `),
      `${indent}end`,
    ];
  }
}

function styleOf(state: StepState): string {
  const { fill, stroke, isDashed, text } = stateColors[state]!;
  const dashes = isDashed === true ? ',stroke-dasharray:4' : '';
  return `fill:${fill},stroke:${stroke}${dashes}${text === undefined ? '' : `,color:${text}`}`;
}

/** Every sign that Mermaid or HTML could read as more than text, by its number. */
function escape(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^\p{L}\p{N} .,:@/_·-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
