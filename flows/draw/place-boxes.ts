import { Graph as LayoutGraph, layout } from '@dagrejs/dagre';
import type { GraphEdge } from '../model/graph.ts';
import type { BoxSize, PlacedBlock, PlacedEdge } from './placed.ts';
import { plain } from './plain-words.ts';
import { fontSizes } from './svg-style.ts';
import { breakLines, textWidth } from './text-width.ts';

const NODE_GAP = 28;
const LEVEL_GAP = 40;
const LABEL_WIDTH = 120;
/** From here on the layout takes a ranking that is a little less compact and far quicker. */
const MANY_NODES = 300;

/**
 * Gives the boxes of one block their places, by layers.
 *
 * @param levels of the steps, so that ways back are known as such.
 */
export function placeBoxes(
  sizes: readonly BoxSize[],
  edges: readonly GraphEdge[],
  levels: ReadonlyMap<string, number>,
): PlacedBlock {
  const graph = new LayoutGraph({ multigraph: true });
  const ranker = sizes.length > MANY_NODES ? 'longest-path' : 'network-simplex';
  graph.setGraph({ rankdir: 'TB', nodesep: NODE_GAP, ranksep: LEVEL_GAP, ranker });
  for (const { path, width, height } of sizes) graph.setNode(path, { width, height });
  const ways = edges.map((edge, place) => {
    // A jump mostly leads back: laid out as a way forward it does not tear the levels apart.
    const isBack =
      edge.kind === 'route' && (levels.get(edge.to) ?? 0) < (levels.get(edge.from) ?? 0);
    const [v, w] = isBack ? [edge.to, edge.from] : [edge.from, edge.to];
    const label = edge.label === undefined ? undefined : shortLabel(edge.label);
    const room =
      label === undefined
        ? {}
        : {
            width: textWidth(label, fontSizes.label) + 8,
            height: fontSizes.label + 6,
            labelpos: 'c',
          };
    graph.setEdge(v, w, { ...room }, String(place));
    return { edge, isBack, label, key: { v, w, name: String(place) } };
  });
  layout(graph);
  const boxes = sizes.map((size) => {
    const { x, y } = graph.node(size.path) as { x: number; y: number };
    return { ...size, x: x - size.width / 2, y: y - size.height / 2 };
  });
  const placedEdges = ways.map(({ edge, isBack, label, key }): PlacedEdge => {
    const { points, x, y } = graph.edge(key) as {
      points: { x: number; y: number }[];
      x?: number;
      y?: number;
    };
    const isLoop = edge.from === edge.to;
    return {
      ...edge,
      points: isLoop ? loopBeside(graph.node(key.v), x!) : isBack ? points.toReversed() : points,
      ...(label === undefined ? {} : { label, labelAt: { x: x!, y: y! } }),
    };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const isEmpty = sizes.length === 0;
  return {
    x: 0,
    y: 0,
    width: isEmpty ? 0 : width,
    height: isEmpty ? 0 : height,
    boxes,
    edges: placedEdges,
  };
}

/** Out of the right side of a box, round by the room that the layout keeps there, and back. */
function loopBeside(node: unknown, farX: number): PlacedEdge['points'] {
  const { x, y, width, height } = node as { x: number; y: number; width: number; height: number };
  const [right, up, down] = [x + width / 2, y - height / 5, y + height / 5];
  return [
    { x: right, y: up },
    { x: farX, y: up },
    { x: farX, y: down },
    { x: right, y: down },
  ];
}

function shortLabel(label: string): string {
  const [line = ''] = breakLines(plain(label), {
    width: LABEL_WIDTH,
    fontSize: fontSizes.label,
    most: 1,
  });
  return line;
}
