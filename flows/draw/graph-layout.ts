import type { Graph, GraphEdge, GraphNode } from '../model/graph.ts';
import type { StepState } from '../model/step-record.ts';
import { placeBoxes } from './place-boxes.ts';
import type { BoxSize, PlacedBlock, PlacedBox, PlacedLine } from './placed.ts';
import { plain, wordsOf } from './plain-words.ts';
import { fontSizes } from './svg-style.ts';
import { breakLines, textWidth } from './text-width.ts';

const LINE = 18;
const PADDING = 12;
const TEXT_WIDTH = 220;

/**
 * Places the steps of a flow: those that come later further down, as few ways crossing as can be found.
 *
 * No way leads from one block into another, so each block is laid out alone, the innermost first, and
 * stands in the next one as a box of its size.
 */
export function layOut(
  graph: Graph,
  states: Readonly<Record<string, StepState>> = {},
): PlacedBlock {
  return new GraphLayout(graph, states).block(undefined);
}

class GraphLayout {
  private readonly states: Readonly<Record<string, StepState>>;
  private readonly nodes = new Map<string | undefined, GraphNode[]>();
  private readonly branches = new Map<string, { path: string; label: string }[]>();
  private readonly groups: ReadonlySet<string>;
  private readonly edges = new Map<string | undefined, GraphEdge[]>();

  constructor(graph: Graph, states: Readonly<Record<string, StepState>>) {
    this.states = states;
    const parents = new Map(graph.nodes.map(({ path, parent }) => [path, parent]));
    for (const node of graph.nodes) put(this.nodes, node.parent, node);
    for (const edge of graph.edges) put(this.edges, parents.get(edge.from), edge);
    for (const { path, label, parent } of graph.groups) {
      if (parent !== undefined) put(this.branches, parent, { path, label });
    }
    this.groups = new Set(graph.groups.map(({ path }) => path));
  }

  /** The steps whose parent that is; of a choice, its branches. */
  block(parent: string | undefined): PlacedBlock {
    const branches = parent === undefined ? [] : (this.branches.get(parent) ?? []);
    const nodes = this.nodes.get(parent) ?? [];
    const sizes = [
      ...nodes.map((node) => this.nodeBox(node)),
      ...branches.map(({ path, label }) => this.groupBox(path, 'branch', label, '')),
    ];
    return placeBoxes(sizes, this.edges.get(parent) ?? [], levelsOf(nodes));
  }

  private nodeBox(node: GraphNode): BoxSize {
    const { path, kind, id, title } = node;
    const name = plain(title ?? id);
    const words = wordsOf(node);
    if (this.groups.has(path) || this.branches.has(path)) {
      return this.groupBox(path, kind, name, words);
    }
    const { lines, width, height } = this.textOf(path, name, words, TEXT_WIDTH);
    return { path, kind, ...this.stateOf(path), words: `${name}: ${words}`, lines, width, height };
  }

  private groupBox(path: string, kind: PlacedBox['kind'], name: string, words: string): BoxSize {
    const inner = this.block(path);
    const text = this.textOf(path, name, words, Math.max(TEXT_WIDTH, inner.width));
    const width = Math.max(text.width, inner.width + 2 * PADDING);
    const top = text.height;
    return {
      path,
      kind,
      ...this.stateOf(path),
      words: words === '' ? name : `${name}: ${words}`,
      lines: text.lines,
      width,
      height: top + inner.height + PADDING,
      inner: { ...inner, x: (width - inner.width) / 2, y: top },
    };
  }

  private textOf(path: string, name: string, words: string, width: number) {
    const { state } = this.stateOf(path);
    const texts: Omit<PlacedLine, 'x' | 'y'>[] = [
      ...breakLines(name, { width, fontSize: fontSizes.name, isBold: true, most: 2 }).map(
        (text) => ({ text, kind: 'name' }) as const,
      ),
      ...breakLines(words, { width, fontSize: fontSizes.words, most: 2 }).map(
        (text) => ({ text, kind: 'words' }) as const,
      ),
      ...(state === undefined ? [] : [{ text: state, kind: 'state' } as const]),
    ];
    const widest = Math.max(0, ...texts.map(({ text, kind }) => lineWidth(text, kind)));
    const lines = texts.map((line, at) => ({
      ...line,
      x: PADDING,
      y: PADDING + (at + 0.72) * LINE,
    }));
    return { lines, width: widest + 2 * PADDING, height: texts.length * LINE + 2 * PADDING };
  }

  private stateOf(path: string): { state?: StepState } {
    const state = this.states[path];
    return state === undefined || state === 'waiting' ? {} : { state };
  }
}

function lineWidth(text: string, kind: PlacedLine['kind']): number {
  return textWidth(text, kind === 'name' ? fontSizes.name : fontSizes.words, kind === 'name');
}

function levelsOf(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  return new Map(nodes.map(({ path, level }) => [path, level]));
}

function put<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
